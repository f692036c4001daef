/** The result of a lookup, and whether to cache it. Failures are not cached. */
export type Looked<V> = { readonly value: V; readonly keep: boolean };

/** Limit for the entries: more than all the people who use one bot at a time. */
const MAX_ENTRIES = 1_000;

/** Caches answers for a short time, a limited number of them. Concurrent lookups of one key share a request. */
export class ExpiringCache<V> {
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly value: Promise<V>; readonly until: number }>();

  /** `now` in milliseconds. Only the difference between two calls matters. */
  constructor(ttlMs: number, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  /** The cached answer or, without one, that of `look`. If `look` rejects, this does, and nothing is cached. */
  get(key: string, look: () => Promise<Looked<V>>): Promise<V> {
    this.#dropExpired();
    const known = this.#entries.get(key);
    if (known) return known.value;
    const value = this.#lookUp(key, look);
    this.#dropOldest();
    this.#entries.set(key, { value, until: this.#now() + this.#ttlMs });
    return value;
  }

  async #lookUp(key: string, look: () => Promise<Looked<V>>): Promise<V> {
    let keep = false;
    try {
      const looked = await look();
      keep = looked.keep;
      return looked.value;
    } finally {
      if (!keep) this.#entries.delete(key);
    }
  }

  #dropExpired(): void {
    const now = this.#now();
    for (const [key, { until }] of this.#entries) {
      if (until <= now) this.#entries.delete(key);
    }
  }

  /** A Map keeps its entries in insertion order. */
  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= MAX_ENTRIES) this.#entries.delete(oldest);
  }
}
