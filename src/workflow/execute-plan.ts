import type { ApplyOutcome } from '../model/execution.ts';
import type { PlanId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import { planAhead, showQueue } from './execution-queue.ts';
import { expirePlan, isOutOfTime } from './expire-plans.ts';
import { isMadeWhere } from './made-where.ts';
import { editStatus, postExecution, postOutcomeUnknown } from './messages.ts';
import { isOnRecord } from './on-record.ts';
import { type FinalOutcome, isFinalOutcome, outcomeOnRecord, stateAfter } from './outcome-on-record.ts';
import { applyAgainOn, applyOn, askOutcome } from './plan-on-host.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import { isSealIntact } from './plan-seal.ts';
import type { RecordTransaction } from './ports.ts';
import type { Surroundings } from './surroundings.ts';
import { toldOfPlan } from './told-of-plan.ts';
import { verifyRecovery } from './verify-recovery.ts';

/** How long to wait before the host is asked again what became of a plan. */
const ASK_AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** How long after its end by our clock a plan might still start on its host. */
const PAST_STARTING_MS = 120_000;

/**
 * Runs an approved plan, once: from `approved` it starts; from `executing` (after a crash) it asks the host what became of
 * it. Ends when the outcome is on record and the registry's own word after it, or when `stop` fires: the next start of the
 * bot then goes on from what is on record. Resolves to whether the plan is over, so that one that waits for it may begin.
 */
export async function executePlan(surroundings: Surroundings, planId: PlanId, stop: AbortSignal): Promise<boolean> {
  const { store, log } = surroundings;
  const began = await store.transact((tx) => begin(tx, surroundings, planId));
  if (began.kind === 'nothing-to-do') return began.isOver;
  const { plan, host } = began;
  const known =
    began.kind === 'start'
      ? await applyOn(surroundings, host, plan)
      : { kind: 'unknown' as const, why: 'the bot restarted' };
  const outcome = await settle(surroundings, { plan, host, known, stop });
  if (outcome === 'stopping') return false;
  if (outcome === 'settled-elsewhere') return true;
  log.info({ incident: plan.incidentId, host: host.name, plan: plan.id, outcome: outcome.kind }, 'plan executed');
  await store.transact((tx) => recordOutcome(tx, surroundings, plan, outcome));
  await verifyRecovery(surroundings, plan.incidentId, host, stop);
  return true;
}

type Beginning =
  | { readonly kind: 'start' | 'ask-host'; readonly plan: Plan; readonly host: HostSettings }
  | { readonly kind: 'nothing-to-do'; readonly isOver: boolean };

const NOT_NOW: Beginning = { kind: 'nothing-to-do', isOver: false };

/**
 * Moves `approved` to `executing`, if it is still right to: in time, sealed, on a host that we know, its approval on record; and
 * if it is its turn there.
 */
async function begin(tx: RecordTransaction, surroundings: Surroundings, planId: PlanId): Promise<Beginning> {
  const stored = await tx.plan(planId);
  if (stored === null) return NOT_NOW;
  const { plan, state } = stored;
  const host = surroundings.settings.hosts.get(plan.host);
  if (state === 'executing' && host) return { kind: 'ask-host', plan, host: { ...host, enter: plan.enteredBy ?? [] } };
  if (state !== 'approved') return NOT_NOW;
  const now = surroundings.clock.now();
  const isWhole = isSealIntact(plan) && (await isOnRecord(tx, plan, 'plan-approved'));
  if (host === undefined || !isWhole || !isMadeWhere(plan, host) || isOutOfTime(plan, now)) {
    await expirePlan(tx, plan, state, now);
    return { kind: 'nothing-to-do', isOver: true };
  }
  if ((await planAhead(tx, plan)) !== null) return NOT_NOW;
  const isOurs = await tx.movePlan(planId, 'approved', 'executing');
  if (!isOurs) return NOT_NOW;
  await showQueue(tx, plan.host);
  return { kind: 'start', plan, host };
}

/** Where the bot is stopping, the question stays open on record. */
type Settled = FinalOutcome | 'stopping' | 'settled-elsewhere';

/**
 * Asks the host until the outcome is certain, or on record by another replica that asked. What did not start is sent again while it is in
 * time: the host's own claim lets a plan run at most once.
 */
async function settle(
  surroundings: Surroundings,
  at: { plan: Plan; host: HostSettings; known: ApplyOutcome; stop: AbortSignal },
): Promise<Settled> {
  const { clock, log } = surroundings;
  const { plan, host, stop } = at;
  let told = at.known;
  let isTold = false;
  for (let asked = 0; ; asked += 1) {
    const known = toldOfPlan(plan, told);
    if (isFinalOutcome(known)) return known;
    const isUnstarted = known.kind === 'never-started';
    if (isUnstarted && isPastStarting(plan, clock.now())) return { kind: 'refused', why: NEVER_STARTED };
    const mayStart = !isOutOfTime(plan, clock.now());
    log.warn({ plan: plan.id, host: host.name, why: known }, 'outcome not known yet; asking the host');
    if (asked > 0 && !isTold && !(isUnstarted && mayStart)) {
      await tellThatUnknown(surroundings, plan, known);
      isTold = true;
    }
    if (asked > 0) await clock.sleep(ASK_AGAIN_MS[Math.min(asked, ASK_AGAIN_MS.length) - 1] ?? 30_000, stop);
    if (stop.aborted) return 'stopping';
    if (!(await isExecuting(surroundings, plan))) return 'settled-elsewhere';
    told = await (isUnstarted && mayStart ? applyAgainOn : askOutcome)(surroundings, host, plan);
  }
}

const NEVER_STARTED = 'it had not started on the host, and its time is up';

/**
 * Whether a request for this plan that is still on its way could not start it any more: its host compares the end with a clock of its
 * own, which has some time more than ours (plan-document.ts).
 */
function isPastStarting(plan: Plan, now: Date): boolean {
  return isOutOfTime(plan, new Date(now.getTime() - PAST_STARTING_MS));
}

async function isExecuting({ store }: Surroundings, plan: Plan): Promise<boolean> {
  return (await store.transact((tx) => tx.plan(plan.id)))?.state === 'executing';
}

/** People wait for an outcome: after one question without an answer they are told that it is not known yet. */
async function tellThatUnknown({ store }: Surroundings, plan: Plan, known: ApplyOutcome): Promise<void> {
  const why = 'the host has not started it, but a request on its way might until its time there is up';
  const shown = known.kind === 'never-started' ? ({ kind: 'unknown', why } as const) : known;
  await store.transact((tx) => postOutcomeUnknown(tx, plan, shown));
}

async function recordOutcome(
  tx: RecordTransaction,
  { clock }: Surroundings,
  plan: Plan,
  outcome: FinalOutcome,
): Promise<void> {
  const now = clock.now();
  const state = stateAfter(outcome);
  if (state === null || !(await tx.movePlan(plan.id, 'executing', state))) return;
  const intendedAt = (await tx.execution(plan.id))?.intendedAt ?? now.toISOString();
  await tx.finishExecution({ planId: plan.id, intendedAt, finishedAt: now.toISOString(), outcome });
  const entry = await appendPlanAct(tx, plan, {
    act: 'execution-finished',
    actor: BY_WORKFLOW,
    now,
    outcome: outcomeOnRecord(outcome),
  });
  await postExecution(tx, plan, outcome, entry);
  await showPlanState(tx, plan, state);
  const isApplied = outcome.kind === 'applied';
  if (isApplied && plan.undoes === undefined) return;
  if (plan.undoes !== undefined && CHANGED_NOTHING.includes(outcome.kind) && (await isOver(tx, plan))) {
    await tx.moveIncident(plan.incidentId, ['executing'], { state: 'resolved' });
    return;
  }
  // After an undo nobody waits for the registry to be well: that it is not is what was before.
  await tx.moveIncident(plan.incidentId, ['executing'], { state: 'open', closedAt: null });
  if (isApplied) await editStatus(tx, plan.incidentId, { resolvedAt: null });
}

const CHANGED_NOTHING: readonly FinalOutcome['kind'][] = ['stale', 'refused', 'undone'];

/** The incident had come to its end before this plan was approved. */
async function isOver(tx: RecordTransaction, { incidentId }: Plan): Promise<boolean> {
  return (await tx.incident(incidentId))?.closedAt != null;
}
