import { randomBytes } from 'node:crypto';
import { nextPlanState, type PlanEvent } from '../approval/plan-transitions.ts';
import { applyScript, outcomeScript } from '../host/apply-script.ts';
import { parseApplyOutcome } from '../host/parse-apply-outcome.ts';
import type { ApplyOutcome } from '../model/execution.ts';
import type { PlanId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import { expirePlan, isOutOfTime } from './expire-plans.ts';
import { postExecution, postOutcomeUnknown } from './messages.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import { isSealIntact } from './plan-seal.ts';
import type { RecordTransaction, RemoteOutcome, RunOptions } from './ports.ts';
import { isSudoRefusal } from './sudo-refusal.ts';
import type { Surroundings } from './surroundings.ts';
import { verifyRecovery } from './verify-recovery.ts';

const APPLY_LIMITS: RunOptions = { timeoutMs: 60_000, maxOutputBytes: 256 * 1024, approved: true };
/** How long to wait before the host is asked again what became of a plan. */
const ASK_AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

type Outcome = Exclude<ApplyOutcome, { kind: 'running' | 'unknown' | 'never-started' }>;

/**
 * Runs an approved plan, once: from `approved` it starts; from `executing` (after a crash) it asks the host what became of
 * it. Ends when the outcome is on record and the registry's own word after it, or when `stop` fires: the next start of the
 * bot then goes on from what is on record.
 */
export async function executePlan(surroundings: Surroundings, planId: PlanId, stop: AbortSignal): Promise<void> {
  const { store, log } = surroundings;
  const began = await store.transact((tx) => begin(tx, surroundings, planId));
  if (began.kind === 'nothing-to-do') return;
  const { plan, host } = began;
  const known =
    began.kind === 'start'
      ? await applyOn(surroundings, host, plan)
      : { kind: 'unknown' as const, why: 'the bot restarted' };
  const outcome = await settle(surroundings, { plan, host, known, stop });
  if (outcome === null) return;
  log.info({ incident: plan.incidentId, host: host.name, plan: plan.id, outcome: outcome.kind }, 'plan executed');
  await store.transact((tx) => recordOutcome(tx, surroundings, plan, outcome));
  await verifyRecovery(surroundings, plan.incidentId, host, stop);
}

type Beginning =
  | { readonly kind: 'start' | 'ask-host'; readonly plan: Plan; readonly host: HostSettings }
  | { readonly kind: 'nothing-to-do' };

/** Moves `approved` to `executing`, if it is still right to: in time, sealed, on a host that we know. */
async function begin(tx: RecordTransaction, surroundings: Surroundings, planId: PlanId): Promise<Beginning> {
  const stored = await tx.plan(planId);
  if (stored === null) return { kind: 'nothing-to-do' };
  const { plan, state } = stored;
  const host = surroundings.settings.hosts.get(plan.host);
  if (state === 'executing' && host) return { kind: 'ask-host', plan, host: { ...host, enter: plan.enteredBy ?? [] } };
  if (state !== 'approved') return { kind: 'nothing-to-do' };
  const now = surroundings.clock.now();
  if (host === undefined || !isSealIntact(plan) || !isForPlaceOf(plan, host) || isOutOfTime(plan, now)) {
    await expirePlan(tx, plan, 'approved', now);
    await tx.moveIncident(plan.incidentId, ['executing'], { state: 'open' });
    return { kind: 'nothing-to-do' };
  }
  const isOurs = await tx.movePlan(planId, 'approved', 'executing');
  if (!isOurs) return { kind: 'nothing-to-do' };
  await showPlanState(tx, plan, 'executing');
  return { kind: 'start', plan, host };
}

/** The config may name another container by now, or none. */
function isForPlaceOf({ enteredBy = [] }: Plan, { enter }: HostSettings): boolean {
  return enteredBy.length === enter.length && enteredBy.every((word, index) => word === enter[index]);
}

async function applyOn(surroundings: Surroundings, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  const nonce = newNonce();
  return outcomeOf(await surroundings.remote.run(host, applyScript({ nonce, plan }), APPLY_LIMITS), nonce);
}

async function askOutcome(surroundings: Surroundings, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  const nonce = newNonce();
  const outcome = await surroundings.remote.run(host, outcomeScript({ nonce, plan }), APPLY_LIMITS);
  // That the question did not come through says nothing about the plan.
  if (outcome.kind === 'not-connected') return { kind: 'unknown', why: outcome.why };
  if (isSudoRefusal(outcome)) return { kind: 'unknown', why: 'sudo on the host refused to run anything' };
  return outcomeOf(outcome, nonce);
}

/** What a run says of the plan. Only a run that never began, or a whole answer of the script, is certain. */
function outcomeOf(outcome: RemoteOutcome, nonce: string): ApplyOutcome {
  if (outcome.kind === 'not-connected') return { kind: 'refused', why: outcome.why };
  if (isSudoRefusal(outcome)) return { kind: 'refused', why: 'sudo on the host refused to run anything' };
  if (outcome.kind === 'timed-out') return { kind: 'unknown', why: `no answer after ${outcome.timeoutMs / 1000} s` };
  if (outcome.kind === 'no-exit-status') return { kind: 'unknown', why: outcome.why };
  return parseApplyOutcome(outcome.output.stdout, nonce);
}

/** Asks the host until the outcome is certain. Null: the bot is stopping; the question stays open on record. */
async function settle(
  surroundings: Surroundings,
  at: { plan: Plan; host: HostSettings; known: ApplyOutcome; stop: AbortSignal },
): Promise<Outcome | null> {
  let known = at.known;
  for (let asked = 0; ; asked += 1) {
    if (known.kind === 'never-started') return settleNeverStarted(surroundings, at);
    if (known.kind !== 'unknown' && known.kind !== 'running') return known;
    surroundings.log.warn(
      { plan: at.plan.id, host: at.host.name, why: known },
      'outcome not known yet; asking the host',
    );
    if (asked === 1) await tellOnce(surroundings, at.plan, known);
    if (asked > 0)
      await surroundings.clock.sleep(ASK_AGAIN_MS[Math.min(asked, ASK_AGAIN_MS.length) - 1] ?? 30_000, at.stop);
    if (at.stop.aborted) return null;
    known = await askOutcome(surroundings, at.host, at.plan);
  }
}

/** People wait for an outcome: after one question without an answer they are told that it is not known yet. */
async function tellOnce({ store }: Surroundings, plan: Plan, known: ApplyOutcome): Promise<void> {
  await store.transact((tx) => postOutcomeUnknown(tx, plan, known));
}

/** The host's own claim lets a plan run at most once, so starting it now is safe while it is in time. */
async function settleNeverStarted(
  surroundings: Surroundings,
  at: { plan: Plan; host: HostSettings; stop: AbortSignal },
): Promise<Outcome | null> {
  if (isOutOfTime(at.plan, surroundings.clock.now())) {
    return { kind: 'refused', why: 'it had not started on the host, and its time is up' };
  }
  const known = await applyOn(surroundings, at.host, at.plan);
  if (known.kind === 'never-started') return { kind: 'refused', why: 'the host did not start it' };
  return settle(surroundings, { ...at, known });
}

const EVENT_OF: Record<Outcome['kind'], PlanEvent> = {
  applied: 'succeed',
  stale: 'find-stale',
  undone: 'undo',
  refused: 'fail',
  'undo-failed': 'fail',
};

async function recordOutcome(
  tx: RecordTransaction,
  { clock }: Surroundings,
  plan: Plan,
  outcome: Outcome,
): Promise<void> {
  const now = clock.now();
  const state = nextPlanState('executing', EVENT_OF[outcome.kind]);
  if (state === null || !(await tx.movePlan(plan.id, 'executing', state))) return;
  const intendedAt = (await tx.execution(plan.id))?.intendedAt ?? now.toISOString();
  await tx.finishExecution({ planId: plan.id, intendedAt, finishedAt: now.toISOString(), outcome });
  const entry = await appendPlanAct(tx, plan, {
    act: 'execution-finished',
    actor: BY_WORKFLOW,
    now,
    outcome: { kind: outcome.kind, ...('why' in outcome ? { why: outcome.why } : {}) },
  });
  await postExecution(tx, plan, outcome, entry);
  await showPlanState(tx, plan, state);
  if (outcome.kind !== 'applied') await tx.moveIncident(plan.incidentId, ['executing'], { state: 'open' });
}

function newNonce(): string {
  return randomBytes(16).toString('hex');
}
