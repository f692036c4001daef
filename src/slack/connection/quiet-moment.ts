import { setTimeout as sleep } from 'node:timers/promises';

/** So long no request must have come. */
const QUIET_MS = 25;
/** Work that waits is done after this time in any case. */
const LONGEST_WAIT_MS = 500;

/** Monotonic time in milliseconds. */
export type Time = { now(): number; sleep(ms: number): Promise<unknown> };

/**
 * Lets the work of requests wait until a burst of them is acknowledged. The work writes to disk, and where that takes its
 * time (a second, on a busy disk) nothing is acknowledged meanwhile: SQLite runs in this thread.
 */
export class QuietMoment {
  readonly #time: Time;
  #lastRequestAt = Number.NEGATIVE_INFINITY;

  constructor(time: Time = { now: () => performance.now(), sleep }) {
    this.#time = time;
  }

  requestCame(): void {
    this.#lastRequestAt = this.#time.now();
  }

  async wait(): Promise<void> {
    const deadline = this.#time.now() + LONGEST_WAIT_MS;
    for (;;) {
      const now = this.#time.now();
      const quietAt = Math.min(this.#lastRequestAt + QUIET_MS, deadline);
      if (now >= quietAt) return;
      await this.#time.sleep(quietAt - now);
    }
  }
}
