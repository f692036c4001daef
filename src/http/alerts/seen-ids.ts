/** A signature is valid for five minutes before and after its time. */
const KEPT_MS = 10 * 60 * 1000;

/** The ids of accepted signed requests, for as long as their signatures are valid. `nowMs` is monotonic. */
export class SeenIds {
  readonly #untilById = new Map<string, number>();

  has(id: string, nowMs: number): boolean {
    return (this.#untilById.get(id) ?? 0) > nowMs;
  }

  add(id: string, nowMs: number): void {
    // A Map keeps the order of insertion: the oldest are first.
    for (const [old, until] of this.#untilById) {
      if (until > nowMs) break;
      this.#untilById.delete(old);
    }
    this.#untilById.set(id, nowMs + KEPT_MS);
  }
}
