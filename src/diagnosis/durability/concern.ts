import type { Threat } from '../../model/diagnosis/durability.ts';
import type { Reason } from '../../model/reason.ts';

/** What was learned of one thing that may undo today's state. */
export type Concern =
  /** `breaks`: it will. `may-break`: it can. `caution`: only when something else fails. */
  | { readonly weight: 'breaks' | 'may-break' | 'caution'; readonly threat: Threat }
  /** It could not be seen. */
  | { readonly weight: 'unknown'; readonly why: Reason };
