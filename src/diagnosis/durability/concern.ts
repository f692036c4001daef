import type { Threat } from '../../model/diagnosis/durability.ts';

/** What was learned of one thing that may undo today's state. */
export type Concern =
  /** `breaks`: it will. `may-break`: it can. `caution`: only when something else fails. */
  | { readonly weight: 'breaks' | 'may-break' | 'caution'; readonly threat: Threat }
  /** It could not be seen: a short clause. */
  | { readonly weight: 'unknown'; readonly why: string };
