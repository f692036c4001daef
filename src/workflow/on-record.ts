import type { Act } from '../model/audit.ts';
import type { Plan } from '../model/plan.ts';
import type { RecordTransaction } from './ports.ts';

/** After one of these nothing happens to a plan any more. */
const ENDS: readonly Act[] = ['plan-rejected', 'plan-expired', 'plan-superseded', 'execution-finished'];

/**
 * Whether the chained record says of this very plan, by its hash, that the act was done, and that the plan has not ended since. The
 * row of a plan alone is not enough: whoever can write the file can write a state, and seal other steps anew.
 */
export async function isOnRecord(
  tx: RecordTransaction,
  plan: Plan,
  act: Extract<Act, 'plan-proposed' | 'plan-approved'>,
): Promise<boolean> {
  const entries = (await tx.auditEntries(plan.incidentId)).filter(({ planId }) => planId === plan.id);
  if (entries.some((entry) => ENDS.includes(entry.act) || entry.planHash !== plan.hash)) return false;
  return entries.some((entry) => entry.act === act);
}

/** Whether somebody has sent the plan to its host who did not begin it, or a second time. */
export async function isSentAgain(tx: RecordTransaction, plan: Plan): Promise<boolean> {
  const entries = await tx.auditEntries(plan.incidentId);
  return entries.some(({ act, planId }) => act === 'execution-sent-again' && planId === plan.id);
}
