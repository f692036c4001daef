import type { ApplyOutcome } from '../../model/plan/execution.ts';
import type { OutcomeReason } from '../../model/plan/outcome-reason.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { EndReason } from '../../model/record/end-reason.ts';
import type { PlanId } from '../../model/record/ids.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { type FinalOutcome, outcomeInEntry, stateAfter } from '../../record/outcome.ts';
import { isSealIntact } from '../../record/plan-seal.ts';
import type { WorkflowContext } from '../context.ts';
import { applyOn, entersSamePlace, unknownIfNotAccepted } from '../host/plan-on-host.ts';
import { EXPIRED_BEFORE_RUN, endPlan, isExpired } from '../plan/end-plan.ts';
import { leaveIncident, planAhead, showQueue } from '../plan/execution-queue.ts';
import { showPlanState } from '../plan/show-plan-state.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus, postExecution } from '../record/messages.ts';
import { isOnRecord, isSentAgain } from '../record/read-entries.ts';
import { appendAct, BY_WORKFLOW } from '../record/record-act.ts';
import { recordUnresolved } from './record-unresolved.ts';
import { type OnUnknown, settleExecution } from './settle-execution.ts';
import { verifyRecovery } from './verify-recovery.ts';

/**
 * The execution of an approved plan, at most once.
 *
 * - `approved` → `executing`: if it is the plan's turn on its host, and the stored plan is the approved one, in time
 *   and for the same place. Otherwise the plan expires. The intent has been on record since the approval.
 * - `executing`: the plan is sent, and the host's own claim lets it run at most once. Only the host knows the outcome.
 *   If its answer is lost, or the bot was restarted, the host is asked until it says (settle-execution.ts). A host that
 *   can't be asked is reported once.
 * - `executing` → `applied`, `stale`, `undone` or `failed`, with the outcome on record. After `applied` the registry is
 *   asked until it is healthy or the time is up (verify-recovery.ts).
 *
 * When `stop` fires it leaves everything on record as it is, and the next start continues from there. Resolves to
 * whether the plan is over, so that the next plan for the host can start.
 */
export async function executePlan(
  context: WorkflowContext,
  planId: PlanId,
  stop: AbortSignal,
  onUnknown: OnUnknown = () => {},
): Promise<boolean> {
  const { store } = context;
  const began = await store.transact((tx) => begin(tx, context, planId));
  if (began.kind === 'nothing-to-do') return began.isOver;
  const { plan, host } = began;
  const first = began.kind === 'start' ? await applyOn(context, host, plan) : RESTARTED;
  const isUnsent = first.kind === 'not-accepted' && (await recordUnsent(context, plan, first.why));
  if (!isUnsent) {
    const known = unknownIfNotAccepted(first);
    const outcome = await settleExecution(context, { plan, host, known, stop, onUnknown });
    if (outcome === 'stopping') return false;
    if (outcome !== 'recorded-by-other-process')
      await store.transact((tx) => recordOutcome(tx, context, plan, outcome));
  }
  await verifyRecovery(context, plan.incidentId, host, stop);
  return true;
}

const RESTARTED: ApplyOutcome = { kind: 'unknown', why: { code: 'bot-restarted' } };

type Beginning =
  | { readonly kind: 'start' | 'ask-host'; readonly plan: Plan; readonly host: HostSettings }
  | { readonly kind: 'nothing-to-do'; readonly isOver: boolean };

const NOT_NOW: Beginning = { kind: 'nothing-to-do', isOver: false };

/** Moves `approved` to `executing` if the plan can still run, and if it is its turn on its host. */
async function begin(tx: RecordTransaction, context: WorkflowContext, planId: PlanId): Promise<Beginning> {
  const stored = await tx.plan(planId);
  if (stored === null) return NOT_NOW;
  const { plan, state } = stored;
  const host = context.settings.hosts.get(plan.host);
  if (state !== 'approved' && state !== 'executing') return NOT_NOW;
  const isWhole = isSealIntact(plan) && (await isOnRecord(tx, plan, 'plan-approved'));
  if (state === 'executing') return resumeExecution(tx, context, plan, { host, isWhole });
  const now = context.clock.now();
  const ready = readiness(plan, host, { isWhole, now });
  if ('why' in ready) {
    context.log.warn({ plan: plan.id, host: plan.host, why: ready.why }, 'an approved plan can no longer run');
    await endPlan(tx, stored, 'expire', { now, why: ready.why });
    return { kind: 'nothing-to-do', isOver: true };
  }
  if ((await planAhead(tx, plan)) !== null) return NOT_NOW;
  const isStarted = await tx.movePlan(planId, 'approved', 'executing');
  if (!isStarted) return NOT_NOW;
  await showQueue(tx, plan.host);
  return { kind: 'start', plan, host: ready.host };
}

/** Returns the host on which an approved plan can run, or why it can't run any more. */
function readiness(
  plan: Plan,
  host: HostSettings | undefined,
  { isWhole, now }: { readonly isWhole: boolean; readonly now: Date },
): { readonly host: HostSettings } | { readonly why: EndReason } {
  if (!isWhole) return { why: { code: 'not-as-approved' } };
  if (host === undefined) return { why: { code: 'host-removed' } };
  if (!entersSamePlace(plan, host)) return { why: { code: 'other-place' } };
  return isExpired(plan, now) ? { why: EXPIRED_BEFORE_RUN } : { host };
}

/**
 * Resumes an execution. The host is not asked about a plan that was changed since its approval, because the plan
 * contains the host's enter command.
 */
async function resumeExecution(
  tx: RecordTransaction,
  context: WorkflowContext,
  plan: Plan,
  { host, isWhole }: { readonly host: HostSettings | undefined; readonly isWhole: boolean },
): Promise<Beginning> {
  if (isWhole && host !== undefined) return { kind: 'ask-host', plan, host: { ...host, enter: plan.enteredBy ?? [] } };
  await recordUnresolved(tx, context, plan, { code: isWhole ? 'host-removed' : 'not-as-approved' });
  return NOT_NOW;
}

/**
 * Records a plan that was never sent as refused. False if another process has sent it meanwhile: then only the host
 * knows.
 */
function recordUnsent(context: WorkflowContext, plan: Plan, why: OutcomeReason): Promise<boolean> {
  return context.store.transact(async (tx) => {
    if (await isSentAgain(tx, plan)) return false;
    await recordOutcome(tx, context, plan, { kind: 'refused', why });
    return true;
  });
}

async function recordOutcome(
  tx: RecordTransaction,
  { clock, log }: WorkflowContext,
  plan: Plan,
  outcome: FinalOutcome,
): Promise<void> {
  const now = clock.now();
  const state = stateAfter(outcome);
  if (state === null || !(await tx.movePlan(plan.id, 'executing', state))) return;
  log.info({ incident: plan.incidentId, host: plan.host, plan: plan.id, outcome: outcome.kind }, 'plan executed');
  const intendedAt = (await tx.execution(plan.id))?.intendedAt ?? now.toISOString();
  await tx.finishExecution({ planId: plan.id, intendedAt, finishedAt: now.toISOString(), outcome });
  const entry = await appendAct(tx, plan, {
    act: 'execution-finished',
    actor: BY_WORKFLOW,
    now,
    outcome: outcomeInEntry(outcome),
  });
  await showPlanState(tx, plan, state);
  const isVerifiedNext = outcome.kind === 'applied' && plan.undoes === undefined;
  // The outcome and the registry's own answer after it are one post.
  if (isVerifiedNext) return;
  await postExecution(tx, plan, outcome, entry);
  if (CHANGED_NOTHING.includes(outcome.kind)) return leaveIncident(tx, plan);
  // After an undo the registry is expected to be as unhealthy as before the undone plan.
  await tx.moveIncident(plan.incidentId, ['executing'], { state: 'open', closedAt: null });
  await editStatus(tx, plan.incidentId, { resolvedAt: null });
}

const CHANGED_NOTHING: readonly FinalOutcome['kind'][] = ['stale', 'refused', 'undone'];
