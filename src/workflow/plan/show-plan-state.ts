import type { Review } from '../../model/plan/decision.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { StatusMessage } from '../../model/record/messages/status-message.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editPlanCard, editStatus, endPlanCalls, type PlanCard, type PlanCardChange } from '../record/messages.ts';

/** Shows a plan's state on its card and in the channel. Clears what it waits for unless it is given again. */
export async function showPlanState(
  tx: RecordTransaction,
  plan: Plan,
  state: PlanState,
  change: PlanCardChange = {},
): Promise<void> {
  const card = await editPlanCard(tx, plan.id, { state, ...change });
  if (state !== 'proposed') await endPlanCalls(tx, plan);
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

function decidersOf({ verdict, by }: NonNullable<PlanCard['decision']>, review: Review): Actor[] {
  return verdict === 'approved' ? review.approvals.map((approval) => approval.by) : [by];
}

/** Returns the progress of the review, if the plan needs more than one approval. */
function severalApprovals({ needed, approvals }: Review): Pick<NonNullable<StatusMessage['plan']>, 'approvals'> {
  return needed === 1 ? {} : { approvals: { given: approvals.length, needed } };
}
