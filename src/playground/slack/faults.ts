/** The kinds of outage. `refused`: nothing listens. `hang`: connections are accepted and never answered. */
export type Outage =
  | 'refused'
  | 'hang'
  | 'http-500'
  | 'http-503'
  | 'internal_error'
  | 'fatal_error'
  | 'service_unavailable';

/** What the bot gets of a call that was carried out: the connection ends, or a server in between says 500. */
export type LostAnswer = 'cut' | 'http-500';

/** A rate limit: `burst` calls at once, then one every `everyMs`. */
export type CallRate = { readonly burst: number; readonly everyMs: number };

/** The rate limits of a stand-in. A missing one means no limit. */
export type CallRates = {
  /** chat.postMessage, in each channel. */
  readonly posts?: CallRate;
  /** chat.update, in the whole workspace. */
  readonly edits?: CallRate;
  /** Each method of conversations.*, in the whole workspace. */
  readonly reads?: CallRate;
};

/** About what Slack enforces (https://docs.slack.dev/apis/web-api/rate-limits). */
export const SLACK_RATES: CallRates = {
  posts: { burst: 3, everyMs: 1_000 },
  edits: { burst: 10, everyMs: 1_200 },
  reads: { burst: 10, everyMs: 1_200 },
};

type RateLimit = { readonly seconds: number; times: number };
type Spent = { left: number; at: number };

/** The failures to simulate, as a test or the demo requested them. */
export class Faults {
  outage: Outage | null = null;
  latencyMs = 0;
  /** A type of block, or a field, that Slack refuses. */
  refusedBlock: string | null;
  readonly #rateLimits = new Map<string, RateLimit>();
  readonly #drops = new Map<string, LostAnswer[]>();
  readonly #errors = new Map<string, string[]>();
  readonly #spent = new Map<string, Spent>();
  readonly #rates: CallRates;

  constructor(rates: CallRates, refusedBlock: string | null) {
    this.#rates = rates;
    this.refusedBlock = refusedBlock;
  }

  rateLimit(method: string, seconds: number, times: number): void {
    this.#rateLimits.set(method, { seconds, times });
  }

  dropNextResponse(method: string, instead: LostAnswer): void {
    this.#drops.set(method, [...(this.#drops.get(method) ?? []), instead]);
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
    if (method === 'chat.postMessage') return this.#spend(`${method} ${String(channel)}`, this.#rates.posts);
    if (method === 'chat.update') return this.#spend(method, this.#rates.edits);
    return method.startsWith('conversations.') ? this.#spend(method, this.#rates.reads) : null;
  }

  takeError(method: string): string | undefined {
    return this.#errors.get(method)?.shift();
  }

  takeDrop(method: string): LostAnswer | null {
    return this.#drops.get(method)?.shift() ?? null;
  }

  #spend(what: string, rate: CallRate | undefined): number | null {
    if (rate === undefined) return null;
    const now = performance.now();
    const spent = this.#spent.get(what) ?? { left: rate.burst, at: now };
    const left = Math.min(rate.burst, spent.left + (now - spent.at) / rate.everyMs);
    const isTaken = left >= 1;
    this.#spent.set(what, { left: isTaken ? left - 1 : left, at: now });
    return isTaken ? null : Math.ceil(((1 - left) * rate.everyMs) / 1000);
  }
}
