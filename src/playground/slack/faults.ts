/** How the stand-in is away. `refused`: nothing listens. `hang`: connections are accepted and never answered. */
export type Outage =
  | 'refused'
  | 'hang'
  | 'http-500'
  | 'http-503'
  | 'internal_error'
  | 'fatal_error'
  | 'service_unavailable';

type RateLimit = { readonly seconds: number; times: number };

/** The failures that a test or the demo requested. */
export class Faults {
  outage: Outage | null = null;
  latencyMs = 0;
  readonly #rateLimits = new Map<string, RateLimit>();
  readonly #drops = new Map<string, number>();
  readonly #errors = new Map<string, string[]>();
  readonly #lastPosts = new Map<string, number>();
  readonly #enforcePostRate: boolean;

  constructor(enforcePostRate: boolean) {
    this.#enforcePostRate = enforcePostRate;
  }

  rateLimit(method: string, seconds: number, times: number): void {
    this.#rateLimits.set(method, { seconds, times });
  }

  dropNextResponse(method: string): void {
    this.#drops.set(method, (this.#drops.get(method) ?? 0) + 1);
  }

  failNext(method: string, error: string): void {
    this.#errors.set(method, [...(this.#errors.get(method) ?? []), error]);
  }

  /** Seconds for Retry-After, or null if the call can pass. */
  takeRateLimit(method: string, channel: unknown): number | null {
    const limit = this.#rateLimits.get(method);
    if (limit !== undefined && limit.times > 0) {
      limit.times -= 1;
      return limit.seconds;
    }
    return method === 'chat.postMessage' && this.#enforcePostRate ? this.#takePostRate(String(channel)) : null;
  }

  takeError(method: string): string | undefined {
    return this.#errors.get(method)?.shift();
  }

  takeDrop(method: string): boolean {
    const drops = this.#drops.get(method) ?? 0;
    this.#drops.set(method, Math.max(0, drops - 1));
    return drops > 0;
  }

  /** About one message a second for each channel (https://docs.slack.dev/apis/web-api/rate-limits). */
  #takePostRate(channel: string): number | null {
    const now = performance.now();
    const last = this.#lastPosts.get(channel);
    if (last !== undefined && now - last < 1000) return 1;
    this.#lastPosts.set(channel, now);
    return null;
  }
}
