import type { ApplyOutcome } from '../../model/plan/execution.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { type FinalOutcome, isFinalOutcome } from '../../record/outcome.ts';
import type { WorkflowContext } from '../context.ts';
import { applyAgainOn, askOutcome } from '../host/plan-on-host.ts';
import { isExpired } from '../plan/end-plan.ts';
import { postOutcomeUnknown } from '../record/messages.ts';
import { isSentAgain } from '../record/read-entries.ts';
import { appendAct, BY_WORKFLOW } from '../record/record-act.ts';

/** How long to wait before the host is asked again. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** How long after its end, by our clock, a plan might still start on its host. */
const PAST_STARTING_MS = 120_000;

/** Called once if the outcome of the plan is not known yet. */
export type OnUnknown = (plan: Plan, known: ApplyOutcome) => void;

/** When the bot stops, the question stays open on record. */
type Settled = FinalOutcome | 'stopping' | 'recorded-by-other-process';

/**
 * Asks the host until the outcome is certain, or until another process has recorded it. A plan that did not start is
 * sent again while it is in time: the host's own claim lets a plan run at most once.
 */
export async function settleExecution(
  context: WorkflowContext,
  at: { plan: Plan; host: HostSettings; known: ApplyOutcome; stop: AbortSignal; onUnknown: OnUnknown },
): Promise<Settled> {
  const { clock, log } = context;
  const { plan, host, stop } = at;
  let told = at.known;
  let isAnnounced = false;
  for (let asked = 0; ; asked += 1) {
    const known = outcomeOfThisPlan(plan, told);
    if (isFinalOutcome(known)) return known;
    const isUnstarted = known.kind === 'never-started';
    if (isUnstarted && canNoLongerStart(plan, clock.now()))
      return { kind: 'refused', why: { code: 'expired-before-start' } };
    const mayStart = !isExpired(plan, clock.now());
    log.warn({ plan: plan.id, host: host.name, why: known }, 'outcome not known yet; asking the host');
    if (asked > 0 && !isAnnounced && !(isUnstarted && mayStart)) {
      await announceUnknownOutcome(context, plan, known, at.onUnknown);
      isAnnounced = true;
    }
    if (asked > 0) await clock.sleep(RETRY_DELAYS_MS[Math.min(asked, RETRY_DELAYS_MS.length) - 1] ?? 30_000, stop);
    if (stop.aborted) return 'stopping';
    const isSentNow = isUnstarted && mayStart;
    if (!(await isStillOpen(context, plan, isSentNow))) return 'recorded-by-other-process';
    told = await (isSentNow ? applyAgainOn : askOutcome)(context, host, plan);
  }
}

/**
 * A host's answer about a plan, or `unknown` if it is not about this plan because it names more, fewer, other or
 * reordered steps. It is then unknown what was done, and the host is asked again.
 */
function outcomeOfThisPlan(plan: Plan, told: ApplyOutcome): ApplyOutcome {
  if (!('steps' in told)) return told;
  const hasSameSteps =
    told.steps.length === plan.steps.length &&
    plan.steps.every(({ path, from }, index) => told.steps[index]?.path === path && told.steps[index].before === from);
  return hasSameSteps ? told : { kind: 'unknown', why: { code: 'other-steps' } };
}

/**
 * Whether a request for this plan that is still on its way can no longer start it. The host compares the plan's end
 * with its own clock, and allows more time than we do (plan-document.ts).
 */
function canNoLongerStart(plan: Plan, now: Date): boolean {
  return isExpired(plan, new Date(now.getTime() - PAST_STARTING_MS));
}

/** Records the resend first, so another process running this plan cannot report it as never sent. */
function isStillOpen({ store, clock }: WorkflowContext, plan: Plan, isSentNow: boolean): Promise<boolean> {
  return store.transact(async (tx) => {
    if ((await tx.plan(plan.id))?.state !== 'executing') return false;
    if (isSentNow && !(await isSentAgain(tx, plan))) {
      await appendAct(tx, plan, { act: 'execution-sent-again', actor: BY_WORKFLOW, now: clock.now() });
    }
    return true;
  });
}

/**
 * Tells the thread after one question without an answer that the outcome is not known yet, because people wait for it.
 */
async function announceUnknownOutcome(
  { store }: WorkflowContext,
  plan: Plan,
  known: ApplyOutcome,
  onUnknown: OnUnknown,
): Promise<void> {
  const shown: ApplyOutcome =
    known.kind === 'never-started' ? { kind: 'unknown', why: { code: 'may-still-start' } } : known;
  await store.transact((tx) => postOutcomeUnknown(tx, plan, shown));
  onUnknown(plan, shown);
}
