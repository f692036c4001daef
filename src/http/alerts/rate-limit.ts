/** The rate of requests that a source may make: `burst` at once, `perSecond` in the long run. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** A token bucket. `nowMs` is monotonic. */
export class RateLimit {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = nowMs;
  }

  /** Takes one request. False: there were too many, so it must be refused. */
  take(nowMs: number): boolean {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#at) / 1000) * perSecond);
    this.#at = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
