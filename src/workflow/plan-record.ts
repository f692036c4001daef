import type { Actor } from '../model/actor.ts';
import type { Act, AuditEntry } from '../model/audit.ts';
import type { Plan, PlanState } from '../model/plan.ts';
import type { ThreadMessage } from '../model/thread-message.ts';
import { editPlanCard, editStatus } from './messages.ts';
import type { RecordTransaction } from './ports.ts';

/** The bot's own work, as opposed to a person's decision. */
export const BY_WORKFLOW: Actor = { kind: 'bot', part: 'workflow' };

/** Puts an act about one plan on the record. */
export function appendPlanAct(
  tx: RecordTransaction,
  plan: Plan,
  act: { act: Act; actor: Actor; now: Date; outcome?: AuditEntry['outcome'] },
): Promise<AuditEntry> {
  return tx.appendAudit({
    at: act.now.toISOString(),
    incidentId: plan.incidentId,
    actor: act.actor,
    act: act.act,
    planId: plan.id,
    planHash: plan.hash,
    outcome: act.outcome ?? {},
  });
}

/** Shows a plan's new state where people look: on its card and in the channel. */
export async function showPlanState(
  tx: RecordTransaction,
  plan: Plan,
  state: PlanState,
  decision?: Extract<ThreadMessage, { kind: 'plan' }>['decision'],
): Promise<void> {
  await editPlanCard(tx, plan.id, decision === undefined ? { state } : { state, decision });
  await editStatus(tx, plan.incidentId, { plan: { id: plan.id, state } });
}
