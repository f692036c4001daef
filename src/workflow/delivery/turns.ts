import type { DeliveryLine } from '../ports/messages.ts';

/** More lines than have messages waiting at a time. */
const MAX_REMEMBERED = 1_000;

/** Remembers which incident, or which channel's notices, had its turn when, so that none with many messages keeps the others waiting. */
export class Turns {
  readonly #turns = new Map<DeliveryLine, number>();
  #count = 0;

  /** Higher: more recently. 0: never, or long ago. */
  of(line: DeliveryLine): number {
    return this.#turns.get(line) ?? 0;
  }

  note(line: DeliveryLine): void {
    this.#count += 1;
    // A Map keeps its entries in insertion order.
    this.#turns.delete(line);
    this.#turns.set(line, this.#count);
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > MAX_REMEMBERED && oldest !== undefined) this.#turns.delete(oldest);
  }
}
