import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { EXPIRED_BEFORE_RUN, endPlan, isExpired } from './end-plan.ts';

const LOOK_EVERY_MS = 2_000;

/** Expires plans past their deadline, including those that lapsed while the bot was down. */
export async function expirePlansUntil(stop: AbortSignal, { store, clock, log }: WorkflowContext): Promise<void> {
  while (!stop.aborted) {
    await store
      .transact((tx) => expirePlansDue(tx, clock.now()))
      .catch((error: unknown) => log.error({ err: error }, 'plans could not be expired; the next try follows'));
    await clock.sleep(LOOK_EVERY_MS, stop);
  }
}

async function expirePlansDue(tx: RecordTransaction, now: Date): Promise<void> {
  for (const stored of await tx.plansIn(['proposed', 'approved'])) {
    if (isExpired(stored.plan, now)) await endPlan(tx, stored, 'expire', { now, why: EXPIRED_BEFORE_RUN });
  }
}
