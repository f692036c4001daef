/** More incidents than have messages waiting at a time. */
const MAX_REMEMBERED = 1_000;

/** Remembers which incident had its turn when, so that none with many messages keeps the others waiting. */
export class Turns {
  readonly #turns = new Map<number, number>();
  #count = 0;

  /** Higher: more recently. 0: never, or long ago. */
  of(incidentId: number): number {
    return this.#turns.get(incidentId) ?? 0;
  }

  note(incidentId: number): void {
    this.#count += 1;
    // A Map keeps its entries in insertion order.
    this.#turns.delete(incidentId);
    this.#turns.set(incidentId, this.#count);
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > MAX_REMEMBERED && oldest !== undefined) this.#turns.delete(oldest);
  }
}
