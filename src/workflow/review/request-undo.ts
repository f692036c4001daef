import { type HostNow, undoPlan } from '../../diagnosis/plan/undo-plan.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { Plan, PlanDraft, PlanState } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import { PlanId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { askGuardVersion } from '../host/ask-guard-version.ts';
import { entersSamePlace } from '../host/plan-on-host.ts';
import { supersedeOpenPlans } from '../plan/end-plan.ts';
import { proposePlan } from '../plan/propose-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { actorOf, type Proposed, type Requests } from '../requests.ts';
import { refusalToDiagnose } from './authorization.ts';
import { differsFromCard } from './decide-plan.ts';
import { hostsToAsk } from './hosts-to-ask.ts';

/** While an undo is in one of these states, another undo of the same plan would repeat it. */
const WAITING: readonly PlanState[] = ['proposed', 'approved', 'executing'];

/**
 * The button Undo: proposes the plan that undoes an applied one. It is a plan like any other, with its own approval,
 * and its requester can't approve it. Changes nothing on the host, which is only asked for its boot.
 */
export async function requestUndo(
  context: WorkflowContext,
  request: Parameters<Requests['undo']>[0],
): Promise<Proposed> {
  const { store, settings } = context;
  const planId = PlanId.safeParse(request.planIdText);
  const plan = planId.success ? ((await store.transact((tx) => tx.plan(planId.data)))?.plan ?? null) : null;
  const refusal = await refusalToDiagnose(context, plan?.host ?? null, request);
  if (refusal) return answered(refusal);
  if (plan === null) return answered({ kind: 'plan-unknown' });
  if (differsFromCard(plan, request)) return answered({ kind: 'other-plan', planId: plan.id });
  const host = settings.hosts.get(plan.host);
  if (host === undefined) {
    const known = [...(await hostsToAsk(context, request))];
    return answered({ kind: 'unknown-host', asked: plan.host, nearest: [], known });
  }
  if (!entersSamePlace(plan, host)) return answered({ kind: 'cannot-undo', planId: plan.id, why: 'other-place' });
  const now = await askHost(context, host);
  if ('why' in now) return answered({ kind: 'host-not-asked', host: host.name, why: now.why });
  const by = actorOf(request.by);
  const problem = await store.transact((tx) => propose(tx, context, { plan, host, now, by }));
  return problem === null ? { kind: 'accepted' } : answered(problem);
}

/** Proposes the plan that undoes the plan. Null: it is proposed. */
async function propose(
  tx: RecordTransaction,
  { clock }: WorkflowContext,
  { plan, host, now, by }: { plan: Plan; host: HostSettings; now: HostNow; by: Actor },
): Promise<PrivateAnswer | null> {
  const draft = await draftOf(tx, plan, now);
  if ('kind' in draft) return draft;
  const at = clock.now();
  await supersedeOpenPlans(tx, host.name, at, { code: 'undo-requested', planId: plan.id });
  const undoes = { id: plan.id, hash: plan.hash };
  await proposePlan(tx, { incidentId: plan.incidentId, host, askedBy: by, now: at, draft, undoes });
  return null;
}

async function draftOf(tx: RecordTransaction, plan: Plan, now: HostNow): Promise<PlanDraft | PrivateAnswer> {
  const cannot = (why: Extract<PrivateAnswer, { kind: 'cannot-undo' }>['why']): PrivateAnswer => ({
    kind: 'cannot-undo',
    planId: plan.id,
    why,
  });
  const others = await tx.plansIn([...WAITING, 'applied'], plan.host);
  const undos = others.filter((other) => other.plan.undoes?.hash === plan.hash);
  if (undos.some(({ state }) => state === 'applied')) return cannot('undone-already');
  if (undos.length > 0) return cannot('undo-waits');
  const incident = await tx.incident(plan.incidentId);
  if (incident?.state === 'diagnosing' || incident?.state === 'executing')
    return { kind: 'host-busy', host: plan.host };
  const outcome = (await tx.execution(plan.id))?.outcome;
  const undo = outcome ? undoPlan(plan, outcome, now) : ({ kind: 'impossible', why: 'not-applied' } as const);
  return undo.kind === 'impossible' ? cannot(undo.why) : undo.draft;
}

async function askHost({ remote }: WorkflowContext, host: HostSettings): Promise<HostNow | { readonly why: NoAnswer }> {
  const answer = await askGuardVersion(remote, host);
  switch (answer.kind) {
    case 'not-connected':
      return { why: { code: 'ssh', problem: answer.why } };
    case 'no-end':
      return { why: answer.why };
    case 'sudo-refused':
      return { why: { code: 'sudo-refused', problem: answer.problem, said: answer.said } };
    case 'other':
      return { why: { code: 'guard-failed', exitCode: answer.exitCode, said: firstLine(answer.said) } };
    case 'version': {
      const { hostname, bootId, uptimeSeconds } = answer.version;
      if (bootId === null || uptimeSeconds === null) return { why: { code: 'boot-unknown' } };
      return { hostname, bootId, uptimeSeconds };
    }
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, MAX_SAID);
}

const MAX_SAID = 400;

function answered(answer: PrivateAnswer): Proposed {
  return { kind: 'answer', answer };
}
