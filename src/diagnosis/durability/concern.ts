import type { Threat } from '../../model/diagnosis/durability.ts';
import type { Reason } from '../../model/reason.ts';

/** What is known about one thing that might undo the current state. */
export type Concern =
  /** `breaks`: it will undo it. `may-break`: it can. `caution`: it does so only if something else fails. */
  | { readonly weight: 'breaks' | 'may-break' | 'caution'; readonly threat: Threat }
  /** The host's settings for this could not be read. */
  | { readonly weight: 'unknown'; readonly why: Reason };
