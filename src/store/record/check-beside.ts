import type { Kysely } from 'kysely';
import type { RecordProblem } from '../../model/record/record.ts';
import { type Beside, checkpointWalk } from '../../record/check/check-record.ts';
import { type PlansInRows, plansInRows } from '../../record/check/plans-walk.ts';
import { allCheckpoints } from '../tables/chain/checkpoints.ts';
import type { Tables } from '../tables/tables.ts';
import { entryHashBatches, planBatches, withNotes } from './read-record.ts';

/** Takes what is to be compared of the plans, in order. */
export type TakePlans = (plans: PlansInRows) => void;

/**
 * Compares the entries with the checkpoints, and hands over the plans for their comparison with the entries: for a thread that does nothing
 * else, so it reads the entries for itself. Returns the problems of the checkpoints.
 */
export async function checkBeside(
  db: Kysely<Tables>,
  beside: Beside,
  takePlans: TakePlans,
): Promise<readonly RecordProblem[]> {
  const walk = checkpointWalk(withNotes(await allCheckpoints(db)), beside);
  for await (const entries of entryHashBatches(db)) {
    for (const entry of entries) walk.add(entry);
    if (walk.isDone) break;
  }
  await handOverPlans(db, beside, takePlans);
  return walk.problems();
}

/** Reads all plans, with what is kept about each. */
export async function handOverPlans(db: Kysely<Tables>, { withHosts }: Beside, takePlans: TakePlans): Promise<void> {
  for await (const batch of planBatches(db)) takePlans(plansInRows(batch, withHosts));
}
