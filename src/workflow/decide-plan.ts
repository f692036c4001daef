import { nextPlanState } from '../approval/plan-transitions.ts';
import { planDocument } from '../host/plan-document.ts';
import type { Actor } from '../model/actor.ts';
import type { Decision } from '../model/decision.ts';
import { PlanId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import type { PrivateAnswer } from '../model/thread-message.ts';
import { approvalsOnRecord } from './approvals-on-record.ts';
import { expirePlan, isOutOfTime, OUT_OF_TIME } from './expire-plans.ts';
import { isOnRecord } from './on-record.ts';
import { isSealIntact } from './plan-seal.ts';
import type { RecordTransaction, StoredPlan } from './ports.ts';
import { recordApproval, recordEndorsement, recordRejection } from './record-decision.ts';
import type { DecisionOutcome, Person, Requests } from './requests.ts';
import type { Surroundings } from './surroundings.ts';
import { objectionToChannel, objectionToDeciding } from './who-may.ts';

type DecisionRequest = Parameters<Requests['decide']>[0];
type Refused = { readonly kind: 'refused'; readonly answer: PrivateAnswer };
/** The signature that goes with an approval, once it was looked at. */
type Signed = { readonly signature: string; readonly fingerprint: string } | null;
type Step =
  | { readonly kind: 'accepted'; readonly approved: Plan | null }
  | Refused
  /** With this approval there are enough; but may those who approved earlier still do so? */
  | { readonly kind: 'ask-about'; readonly approvals: readonly Decision[] };

/** One click, with what has been learned of the others. */
type Deciding = {
  readonly request: DecisionRequest;
  readonly host: HostSettings;
  readonly now: Date;
  /** Earlier approvers of whom Slack has just said that they still may. */
  readonly stillMay: ReadonlySet<string>;
  readonly signed: Signed;
};

/**
 * One decision by a person. Who may is asked first; then the plan's state, life span and seal are compared and changed in one
 * transaction together with the record. `approved` means that the intent is durable: the caller runs it.
 */
export async function decidePlan(
  surroundings: Surroundings,
  request: DecisionRequest,
): Promise<{ outcome: DecisionOutcome; approved: Plan | null }> {
  const found = await planToDecide(surroundings, request);
  if (found.kind === 'refused') return { outcome: { kind: 'answer', answer: found.answer }, approved: null };
  const missing = await whatIsMissing(surroundings, request, found);
  if (missing) return { outcome: missing, approved: null };
  const signed = await signedBy(surroundings, request, found.plan);
  if (signed !== null && 'kind' in signed)
    return { outcome: { kind: 'answer', answer: signed.answer }, approved: null };
  const step = await decideAskingOthers(surroundings, request, found, signed);
  if (step.kind === 'refused') return { outcome: { kind: 'answer', answer: step.answer }, approved: null };
  return { outcome: { kind: 'accepted' }, approved: step.approved };
}

type Found = { readonly kind: 'found'; readonly plan: Plan; readonly host: HostSettings };

/** The plan that the request means, where this person may decide on it, here; nothing is changed. */
async function planToDecide(
  surroundings: Surroundings,
  request: Pick<DecisionRequest, 'planIdText' | 'planHash' | 'by' | 'channel'>,
): Promise<Found | Refused> {
  const planId = PlanId.safeParse(request.planIdText);
  const stored = planId.success ? await surroundings.store.transact((tx) => tx.plan(planId.data)) : null;
  if (stored === null) return refused({ kind: 'plan-unknown' });
  const { plan } = stored;
  const host = surroundings.settings.hosts.get(plan.host);
  if (host === undefined) return refused(await answerAboutForgotten(surroundings, plan, request.by));
  const objection =
    (await objectionToDeciding(surroundings, host, plan, request.by)) ??
    objectionToChannel(surroundings, { policy: host.policy, host: host.name }, request.channel);
  if (objection) return refused(objection);
  if (isOtherThanShown(plan, request)) return refused({ kind: 'other-plan', planId: plan.id });
  return { kind: 'found', plan, host };
}

/** Numbers begin anew in a record that was restored, or made anew; the cards of the lost plans are still there. */
export function isOtherThanShown({ hash }: Plan, { planHash }: Pick<DecisionRequest, 'planHash'>): boolean {
  return planHash != null && planHash !== hash;
}

/** What the person is asked for before their decision counts; null when all is there. Nobody is asked about what is over. */
async function whatIsMissing(
  { store, clock }: Surroundings,
  request: DecisionRequest,
  { plan, host }: Found,
): Promise<DecisionOutcome | null> {
  const lacksReason = request.verdict === 'rejected' && request.reason === undefined;
  const lacksSignature =
    request.verdict === 'approved' && request.signature === undefined && wantsSignature(plan, host);
  if (!lacksReason && !lacksSignature) return null;
  const { answer, approvals } = await store.transact(async (tx) => {
    const stored = await tx.plan(plan.id);
    return {
      answer: stored === null ? ({ kind: 'plan-unknown' } as const) : await objectionToPlan(tx, stored, clock.now()),
      approvals: (await tx.decisions(plan.id)).filter(({ verdict }) => verdict === 'approved'),
    };
  });
  if (answer) return { kind: 'answer', answer };
  if (lacksReason) return { kind: 'ask-reason', plan };
  const review = {
    needed: host.policy.approvalsNeeded[plan.risk],
    approvals: approvals.map(({ by, at }) => ({ by, at })),
  };
  return { kind: 'ask-signature', plan, review, document: planDocument(plan) };
}

function wantsSignature({ risk }: Plan, { guard }: HostSettings): boolean {
  return risk === 'high' && guard?.approverSignature === 'high-risk';
}

/** Null: none was given. That it is by somebody whom the host knows is for the host to say. */
async function signedBy({ signatures }: Surroundings, request: DecisionRequest, plan: Plan): Promise<Signed | Refused> {
  if (request.verdict !== 'approved' || request.signature === undefined) return null;
  const checked = await signatures.check(planDocument(plan), request.signature);
  if (checked.kind !== 'well-made') return refused({ kind: 'signature-refused', planId: plan.id, why: checked.why });
  const { signature, fingerprint } = checked;
  return { signature, fingerprint };
}

/** Taken out of the config since. Its own rules are gone with it; which hosts there are is told to nobody whom the general ones keep out. */
async function answerAboutForgotten(surroundings: Surroundings, plan: Plan, by: Person): Promise<PrivateAnswer> {
  const { hosts, defaultPolicy: policy } = surroundings.settings;
  const objection = await objectionToDeciding(surroundings, { policy, name: plan.host }, plan, by);
  return objection ?? { kind: 'unknown-host', asked: plan.host, nearest: [], known: [...hosts.keys()] };
}

/** Slack is asked outside of the transaction, which everybody waits for; so the transaction says whom to ask about, and is tried again. */
async function decideAskingOthers(
  surroundings: Surroundings,
  request: DecisionRequest,
  { plan, host }: Found,
  signed: Signed,
): Promise<Exclude<Step, { kind: 'ask-about' }>> {
  const stillMay = new Set<string>();
  for (;;) {
    const deciding = { request, host, now: surroundings.clock.now(), stillMay, signed };
    const step = await surroundings.store.transact((tx) => decideInTransaction(tx, plan.id, deciding));
    if (step.kind !== 'ask-about') return step;
    for (const { by } of step.approvals) {
      const objection = await objectionToEarlier(surroundings, host, plan, by);
      if (objection) return refused(objection);
      if (by.kind === 'slack-user') stillMay.add(by.user);
    }
  }
}

/** Why an earlier approval does not count any more; null when it does. */
async function objectionToEarlier(
  surroundings: Surroundings,
  host: HostSettings,
  plan: Plan,
  by: Actor,
): Promise<PrivateAnswer | null> {
  const lapsed = { kind: 'earlier-approval-lapsed', planId: plan.id, by } as const;
  if (by.kind !== 'slack-user') return { ...lapsed, why: null };
  const objection = await objectionToDeciding(surroundings, host, plan, by);
  if (objection === null) return null;
  return { ...lapsed, why: objection.kind === 'cannot-check-person' ? objection.why : null };
}

async function decideInTransaction(tx: RecordTransaction, planId: PlanId, deciding: Deciding): Promise<Step> {
  const stored = await tx.plan(planId);
  if (stored === null) return refused({ kind: 'plan-unknown' });
  const answer = await objectionToPlan(tx, stored, deciding.now);
  if (answer) return refused(answer);
  if (deciding.request.verdict === 'approved') return approve(tx, stored, deciding);
  const next = nextPlanState(stored.state, 'reject');
  if (next === null || !(await tx.movePlan(planId, stored.state, next))) return notOpen(stored);
  const { reason = null } = deciding.request;
  await recordRejection(tx, stored.plan, { by: actorOf(deciding), now: deciding.now, reason });
  return { kind: 'accepted', approved: null };
}

/** Why nothing can be decided on this plan, whoever asks; null when it can be. One that is out of time expires by the look. */
export async function objectionToPlan(
  tx: RecordTransaction,
  { plan, state }: StoredPlan,
  now: Date,
): Promise<PrivateAnswer | null> {
  if (!isSealIntact(plan)) {
    return { kind: 'record-failed', why: 'the stored plan is not the one that was sealed' };
  }
  if (state === 'proposed' && isOutOfTime(plan, now)) {
    await expirePlan(tx, plan, { from: 'proposed', now, why: OUT_OF_TIME });
    return { kind: 'plan-not-open', planId: plan.id, state: 'expired' };
  }
  // What cannot be rejected any more is past deciding.
  if (nextPlanState(state, 'reject') === null) return { kind: 'plan-not-open', planId: plan.id, state };
  if (!(await isOnRecord(tx, plan, 'plan-proposed'))) {
    return { kind: 'record-failed', why: 'the stored plan is not the one that was put on record' };
  }
  return null;
}

async function approve(tx: RecordTransaction, stored: StoredPlan, deciding: Deciding): Promise<Step> {
  const { plan, state } = stored;
  const { host, now, stillMay } = deciding;
  const needed = host.policy.approvalsNeeded[plan.risk];
  const earlier = await approvalsOnRecord(tx, plan);
  if (earlier === null) {
    return refused({ kind: 'record-failed', why: 'an earlier approval is not the one that was put on record' });
  }
  const by = actorOf(deciding);
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

function actorOf({ request }: Deciding): Actor {
  const { team, user }: Person = request.by;
  return { kind: 'slack-user', team, user };
}

function notOpen({ plan, state }: StoredPlan): Refused {
  return refused({ kind: 'plan-not-open', planId: plan.id, state });
}

function refused(answer: PrivateAnswer): Refused {
  return { kind: 'refused', answer };
}
