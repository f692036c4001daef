import type { ApplyOutcome } from '../model/execution.ts';
import type { PlanId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import { leaveIncident, planAhead, showQueue } from './execution-queue.ts';
import { expirePlan, isOutOfTime, OUT_OF_TIME } from './expire-plans.ts';
import { isMadeWhere } from './made-where.ts';
import { editStatus, postExecution } from './messages.ts';
import { isOnRecord, isSentAgain } from './on-record.ts';
import { type FinalOutcome, outcomeOnRecord, stateAfter } from './outcome-on-record.ts';
import { applyOn, unknownUnlessTaken } from './plan-on-host.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import { isSealIntact } from './plan-seal.ts';
import type { RecordTransaction } from './ports.ts';
import { type OnUnknown, settleExecution } from './settle-execution.ts';
import type { Surroundings } from './surroundings.ts';
import { verifyRecovery } from './verify-recovery.ts';

/**
 * Runs an approved plan, once: from `approved` it starts; from `executing` (after a crash) it asks the host what became of
 * it. Ends when the outcome is on record and the registry's own word after it, or when `stop` fires: the next start of the
 * bot then goes on from what is on record. Resolves to whether the plan is over, so that one that waits for it may begin.
 */
export async function executePlan(
  surroundings: Surroundings,
  planId: PlanId,
  stop: AbortSignal,
  onUnknown: OnUnknown = () => {},
): Promise<boolean> {
  const { store } = surroundings;
  const began = await store.transact((tx) => begin(tx, surroundings, planId));
  if (began.kind === 'nothing-to-do') return began.isOver;
  const { plan, host } = began;
  const first = began.kind === 'start' ? await applyOn(surroundings, host, plan) : RESTARTED;
  const isUnsent = first.kind === 'not-taken' && (await recordUnsent(surroundings, plan, first.why));
  if (!isUnsent) {
    const known = unknownUnlessTaken(first);
    const outcome = await settleExecution(surroundings, { plan, host, known, stop, onUnknown });
    if (outcome === 'stopping') return false;
    if (outcome !== 'settled-elsewhere') await store.transact((tx) => recordOutcome(tx, surroundings, plan, outcome));
  }
  await verifyRecovery(surroundings, plan.incidentId, host, stop);
  return true;
}

const RESTARTED: ApplyOutcome = { kind: 'unknown', why: 'the bot restarted' };

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
  if (state !== 'approved' && state !== 'executing') return NOT_NOW;
  const isWhole = isSealIntact(plan) && (await isOnRecord(tx, plan, 'plan-approved'));
  if (state === 'executing') return goOn(surroundings, plan, host, isWhole);
  const now = surroundings.clock.now();
  const ready = readiness(plan, host, { isWhole, now });
  if ('why' in ready) {
    surroundings.log.warn({ plan: plan.id, host: plan.host, why: ready.why }, 'an approved plan does not run');
    await expirePlan(tx, plan, { from: state, now, why: ready.why });
    return { kind: 'nothing-to-do', isOver: true };
  }
  if ((await planAhead(tx, plan)) !== null) return NOT_NOW;
  const isOurs = await tx.movePlan(planId, 'approved', 'executing');
  if (!isOurs) return NOT_NOW;
  await showQueue(tx, plan.host);
  return { kind: 'start', plan, host: ready.host };
}

/** The host on which an approved plan may run, or why it does not run after all. */
function readiness(
  plan: Plan,
  host: HostSettings | undefined,
  { isWhole, now }: { readonly isWhole: boolean; readonly now: Date },
): { readonly host: HostSettings } | { readonly why: string } {
  if (!isWhole) return { why: 'what is stored is not what was approved; registry-doctor audit verify says more' };
  if (host === undefined) return { why: 'its host is in the config file no more' };
  if (!isMadeWhere(plan, host))
    return { why: 'the config file says by now that the registry is elsewhere on its host' };
  return isOutOfTime(plan, now) ? { why: OUT_OF_TIME } : { host };
}

/** Not even a question goes to the host for what was changed on record since its approval: it would say by which words to enter there. */
function goOn({ log }: Surroundings, plan: Plan, host: HostSettings | undefined, isWhole: boolean): Beginning {
  if (host === undefined) return NOT_NOW;
  if (isWhole) return { kind: 'ask-host', plan, host: { ...host, enter: plan.enteredBy ?? [] } };
  log.error({ plan: plan.id, host: host.name }, CHANGED_SINCE);
  return NOT_NOW;
}

const CHANGED_SINCE =
  'a plan is stored as executing that was not approved so; nothing is sent to its host, and no other plan runs there: see audit verify';

/** What was never sent is refused; false where another process has sent the plan meanwhile, for which only the host can speak. */
function recordUnsent(surroundings: Surroundings, plan: Plan, why: string): Promise<boolean> {
  return surroundings.store.transact(async (tx) => {
    if (await isSentAgain(tx, plan)) return false;
    await recordOutcome(tx, surroundings, plan, { kind: 'refused', why });
    return true;
  });
}

async function recordOutcome(
  tx: RecordTransaction,
  { clock, log }: Surroundings,
  plan: Plan,
  outcome: FinalOutcome,
): Promise<void> {
  const now = clock.now();
  const state = stateAfter(outcome);
  if (state === null || !(await tx.movePlan(plan.id, 'executing', state))) return;
  log.info({ incident: plan.incidentId, host: plan.host, plan: plan.id, outcome: outcome.kind }, 'plan executed');
  const intendedAt = (await tx.execution(plan.id))?.intendedAt ?? now.toISOString();
  await tx.finishExecution({ planId: plan.id, intendedAt, finishedAt: now.toISOString(), outcome });
  const entry = await appendPlanAct(tx, plan, {
    act: 'execution-finished',
    actor: BY_WORKFLOW,
    now,
    outcome: outcomeOnRecord(outcome),
  });
  await showPlanState(tx, plan, state);
  const isVerifiedNext = outcome.kind === 'applied' && plan.undoes === undefined;
  // The outcome and the registry's own word after it are one post.
  if (isVerifiedNext) return;
  await postExecution(tx, plan, outcome, entry);
  if (CHANGED_NOTHING.includes(outcome.kind)) return leaveIncident(tx, plan);
  // After an undo nobody waits for the registry to be well: that it is not is what was before.
  await tx.moveIncident(plan.incidentId, ['executing'], { state: 'open', closedAt: null });
  await editStatus(tx, plan.incidentId, { resolvedAt: null });
}

const CHANGED_NOTHING: readonly FinalOutcome['kind'][] = ['stale', 'refused', 'undone'];
