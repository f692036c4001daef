import type { HostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { postRecordLine } from './messages.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import type { RecordTransaction } from './ports.ts';

/** Ends every plan of the host that nobody has decided on; `because` is on record. */
export async function supersedeOpenPlans(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  because: string,
): Promise<void> {
  for (const { plan } of await tx.plansIn(['proposed'], host)) await supersedePlan(tx, plan, now, because);
}

/** Ends one plan that nobody has decided on. Does nothing when it has moved on already. */
export async function supersedePlan(tx: RecordTransaction, plan: Plan, now: Date, because: string): Promise<void> {
  if (!(await tx.movePlan(plan.id, 'proposed', 'superseded'))) return;
  const entry = await appendPlanAct(tx, plan, {
    act: 'plan-superseded',
    actor: BY_WORKFLOW,
    now,
    outcome: { because },
  });
  await postRecordLine(tx, plan.host, entry);
  await showPlanState(tx, plan, 'superseded');
}
