import { setTimeout as sleep } from 'node:timers/promises';

/** Required silence before work starts. */
const QUIET_MS = 25;
/** Waiting work starts after this time in any case. */
const LONGEST_WAIT_MS = 500;

/** Monotonic time in milliseconds. */
export type Time = { now(): number; sleep(ms: number): Promise<unknown> };

/**
 * Delays the work of requests until a burst of them is acknowledged. The work writes to disk, and SQLite runs in this
 * thread. On a busy disk (a second per write) nothing would be acknowledged meanwhile.
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
