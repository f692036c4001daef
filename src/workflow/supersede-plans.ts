import { nextPlanState } from '../approval/plan-transitions.ts';
import type { HostName } from '../model/ids.ts';
import type { StoredPlan } from '../model/plan.ts';
import { leaveQueue } from './execution-queue.ts';
import { postRecordLine } from './messages.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import type { RecordTransaction } from './ports.ts';

/** Ends every plan of the host that has not begun; `because` is on record. */
export async function supersedeOpenPlans(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  because: string,
): Promise<void> {
  for (const stored of await tx.plansIn(['proposed', 'approved'], host)) await supersedePlan(tx, stored, now, because);
}

/** Ends one plan that has not begun. Does nothing when it has moved on already. */
export async function supersedePlan(
  tx: RecordTransaction,
  { plan, state }: StoredPlan,
  now: Date,
  because: string,
): Promise<void> {
  const next = nextPlanState(state, 'supersede');
  if (next === null || !(await tx.movePlan(plan.id, state, next))) return;
  const entry = await appendPlanAct(tx, plan, {
    act: 'plan-superseded',
    actor: BY_WORKFLOW,
    now,
    outcome: { because },
  });
  await postRecordLine(tx, plan.host, entry);
  await showPlanState(tx, plan, 'superseded', { because });
  if (state === 'approved') await leaveQueue(tx, plan, now);
}
