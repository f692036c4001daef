import type { HeldPlans } from '../../model/record/held-plans.ts';
import type { KeptCheckpoint } from '../../record/check/check-checkpoints.ts';
import type { SlackReading } from '../../workflow/ports/audit-trail.ts';

/** What witnesses outside of the record said when they were asked. */
export type Testimony = {
  readonly held: readonly HeldPlans[];
  /** Checkpoints besides those of a file. */
  readonly kept: readonly KeptCheckpoint[];
  /** Null: Slack was not asked. */
  readonly slack: SlackReading | null;
  /** What to say of it if the record is intact. */
  readonly agrees: readonly string[];
  /** What could not be compared, and why. */
  readonly notCompared: readonly string[];
};

export const NOTHING_ASKED: Testimony = { held: [], kept: [], slack: null, agrees: [], notCompared: [] };

export function together(one: Testimony, other: Testimony): Testimony {
  return {
    held: [...one.held, ...other.held],
    kept: [...one.kept, ...other.kept],
    slack: one.slack ?? other.slack,
    agrees: [...one.agrees, ...other.agrees],
    notCompared: [...one.notCompared, ...other.notCompared],
  };
}
