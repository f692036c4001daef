import { nextPlanState } from '../approval/plan-transitions.ts';
import { type Membership, mayDecide } from '../approval/policy.ts';
import type { Actor } from '../model/actor.ts';
import { PlanId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { PrivateAnswer } from '../model/thread-message.ts';
import { expirePlan, isOutOfTime } from './expire-plans.ts';
import { postRecordLine } from './messages.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import { isSealIntact } from './plan-seal.ts';
import type { RecordTransaction } from './ports.ts';
import type { DecisionOutcome, Person, Requests } from './requests.ts';
import type { Surroundings } from './surroundings.ts';

type DecisionRequest = Parameters<Requests['decide']>[0];
type Decision = { readonly by: Person; readonly verdict: 'approved' | 'rejected'; readonly now: Date };

/**
 * One click on Approve or Reject. Who may is asked first; then the plan's state, life span and seal are compared and changed
 * in one transaction together with the record. `approved` means that the intent is durable: the caller runs it.
 */
export async function decidePlan(
  surroundings: Surroundings,
  request: DecisionRequest,
): Promise<{ outcome: DecisionOutcome; approved: Plan | null }> {
  const planId = PlanId.safeParse(request.planIdText);
  if (!planId.success) return refuse({ kind: 'plan-unknown' });
  const stored = await surroundings.store.transact((tx) => tx.plan(planId.data));
  if (stored === null) return refuse({ kind: 'plan-unknown' });
  const objection = await objectionTo(surroundings, stored.plan, request.by);
  if (objection) return refuse(objection);
  const decision = { by: request.by, verdict: request.verdict, now: surroundings.clock.now() };
  return surroundings.store.transact((tx) => decideInTransaction(tx, planId.data, decision));
}

/** Why this person may not decide on this plan; null when they may. */
async function objectionTo(surroundings: Surroundings, plan: Plan, by: Person): Promise<PrivateAnswer | null> {
  const { policy } = surroundings.settings;
  const member = await surroundings.directory.isFullMember(by);
  if (member.kind === 'unknown') return { kind: 'cannot-check-person', why: member.why };
  const membership = await membershipOf(surroundings, by);
  const permission = mayDecide(policy, by, membership, plan.requestedBy);
  const whoMay = {
    host: plan.host,
    approvers: (policy.approvers?.users ?? []).filter((user) => user !== by.user),
    approverGroups: [...(policy.approvers?.groups ?? [])],
  };
  if (member.kind === 'yes' && permission.kind === 'allowed') return null;
  if (permission.kind === 'own-plan') return { kind: 'own-plan', ...whoMay };
  if (permission.kind === 'cannot-tell') return { kind: 'cannot-check-person', why: permission.why };
  return { kind: 'may-not-decide', ...whoMay };
}

async function membershipOf({ settings, directory }: Surroundings, by: Person): Promise<Membership> {
  const approvers = settings.policy.approvers;
  if (approvers === null || approvers.groups.length === 0 || approvers.users.includes(by.user)) return { kind: 'no' };
  return directory.isMember(by.user, approvers.groups);
}

async function decideInTransaction(
  tx: RecordTransaction,
  planId: PlanId,
  decision: Decision,
): Promise<{ outcome: DecisionOutcome; approved: Plan | null }> {
  const stored = await tx.plan(planId);
  if (stored === null) return refuse({ kind: 'plan-unknown' });
  const { plan, state } = stored;
  if (!isSealIntact(plan)) {
    return refuse({ kind: 'record-failed', why: 'the stored plan is not the one that was sealed' });
  }
  if (state === 'proposed' && isOutOfTime(plan, decision.now)) {
    await expirePlan(tx, plan, 'proposed', decision.now);
    return refuse({ kind: 'plan-not-open', planId, state: 'expired' });
  }
  const event = decision.verdict === 'approved' ? 'approve' : 'reject';
  const next = nextPlanState(state, event);
  if (next === null) return refuse({ kind: 'plan-not-open', planId, state });
  if (event === 'approve' && (await isHostBusy(tx, plan))) return refuse({ kind: 'host-busy', host: plan.host });
  if (!(await tx.movePlan(planId, state, next))) return refuse({ kind: 'plan-not-open', planId, state });
  await recordDecision(tx, plan, decision);
  if (event === 'approve') await recordIntent(tx, plan, decision);
  return { outcome: { kind: 'accepted' }, approved: event === 'approve' ? plan : null };
}

/** One change on a host at a time. */
async function isHostBusy(tx: RecordTransaction, plan: Plan): Promise<boolean> {
  return (await tx.plansIn(['approved', 'executing'], plan.host)).length > 0;
}

async function recordDecision(tx: RecordTransaction, plan: Plan, decision: Decision): Promise<void> {
  const { verdict, now } = decision;
  const by: Actor = { kind: 'slack-user', ...decision.by };
  const act = verdict === 'approved' ? 'plan-approved' : 'plan-rejected';
  const taken = { by, at: now.toISOString(), verdict, reason: null };
  await tx.insertDecision({ planId: plan.id, ...taken });
  const entry = await appendPlanAct(tx, plan, { act, actor: by, now });
  await postRecordLine(tx, plan.host, entry);
  await showPlanState(tx, plan, verdict, taken);
}

/** No record, no action: the intent is durable before the host is touched. */
async function recordIntent(tx: RecordTransaction, plan: Plan, { now }: Decision): Promise<void> {
  await tx.insertExecution({ planId: plan.id, intendedAt: now.toISOString(), finishedAt: null, outcome: null });
  const entry = await appendPlanAct(tx, plan, { act: 'execution-intended', actor: BY_WORKFLOW, now });
  await postRecordLine(tx, plan.host, entry);
  await tx.moveIncident(plan.incidentId, ['open', 'diagnosing', 'closed', 'resolved'], {
    state: 'executing',
    currentPlan: plan.id,
  });
}

function refuse(answer: PrivateAnswer): { outcome: DecisionOutcome; approved: null } {
  return { outcome: { kind: 'answer', answer }, approved: null };
}
