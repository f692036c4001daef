import PQueue from 'p-queue';
import type { Clock } from '../ports/bot.ts';

/** Looks at hosts that answered the last time. */
const LIVELY_AT_ONCE = 48;
/** Looks at hosts that did not: each can take its whole time limit, and must not delay the others. */
const SILENT_AT_ONCE = 16;
/** Deeper looks run a whole diagnosis each. They are never urgent, so they leave the connections to the others. */
export const DEEP_LOOKS_AT_ONCE = 8;
/** The maximum number of looks at the same time, over all hosts. */
export const LOOKS_AT_ONCE = LIVELY_AT_ONCE + SILENT_AT_ONCE;
/** How many new connections monitoring makes in a second. */
export const CONNECTS_PER_SECOND = 50;
const CONNECT_GAP_MS = 1000 / CONNECTS_PER_SECOND;

/** The order in which all watched hosts are looked at: bounded at once, and with a budget of new connections. */
export class LookTurns {
  readonly #clock: Clock;
  readonly #lively = new PQueue({ concurrency: LIVELY_AT_ONCE });
  readonly #silent = new PQueue({ concurrency: SILENT_AT_ONCE });
  readonly #deep = new PQueue({ concurrency: DEEP_LOOKS_AT_ONCE });
  #nextConnectAt = 0;
  #waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a look when its turn comes. */
  take<T>(wasSilent: boolean, look: () => Promise<T>): Promise<T> {
    return (wasSilent ? this.#silent : this.#lively).add(look);
  }

  /**
   * What a look calls before each connection that it makes. A look that begins with a new one waits for it here, before
   * it takes a turn: otherwise those that are looked at for the first time would keep all others waiting.
   */
  async connects(beginsWithNew: boolean, stop: AbortSignal): Promise<() => Promise<void>> {
    if (beginsWithNew) await this.mayConnect(stop);
    let isFirstPermitted = beginsWithNew;
    return async () => {
      if (!isFirstPermitted) return this.mayConnect(stop);
      isFirstPermitted = false;
    };
  }

  /** Runs a deeper look when its turn comes, within the same budget of new connections. */
  takeDeep<T>(stop: AbortSignal, look: () => Promise<T>): Promise<T> {
    return this.#deep.add(async () => {
      await this.mayConnect(stop);
      return look();
    });
  }

  /** Resolves when one more connection may be made: they are evenly spaced, so that no second has more than its share. */
  async mayConnect(stop: AbortSignal): Promise<void> {
    const now = this.#clock.now().getTime();
    // The clock might have been set back meanwhile. No one waits for longer than for those who wait already.
    const latest = now + (this.#waiting + 1) * CONNECT_GAP_MS;
    const at = Math.min(Math.max(now, this.#nextConnectAt), latest);
    this.#nextConnectAt = at + CONNECT_GAP_MS;
    if (at <= now) return;
    this.#waiting += 1;
    await this.#clock.sleep(at - now, stop).finally(() => {
      this.#waiting -= 1;
    });
  }
}
