import { OperatorError } from '../model/operator-error.ts';
import type { StoreProblem } from '../model/record/store-problem.ts';
import type { Clock, Metrics } from '../workflow/ports/bot.ts';
import type { Backlog } from '../workflow/ports/messages.ts';

/** The sources of the gauges, which are read when the metrics are requested. */
export type Gauges = {
  /** Rejects if the record can't be written. */
  readonly writeRecord: () => Promise<void>;
  readonly backlog: () => Promise<Backlog>;
  /** Null: no collector gets the record. */
  readonly oldestUnsent: (() => Promise<string | null>) | null;
  readonly isSlackConnected: () => boolean;
  readonly watchedHosts: () => number;
  readonly clock: Clock;
};

/** Reads all gauges and sets them in `metrics`. Never rejects: a gauge that can't be read gets no value. */
export async function readGauges(gauges: Gauges, metrics: Metrics): Promise<void> {
  metrics.set('slackConnected', {}, gauges.isSlackConnected() ? 1 : 0);
  metrics.set('watchedHosts', {}, gauges.watchedHosts());
  const why = await gauges.writeRecord().then(
    () => null,
    (error: unknown) => problemOf(error),
  );
  metrics.set('recordWritable', {}, why === null ? 1 : 0);
  metrics.set('olderCopy', {}, why === 'older-copy' ? 1 : 0);
  const backlog = await gauges.backlog().catch(() => null);
  metrics.set('outboxDepth', {}, backlog?.messages ?? null);
  metrics.set('outboxAge', {}, backlog && ageOf(backlog.waitingSince, gauges.clock));
  const unsentAge = gauges.oldestUnsent?.().then((since) => ageOf(since, gauges.clock));
  metrics.set('unsentAge', {}, (await unsentAge?.catch(() => null)) ?? null);
}

/** What is wrong with the record. */
function problemOf(error: unknown): StoreProblem['kind'] | 'unknown' {
  const problem = error instanceof OperatorError ? error.operatorProblem : null;
  return problem?.code === 'store' ? problem.problem.kind : 'unknown';
}

function ageOf(since: string | null, clock: Clock): number {
  return since === null ? 0 : Math.max(0, clock.now().getTime() - Date.parse(since)) / 1000;
}
