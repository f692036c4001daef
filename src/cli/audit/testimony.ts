import type { HeldPlans } from '../../model/record/held-plans.ts';

/** What witnesses outside of the record said when they were asked. */
export type Testimony = {
  readonly held: readonly HeldPlans[];
  /** What to say of it if the record is intact. */
  readonly agrees: readonly string[];
  /** What could not be compared, and why. */
  readonly notCompared: readonly string[];
};

export const NOTHING_ASKED: Testimony = { held: [], agrees: [], notCompared: [] };
