import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { RecordProblem } from '../../model/record/record.ts';
import type { StoreProblem } from '../../model/record/store-problem.ts';
import { errnoCode, systemProblem } from '../../model/system-problem.ts';
import type { Beside } from '../../record/check/check-record.ts';
import type { PlansInRows } from '../../record/check/plans-walk.ts';
import type { TakePlans } from '../record/check-beside.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import type { ThreadMessage, ThreadTask } from './check-in-thread.ts';

/** Runs the task beside this thread. `failed` is called with the reason if it ends before it is ended. */
export type RunTask = (task: ThreadTask, failed: (error: unknown) => void) => { end(): Promise<unknown> };

export type CheckedInThread = {
  readonly ofCheckpoints: readonly RecordProblem[];
  readonly damage: StoreProblem | null;
};

/** Another thread that checks a part of a long record meanwhile. A failure of it, whatever it is, rejects what it was to do. */
export class SecondThread {
  readonly #port: MessagePort;
  readonly #running: ReturnType<RunTask>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #snapshotTaken = Promise.withResolvers<void>();
  readonly #checked = Promise.withResolvers<CheckedInThread>();
  readonly #waiting: PlansInRows[] = [];
  #takePlans: TakePlans = (plans) => this.#waiting.push(plans);

  constructor(path: string, beside: Beside, run: RunTask = inWorker) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const all = [this.#ready, this.#snapshotTaken, this.#checked];
    for (const { promise } of all) promise.catch(() => {});
    const failed = (error: unknown) => {
      for (const { reject } of all) reject(error);
    };
    port1.on('message', (message: ThreadMessage) => {
      try {
        this.#hear(message, failed);
      } catch (error) {
        failed(error);
      }
    });
    port1.on('messageerror', failed);
    this.#running = run({ path, beside, port: port2 }, failed);
  }

  /** Resolves once it can take its snapshot. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Lets it take its snapshot and go on. Resolves once that is taken. */
  takeSnapshot(): Promise<void> {
    this.#port.postMessage('go on');
    return this.#snapshotTaken.promise;
  }

  /** Hands over the plans, and then what else it has found. Until this is called, what it says waits as bytes. */
  result(takePlans: TakePlans): Promise<CheckedInThread> {
    this.#takePlans = takePlans;
    for (const plans of this.#waiting.splice(0)) takePlans(plans);
    return this.#checked.promise;
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#running.end();
  }

  #hear(message: ThreadMessage, failed: (error: unknown) => void): void {
    if (message.kind === 'ready') this.#ready.resolve();
    else if (message.kind === 'snapshot-taken') this.#snapshotTaken.resolve();
    else if (message.kind === 'plans') this.#takePlans(message.plans);
    else if (message.kind === 'checked') this.#checked.resolve(message);
    else failed(new StoreUnavailable(message.problem));
  }
}

/** What it needs does not grow with the record. With as much as a process may have, V8 would leave more uncollected. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256 };
const BEGINNING = new URL('second-thread.js', import.meta.url);

/** @param file the first module of the thread */
export function inWorker(
  task: ThreadTask,
  failed: (error: unknown) => void,
  file: URL = BEGINNING,
): ReturnType<RunTask> {
  const worker = new Worker(file, { workerData: task, transferList: [task.port], resourceLimits: RESOURCE_LIMITS });
  const { path } = task;
  worker.once('error', (error) => {
    const isOurFault = errnoCode(error) !== 'ERR_WORKER_OUT_OF_MEMORY';
    failed(isOurFault ? error : new StoreUnavailable({ kind: 'check-stopped', path, why: systemProblem(error) }));
  });
  worker.once('exit', (code) => {
    failed(new StoreUnavailable({ kind: 'check-stopped', path, why: { errno: null, said: `exit ${code}` } }));
  });
  return { end: () => worker.terminate() };
}
