import type { WorkflowContext } from '../context.ts';
import { BY_WORKFLOW } from './record-act.ts';

const EVERY_MS = 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

type Context = Pick<WorkflowContext, 'store' | 'clock' | 'log'>;

/** Drops the details of incidents that ended more than so many days ago. Again every hour, until `stop`. Null: none are dropped. */
export async function dropDetailsUntil(stop: AbortSignal, context: Context, days: number | null): Promise<void> {
  while (days !== null && !stop.aborted) {
    try {
      while (!stop.aborted && (await dropDetails(context, days)));
    } catch (error) {
      context.log.error({ err: error }, 'details could not be dropped from the record; the next try follows');
    }
    await context.clock.sleep(EVERY_MS, stop);
  }
}

/** Drops the details of some incidents, with the entry that says so. False: there were none. */
export function dropDetails({ store, clock }: Pick<Context, 'store' | 'clock'>, days: number): Promise<boolean> {
  return store.transact(async (tx) => {
    const now = clock.now();
    const wanted = { kind: 'ended-before', at: new Date(now.getTime() - days * DAY_MS) } as const;
    const details = await tx.detailsOf(wanted);
    const { values, diagnoses } = details.removed;
    const isNothing = Object.keys(values).length === 0 && diagnoses.length === 0 && details.incidents.length === 0;
    if (isNothing && details.apart === 0) return false;
    const outcome = { olderThan: wanted.at.toISOString(), incidents: [...details.incidents], ...details.removed };
    await tx.appendOwnAct({ at: now.toISOString(), actor: BY_WORKFLOW, act: 'details-dropped', outcome });
    await tx.removeDetails(wanted, details);
    return true;
  });
}
