import type { SignatureProblem } from '../../model/plan/signature-problem.ts';
import type { SigningProblem } from '../../model/plan/signing-problem.ts';

/** Who signs for the bot, and who checks the signatures of people. */

/** Signs plan documents as the bot, so that a host can distinguish the bot's plans from others. */
export interface PlanSigner {
  sign(document: string): Promise<PlanSignature>;
}

export type PlanSignature =
  /** Armored, as ssh-keygen writes it. */
  | { readonly kind: 'signed'; readonly signature: string }
  /** Nothing was signed, so no host that requires a signature can be changed. */
  | { readonly kind: 'cannot-sign'; readonly why: SigningProblem };

/** Signs checkpoints of the record, so that others can keep what it cannot change. */
export interface CheckpointSigner {
  /** Over the root (base64) of the Merkle tree over the first `size` entries. */
  signCheckpoint(size: number, root: string): Promise<CheckpointSignature>;
}

export type CheckpointSignature =
  /** `note`: see https://c2sp.org/tlog-checkpoint. */
  { readonly kind: 'signed'; readonly note: string } | { readonly kind: 'cannot-sign'; readonly why: SigningProblem };

/** Checks that a person's signature is over exactly this text, for an approval. The host decides whose key it is. */
export interface ApprovalSignatures {
  check(document: string, signature: string): Promise<ApprovalSignature>;
}

export type ApprovalSignature =
  /** `signature`: in the one form that every host reads, however it was pasted. */
  | { readonly kind: 'well-made'; readonly fingerprint: string; readonly signature: string }
  | { readonly kind: 'refused' | 'cannot-verify'; readonly why: SignatureProblem };
