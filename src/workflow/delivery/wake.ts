import type { Clock } from '../ports/bot.ts';

/** Lets a loop sleep until there is work. A ring while no one waits is kept for the next wait. */
export class Wake {
  #rung = false;
  #waiting: AbortController | null = null;

  ring(): void {
    this.#rung = true;
    this.#waiting?.abort();
  }

  /** Resolves at the next ring, after `timeoutMs` at the latest, or when `stop` fires. */
  async wait(clock: Clock, timeoutMs: number, stop: AbortSignal): Promise<void> {
    if (!this.#rung) {
      this.#waiting = new AbortController();
      await clock.sleep(timeoutMs, AbortSignal.any([this.#waiting.signal, stop]));
      this.#waiting = null;
    }
    this.#rung = false;
  }
}
