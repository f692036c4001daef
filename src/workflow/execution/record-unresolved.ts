import type { UnresolvedReason } from '../../model/plan/outcome-reason.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus } from '../record/messages.ts';
import { entriesOn } from '../record/read-entries.ts';
import { BY_WORKFLOW, recordAct } from '../record/record-act.ts';

/**
 * Records and posts, once, that the host is not asked how this plan ended. The plan stays `executing`: only the host
 * knows, and no other plan runs there meanwhile.
 */
export async function recordUnresolved(
  tx: RecordTransaction,
  { clock, log }: WorkflowContext,
  plan: Plan,
  why: UnresolvedReason,
): Promise<void> {
  const entries = await entriesOn(tx, plan);
  if (entries.some(({ act }) => act === 'execution-unresolved')) return;
  log.error({ plan: plan.id, host: plan.host, why }, 'the outcome of a plan is unknown, and its host is not asked');
  // An intruder can name an incident in the plan's row that does not exist.
  if ((await tx.incident(plan.incidentId)) === null) return;
  // The hash that was put on record: the row may have been sealed again.
  const hash = entries.find(({ planHash }) => planHash !== null)?.planHash ?? plan.hash;
  const act = { act: 'execution-unresolved', actor: BY_WORKFLOW, now: clock.now(), outcome: { why } } as const;
  await recordAct(tx, { ...plan, hash }, act);
  await editStatus(tx, plan.incidentId, {});
}
