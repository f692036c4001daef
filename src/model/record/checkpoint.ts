import { z } from 'zod';

/** A signed note over the root of the Merkle tree over the first `size` entries (https://c2sp.org/tlog-checkpoint). */
export const SignedCheckpoint = z.strictObject({ size: z.number().int().positive(), note: z.string().max(2_000) });
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;

/** What a witness answered. `size`: of the last checkpoint of this record that it signed. */
export type WitnessAnswer =
  /** `note`: the checkpoint with its valid cosignatures. */
  | { readonly kind: 'cosigned'; readonly note: string }
  | { readonly kind: 'at'; readonly size: number }
  /**
   * 404, at some witnesses 403: it does not know the record. 403: the signature is not of the key that it knows. 422: the proof does not
   * hold. 409 without a size, at older witnesses: it signed over as many entries, and over others.
   */
  | { readonly kind: 'refused'; readonly status: number }
  /** It says that it signed, and the cosignature is not by its key. */
  | { readonly kind: 'not-cosigned' }
  | { readonly kind: 'no-answer'; readonly said: string };

/** What a trial of the witness found. `size`: what it signed last; `entries`: what the record has of that, or in all if that is less. */
export type WitnessTrial =
  | { readonly kind: 'cosigned'; readonly entries: number }
  /** It signed over more entries than the record has. */
  | { readonly kind: 'ahead'; readonly size: number; readonly entries: number }
  /** It signed over as many entries, and over others. */
  | { readonly kind: 'contradicted'; readonly entries: number }
  /** The record is not the one that its own newest checkpoint was signed over, so nothing is signed over it. */
  | { readonly kind: 'not-as-signed' }
  | { readonly kind: 'record-unread'; readonly size: number }
  | Exclude<WitnessAnswer, { readonly kind: 'cosigned' | 'at' }>;
