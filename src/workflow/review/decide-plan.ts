import { nextPlanState } from '../../approval/plan-transitions.ts';
import { planDocument } from '../../host/request/plan-document.ts';
import type { Decision } from '../../model/plan/decision.ts';
import type { Plan, StoredPlan } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import { PlanId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { isSealIntact } from '../../record/plan-seal.ts';
import type { WorkflowContext } from '../context.ts';
import { EXPIRED_BEFORE_RUN, endPlan, isExpired } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { approvalsOnRecord, isOnRecord } from '../record/read-entries.ts';
import { actorOf, type DecisionOutcome, type Requests } from '../requests.ts';
import { refusalOfApprover, refusalToDecide } from './authorization.ts';
import { hostsToAsk } from './hosts-to-ask.ts';
import { recordApproval, recordEndorsement, recordRejection } from './record-decision.ts';

type DecisionRequest = Parameters<Requests['decide']>[0];
type Refused = { readonly kind: 'refused'; readonly answer: PrivateAnswer };
/** The checked signature with an approval. */
type Signed = { readonly signature: string; readonly fingerprint: string } | null;
type Step =
  | { readonly kind: 'accepted'; readonly approved: Plan | null }
  | Refused
  /** This approval is the last one needed, but are the earlier approvers still approvers? */
  | { readonly kind: 'ask-about'; readonly approvals: readonly Decision[] }
  /** The config was reloaded since this person was checked: they might not be an approver any more. */
  | { readonly kind: 'config-reloaded' };

/** One click, with what Slack has said about the earlier approvers. */
type Deciding = {
  readonly request: DecisionRequest;
  readonly host: HostSettings;
  readonly now: Date;
  /** Earlier approvers whom Slack has just confirmed. */
  readonly stillMay: ReadonlySet<string>;
  readonly signed: Signed;
  /** Whether the config still says the same about the host. */
  readonly isHostCurrent: () => boolean;
};

/**
 * One decision by a person. First comes who they are and whether they can decide. Then the plan's state, life span and
 * seal are compared and changed in one transaction, together with the record. `approved` means that the intent is
 * durable: the caller runs the plan.
 */
export async function decidePlan(
  context: WorkflowContext,
  request: DecisionRequest,
): Promise<{ outcome: DecisionOutcome; approved: Plan | null }> {
  const found = await planToDecide(context, request);
  if (found.kind === 'refused') return { outcome: { kind: 'answer', answer: found.answer }, approved: null };
  const missing = await missingInput(context, request, found);
  if (missing) return { outcome: missing, approved: null };
  const signed = await signedBy(context, request, found.plan);
  if (signed !== null && 'kind' in signed)
    return { outcome: { kind: 'answer', answer: signed.answer }, approved: null };
  const step = await decideAskingOthers(context, request, found, signed);
  if (step.kind === 'config-reloaded') return decidePlan(context, request);
  if (step.kind === 'refused') return { outcome: { kind: 'answer', answer: step.answer }, approved: null };
  return { outcome: { kind: 'accepted' }, approved: step.approved };
}

type Found = { readonly kind: 'found'; readonly plan: Plan; readonly host: HostSettings };

/** The plan of the request, if this person may decide on it in this channel. Changes nothing. */
async function planToDecide(
  context: WorkflowContext,
  request: Pick<DecisionRequest, 'planIdText' | 'planHash' | 'by' | 'channel'>,
): Promise<Found | Refused> {
  const planId = PlanId.safeParse(request.planIdText);
  const stored = planId.success ? await context.store.transact((tx) => tx.plan(planId.data)) : null;
  if (stored === null) return refused({ kind: 'plan-unknown' });
  const { plan } = stored;
  const host = context.settings.hosts.get(plan.host);
  if (host === undefined) return refused(await answerForRemovedHost(context, plan, request));
  const refusal = await refusalToDecide(context, host, plan, request);
  if (refusal) return refused(refusal);
  if (differsFromCard(plan, request)) return refused({ kind: 'other-plan', planId: plan.id });
  return { kind: 'found', plan, host };
}

/**
 * Whether the plan is another than the card shows. Plan numbers restart when the record is restored or recreated, while
 * the old cards remain in Slack. A card that does not say which plan it shows may show any.
 */
export function differsFromCard({ hash }: Plan, { planHash }: Pick<DecisionRequest, 'planHash'>): boolean {
  return planHash !== hash;
}

/**
 * What the person has to add before their decision counts. Null if nothing is missing. No one is asked about a plan
 * that is over.
 */
async function missingInput(
  { store, clock }: WorkflowContext,
  request: DecisionRequest,
  { plan, host }: Found,
): Promise<DecisionOutcome | null> {
  const needsReason = request.verdict === 'rejected' && request.reason === undefined;
  const lacksSignature =
    request.verdict === 'approved' && request.signature === undefined && wantsSignature(plan, host);
  if (!needsReason && !lacksSignature) return null;
  const { answer, approvals } = await store.transact(async (tx) => {
    const stored = await tx.plan(plan.id);
    return {
      answer: stored === null ? ({ kind: 'plan-unknown' } as const) : await refusalOfPlan(tx, stored, clock.now()),
      approvals: (await tx.decisions(plan.id)).filter(({ verdict }) => verdict === 'approved'),
    };
  });
  if (answer) return { kind: 'answer', answer };
  if (needsReason) return { kind: 'ask-reason', plan };
  const review = {
    needed: host.policy.approvalsNeeded[plan.risk],
    approvals: approvals.map(({ by, at }) => ({ by, at })),
  };
  return { kind: 'ask-signature', plan, review, document: planDocument(plan) };
}

function wantsSignature({ risk }: Plan, { guard }: HostSettings): boolean {
  return risk === 'high' && guard?.approverSignature === 'high-risk';
}

/**
 * Checks the signature that came with a decision. Null: none was given. The host decides whether it knows the signer.
 */
async function signedBy(
  { signatures }: WorkflowContext,
  request: DecisionRequest,
  plan: Plan,
): Promise<Signed | Refused> {
  if (request.verdict !== 'approved' || request.signature === undefined) return null;
  const checked = await signatures.check(planDocument(plan), request.signature);
  if (checked.kind !== 'well-made') return refused({ kind: 'signature-refused', planId: plan.id, why: checked.why });
  const { signature, fingerprint } = checked;
  return { signature, fingerprint };
}

/**
 * Answers for a host that was removed from the config, and its own policy with it. Only people who can decide by the
 * default policy learn that it is gone.
 */
async function answerForRemovedHost(
  context: WorkflowContext,
  plan: Plan,
  { by, channel }: Pick<DecisionRequest, 'by' | 'channel'>,
): Promise<PrivateAnswer> {
  const { defaultPolicy: policy } = context.settings;
  const refusal = await refusalOfApprover(context, { policy, name: plan.host }, plan, by);
  if (refusal) return refusal;
  const known = [...(await hostsToAsk(context, { by, channel }))];
  return { kind: 'unknown-host', asked: plan.host, nearest: [], known };
}

/**
 * Decides in a transaction. Slack can't be asked inside it, because everyone waits for it. So the transaction says whom
 * to ask about, and is tried again.
 */
async function decideAskingOthers(
  context: WorkflowContext,
  request: DecisionRequest,
  { plan, host }: Found,
  signed: Signed,
): Promise<Exclude<Step, { kind: 'ask-about' }>> {
  const stillMay = new Set<string>();
  for (;;) {
    const isHostCurrent = () => context.settings.hosts.get(plan.host) === host;
    const deciding = { request, host, now: context.clock.now(), stillMay, signed, isHostCurrent };
    const step = await context.store.transact((tx) => decideInTransaction(tx, plan.id, deciding));
    if (step.kind !== 'ask-about') return step;
    for (const { by } of step.approvals) {
      const lapsed = await lapsedApproval(context, host, plan, by);
      if (lapsed) return refused(lapsed);
      if (by.kind === 'slack-user') stillMay.add(by.user);
    }
  }
}

/** Why an earlier approval no longer counts; null when it does. */
async function lapsedApproval(
  context: WorkflowContext,
  host: HostSettings,
  plan: Plan,
  by: Actor,
): Promise<PrivateAnswer | null> {
  const lapsed = { kind: 'earlier-approval-lapsed', planId: plan.id, by } as const;
  if (by.kind !== 'slack-user') return { ...lapsed, why: null };
  const refusal = await refusalOfApprover(context, host, plan, by);
  if (refusal === null) return null;
  return { ...lapsed, why: refusal.kind === 'cannot-check-person' ? refusal.why : null };
}

async function decideInTransaction(tx: RecordTransaction, planId: PlanId, deciding: Deciding): Promise<Step> {
  if (!deciding.isHostCurrent()) return { kind: 'config-reloaded' };
  const stored = await tx.plan(planId);
  if (stored === null) return refused({ kind: 'plan-unknown' });
  const answer = await refusalOfPlan(tx, stored, deciding.now);
  if (answer) return refused(answer);
  if (deciding.request.verdict === 'approved') return approve(tx, stored, deciding);
  const next = nextPlanState(stored.state, 'reject');
  if (next === null || !(await tx.movePlan(planId, stored.state, next))) return notOpen(stored);
  const { reason = null } = deciding.request;
  await recordRejection(tx, stored.plan, { by: actorOf(deciding.request.by), now: deciding.now, reason });
  return { kind: 'accepted', approved: null };
}

/** Why no one can decide on this plan. Null if it can be decided. A plan past its deadline expires by this check. */
export async function refusalOfPlan(
  tx: RecordTransaction,
  { plan, state }: StoredPlan,
  now: Date,
): Promise<PrivateAnswer | null> {
  if (!isSealIntact(plan)) {
    return { kind: 'record-failed', why: 'plan-not-as-sealed' };
  }
  if (state === 'proposed' && isExpired(plan, now)) {
    await endPlan(tx, { plan, state }, 'expire', { now, why: EXPIRED_BEFORE_RUN });
    return { kind: 'plan-not-open', planId: plan.id, state: 'expired' };
  }
  // A plan that can't be rejected any more can't be decided.
  if (nextPlanState(state, 'reject') === null) return { kind: 'plan-not-open', planId: plan.id, state };
  if (!(await isOnRecord(tx, plan, 'plan-proposed'))) {
    return { kind: 'record-failed', why: 'plan-not-on-record' };
  }
  return null;
}

async function approve(tx: RecordTransaction, stored: StoredPlan, deciding: Deciding): Promise<Step> {
  const { plan, state } = stored;
  const { host, now, stillMay } = deciding;
  const needed = host.policy.approvalsNeeded[plan.risk];
  const earlier = await approvalsOnRecord(tx, plan);
  if (earlier === null) {
    return refused({ kind: 'record-failed', why: 'approval-not-on-record' });
  }
  const by = actorOf(deciding.request.by);
  if (earlier.some((approval) => isSamePerson(approval.by, by))) {
    return refused({ kind: 'approved-before', planId: plan.id, missing: Math.max(needed - earlier.length, 1) });
  }
  const isEnough = earlier.length + 1 >= needed;
  const unasked = earlier.filter((approval) => approval.by.kind !== 'slack-user' || !stillMay.has(approval.by.user));
  if (isEnough && unasked.length > 0) return { kind: 'ask-about', approvals: unasked };
  const next = nextPlanState(state, isEnough ? 'approve' : 'endorse');
  if (next === null || !(await tx.movePlan(plan.id, state, next))) return notOpen(stored);
  const approval = { by, now, needed, earlier, signed: deciding.signed };
  if (isEnough) await recordApproval(tx, plan, approval);
  else await recordEndorsement(tx, plan, approval);
  return { kind: 'accepted', approved: isEnough ? plan : null };
}

function isSamePerson(one: Actor, other: Actor): boolean {
  return one.kind === 'slack-user' && other.kind === 'slack-user' && one.user === other.user;
}

function notOpen({ plan, state }: StoredPlan): Refused {
  return refused({ kind: 'plan-not-open', planId: plan.id, state });
}

function refused(answer: PrivateAnswer): Refused {
  return { kind: 'refused', answer };
}
