import { z } from 'zod';
import type { IncidentId } from './ids.ts';

/**
 * What an entry holds of people: who acted, and in its outcome what they typed, whom it names, what they signed with, and the alert
 * that others wrote. Only salted digests of these are chained.
 */
export const ERASABLE_OUTCOMES = [
  'reason',
  'called',
  'signedWith',
  'breakGlassSignature',
  /** Why a break-glass key was refused. It can name its holder. */
  'refused',
  'alert',
] as const;

export const ErasableField = z.enum(['actor', ...ERASABLE_OUTCOMES]);
export type ErasableField = z.infer<typeof ErasableField>;

/** Whether only the digest of this value of an outcome is left. */
export function isErased(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'digest';
}

/** 16 random bytes, in hexadecimal digits. */
export const Salt = z.string().regex(/^[0-9a-f]{32}$/);

const Sequences = z.array(z.number().int().positive());

/** What an entry says was removed from the record: values of which entries, and the diagnoses under which entries. */
export const Removed = z.object({
  values: z.partialRecord(ErasableField, Sequences).default({}),
  diagnoses: Sequences.default([]),
});
export type Removed = z.infer<typeof Removed>;

/** Which details are to be removed. */
export type DetailsWanted =
  /** All that people typed or are named in, its alerts, and all that is kept about the incident besides its entries. */
  | { readonly kind: 'incident'; readonly id: IncidentId }
  /** A person, by Slack's id or by the name at a terminal, and all that they typed. */
  | { readonly kind: 'person'; readonly person: string }
  /** The reasons that people typed, and the diagnoses, messages and alerts, of incidents that ended before then. Who did what stays. */
  | { readonly kind: 'ended-before'; readonly at: Date };
