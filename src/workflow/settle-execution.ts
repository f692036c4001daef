import type { ApplyOutcome } from '../model/execution.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import { isOutOfTime } from './expire-plans.ts';
import { postOutcomeUnknown } from './messages.ts';
import { isSentAgain } from './on-record.ts';
import { type FinalOutcome, isFinalOutcome } from './outcome-on-record.ts';
import { applyAgainOn, askOutcome } from './plan-on-host.ts';
import { appendPlanAct, BY_WORKFLOW } from './plan-record.ts';
import type { Surroundings } from './surroundings.ts';
import { toldOfPlan } from './told-of-plan.ts';

/** How long to wait before the host is asked again what became of a plan. */
const ASK_AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** How long after its end by our clock a plan might still start on its host. */
const PAST_STARTING_MS = 120_000;

/** Hears, once, that it is not known yet what became of the plan. */
export type OnUnknown = (plan: Plan, known: ApplyOutcome) => void;

/** Where the bot is stopping, the question stays open on record. */
type Settled = FinalOutcome | 'stopping' | 'settled-elsewhere';

/**
 * Asks the host until the outcome is certain, or on record by another replica that asked. What did not start is sent again while it is in
 * time: the host's own claim lets a plan run at most once.
 */
export async function settleExecution(
  surroundings: Surroundings,
  at: { plan: Plan; host: HostSettings; known: ApplyOutcome; stop: AbortSignal; onUnknown: OnUnknown },
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
      await tellThatUnknown(surroundings, plan, known, at.onUnknown);
      isTold = true;
    }
    if (asked > 0) await clock.sleep(ASK_AGAIN_MS[Math.min(asked, ASK_AGAIN_MS.length) - 1] ?? 30_000, stop);
    if (stop.aborted) return 'stopping';
    const isSentNow = isUnstarted && mayStart;
    if (!(await isStillOpen(surroundings, plan, isSentNow))) return 'settled-elsewhere';
    told = await (isSentNow ? applyAgainOn : askOutcome)(surroundings, host, plan);
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

/** That it is sent again is on record first: whoever else carries this plan out must not call it unsent then. */
function isStillOpen({ store, clock }: Surroundings, plan: Plan, isSentNow: boolean): Promise<boolean> {
  return store.transact(async (tx) => {
    if ((await tx.plan(plan.id))?.state !== 'executing') return false;
    if (isSentNow && !(await isSentAgain(tx, plan))) {
      await appendPlanAct(tx, plan, { act: 'execution-sent-again', actor: BY_WORKFLOW, now: clock.now() });
    }
    return true;
  });
}

/** People wait for an outcome: after one question without an answer they are told that it is not known yet. */
async function tellThatUnknown(
  { store }: Surroundings,
  plan: Plan,
  known: ApplyOutcome,
  onUnknown: OnUnknown,
): Promise<void> {
  const why = 'the host has not started it, but a request on its way might until its time there is up';
  const shown = known.kind === 'never-started' ? ({ kind: 'unknown', why } as const) : known;
  await store.transact((tx) => postOutcomeUnknown(tx, plan, shown));
  onUnknown(plan, shown);
}
