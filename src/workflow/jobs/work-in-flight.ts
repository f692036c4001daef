import type { Log } from '../ports/bot.ts';

/** Background work that a shutdown waits for, and whose failures are logged once. */
export class WorkInFlight {
  readonly #running = new Set<Promise<void>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Starts `work` without waiting for it. What it throws is a bug or broken infrastructure, and is logged. The work
   * stays on record.
   */
  start(what: string, work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => this.#log.error({ err: error, what }, 'background work failed'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when all work is done, including work that other work started, or after the time limit: then false. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), timeoutMs).unref());
    while (this.#running.size > 0) {
      const ended = await Promise.race([Promise.all(this.#running), deadline]);
      if (ended === 'late') return false;
    }
    return true;
  }
}
