import type { HostName } from '../model/ids.ts';
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
  for (const { plan } of await tx.plansIn(['proposed'], host)) {
    if (!(await tx.movePlan(plan.id, 'proposed', 'superseded'))) continue;
    const outcome = { because };
    const entry = await appendPlanAct(tx, plan, { act: 'plan-superseded', actor: BY_WORKFLOW, now, outcome });
    await postRecordLine(tx, host, entry);
    await showPlanState(tx, plan, 'superseded');
  }
}
