import { nextPlanState } from '../../approval/plan-transitions.ts';
import { mayWithdraw } from '../../approval/policy.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { PlanId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { WorkflowContext } from '../context.ts';
import { showPlanState } from '../plan/show-plan-state.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { recordAct } from '../record/record-act.ts';
import { actorOf, type Person, type Proposed, type Requests } from '../requests.ts';
import { refusalToWithdraw } from './authorization.ts';
import { differsFromCard, refusalOfPlan } from './decide-plan.ts';

/**
 * The button Withdraw of a plan that waits for a decision: the requester of the diagnosis, or of the undo, does not want
 * it any more. However many have approved it, it never runs. Changes nothing on the host.
 */
export async function withdrawPlan(
  context: WorkflowContext,
  request: Parameters<Requests['withdraw']>[0],
): Promise<Proposed> {
  const { store, clock } = context;
  const planId = PlanId.safeParse(request.planIdText);
  const plan = planId.success ? ((await store.transact((tx) => tx.plan(planId.data)))?.plan ?? null) : null;
  if (plan === null) return answered({ kind: 'plan-unknown' });
  const refusal = mayWithdraw(request.by, plan.requestedBy)
    ? await refusalToWithdraw(context, plan, request)
    : ({ kind: 'not-requester', planId: plan.id } as const);
  if (refusal) return answered(refusal);
  if (differsFromCard(plan, request)) return answered({ kind: 'other-plan', planId: plan.id });
  const problem = await store.transact((tx) => withdraw(tx, plan.id, { by: request.by, now: clock.now() }));
  return problem === null ? { kind: 'accepted' } : answered(problem);
}

/** Null: it is withdrawn. */
async function withdraw(
  tx: RecordTransaction,
  planId: Plan['id'],
  { by, now }: { readonly by: Person; readonly now: Date },
): Promise<PrivateAnswer | null> {
  const stored = await tx.plan(planId);
  if (stored === null) return { kind: 'plan-unknown' };
  const refusal = await refusalOfPlan(tx, stored, now);
  if (refusal) return refusal;
  const { plan, state } = stored;
  const next = nextPlanState(state, 'withdraw');
  if (next === null || !(await tx.movePlan(planId, state, next))) return { kind: 'plan-not-open', planId, state };
  const actor = actorOf(by);
  await recordAct(tx, plan, { act: 'plan-withdrawn', actor, now });
  await showPlanState(tx, plan, next, { withdrawn: { by: actor, at: now.toISOString() } });
  return null;
}

function answered(answer: PrivateAnswer): Proposed {
  return { kind: 'answer', answer };
}
