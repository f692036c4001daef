import { nextPlanState } from '../approval/plan-transitions.ts';
import type { Plan, PlanState } from '../model/plan.ts';
import { leaveQueue } from './execution-queue.ts';
import { postRecordLine } from './messages.ts';
import { appendPlanAct, BY_WORKFLOW, showPlanState } from './plan-record.ts';
import type { RecordTransaction } from './ports.ts';
import type { Surroundings } from './surroundings.ts';

const LOOK_EVERY_MS = 2_000;

/** Ends plans whose time is up, also when nobody clicks and also those that ran out while the bot was away. */
export async function expirePlansUntil(stop: AbortSignal, { store, clock, log }: Surroundings): Promise<void> {
  while (!stop.aborted) {
    await store
      .transact((tx) => expirePlansDue(tx, clock.now()))
      .catch((error: unknown) => log.error({ err: error }, 'plans could not be expired; the next look tries again'));
    await clock.sleep(LOOK_EVERY_MS, stop);
  }
}

async function expirePlansDue(tx: RecordTransaction, now: Date): Promise<void> {
  for (const { plan, state } of await tx.plansIn(['proposed', 'approved'])) {
    if (isOutOfTime(plan, now)) await expirePlan(tx, plan, { from: state, now, why: OUT_OF_TIME });
  }
}

/** Whether the plan's life span is over. */
export function isOutOfTime(plan: Plan, now: Date): boolean {
  return Date.parse(plan.expiresAt) <= now.getTime();
}

export const OUT_OF_TIME = 'its time was up before it ran';

/** Moves one plan to `expired`, on the record and on its card. Does nothing when it has moved on already. */
export async function expirePlan(
  tx: RecordTransaction,
  plan: Plan,
  { from, now, why }: { readonly from: PlanState; readonly now: Date; readonly why: string },
): Promise<void> {
  const next = nextPlanState(from, 'expire');
  if (next === null || !(await tx.movePlan(plan.id, from, next))) return;
  const entry = await appendPlanAct(tx, plan, { act: 'plan-expired', actor: BY_WORKFLOW, now, outcome: { why } });
  await postRecordLine(tx, plan.host, entry);
  await showPlanState(tx, plan, 'expired', { because: why });
  if (from === 'approved') await leaveQueue(tx, plan, now);
}
