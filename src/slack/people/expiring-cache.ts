/** What a lookup brought, and whether it may be kept: failures are asked again. */
export type Looked<V> = { readonly value: V; readonly keep: boolean };

/** More than all the people who use one bot at a time; what is asked beyond that is asked again. */
const MAX_ENTRIES = 1_000;

/** Remembers answers for a short time, a bounded number of them; several who ask at once share one lookup. */
export class ExpiringCache<V> {
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly value: Promise<V>; readonly until: number }>();

  /** `now` in milliseconds; only the difference between two calls matters. */
  constructor(ttlMs: number, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  /** The remembered answer, or that of `look`. Rejects when `look` does, and forgets it then. */
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

  /** A Map gives its entries in the order in which they came. */
  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= MAX_ENTRIES) this.#entries.delete(oldest);
  }
}
