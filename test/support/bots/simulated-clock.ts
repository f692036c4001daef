import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../src/workflow/ports/bot.ts';

type Sleeper = { readonly at: number; readonly number: number; readonly wake: () => void };

/** How often the event loop has to turn without work before a moment counts as over. */
const IDLE_TURNS = 4;

/** Time that passes only when everybody sleeps: hours of it in a second, in an order that repeats. */
export class SimulatedClock implements Clock {
  readonly #start: number;
  #now: number;
  #ahead = 0;
  #started = 0;
  #sleepers: Sleeper[] = [];
  #atWork = 0;

  constructor(start: Date) {
    this.#start = start.getTime();
    this.#now = this.#start;
  }

  now(): Date {
    return new Date(this.#now + this.#ahead);
  }

  /** Sets the clock forward, or back. Those who sleep sleep on for as long as before. */
  step(ms: number): void {
    this.#ahead += ms;
  }

  /** The time that has passed, whatever the clock was set to. */
  passedMs(): number {
    return this.#now - this.#start;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const aborted = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        resolve();
      };
      const wake = () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      };
      const sleeper = { at: this.#now + ms, number: this.#started++, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  /** Time stands still while this work is done. */
  async working<T>(work: Promise<T>): Promise<T> {
    this.#atWork += 1;
    return work.finally(() => {
      this.#atWork -= 1;
    });
  }

  /** Lets this much time pass, and wakes each sleeper at its moment. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await this.settled();
      const next = this.#sleepers.reduce<Sleeper | null>((best, one) => (isBefore(one, best) ? one : best), null);
      if (next === null || next.at > end) break;
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
  }

  /** Resolves when nothing more happens in this moment. */
  async settled(): Promise<void> {
    for (let idle = 0; idle < IDLE_TURNS; idle += 1) {
      await nextTurn();
      if (this.#atWork > 0) idle = -1;
    }
  }
}

function isBefore(one: Sleeper, best: Sleeper | null): boolean {
  return best === null || one.at < best.at || (one.at === best.at && one.number < best.number);
}
