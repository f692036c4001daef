import type { Actor } from '../model/actor.ts';
import type { Act, AuditEntry } from '../model/audit.ts';
import type { Review } from '../model/decision.ts';
import type { Plan, PlanState } from '../model/plan.ts';
import type { StatusMessage } from '../model/thread-message.ts';
import { editPlanCard, editStatus, type PlanCard, type PlanCardChange } from './messages.ts';
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

/** Shows a plan's state where people look: on its card and in the channel. What it waits for is gone unless it is said again. */
export async function showPlanState(
  tx: RecordTransaction,
  plan: Plan,
  state: PlanState,
  change: PlanCardChange = {},
): Promise<void> {
  const card = await editPlanCard(tx, plan.id, { state, ...change });
  await editStatus(tx, plan.incidentId, { plan: planInStatus(card) });
}

function planInStatus({ plan, state, decision, review, waitsFor, approvers }: PlanCard): StatusMessage['plan'] {
  return {
    id: plan.id,
    state,
    ...(review === undefined ? {} : severalApprovals(review)),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(approvers === undefined ? {} : { approvers }),
    ...(decision === null ? {} : { decidedBy: decidersOf(decision, review) }),
  };
}

function decidersOf({ verdict, by }: NonNullable<PlanCard['decision']>, review: Review | undefined): Actor[] {
  return verdict === 'approved' && review !== undefined ? review.approvals.map((approval) => approval.by) : [by];
}

/** How far the review is, where one approval is not enough. */
function severalApprovals({ needed, approvals }: Review): Pick<NonNullable<StatusMessage['plan']>, 'approvals'> {
  return needed === 1 ? {} : { approvals: { given: approvals.length, needed } };
}
