/** Slack repeats an event within an hour; no workspace sends so many in that time. */
const MAX_REMEMBERED = 10_000;

/** Which events came already. Slack sends one again when it missed the acknowledgement. */
export class SeenEvents {
  readonly #ids = new Set<string>();

  /** Whether this is the first time. */
  isNew(id: string): boolean {
    if (this.#ids.has(id)) return false;
    const [oldest] = this.#ids;
    if (oldest !== undefined && this.#ids.size >= MAX_REMEMBERED) this.#ids.delete(oldest);
    this.#ids.add(id);
    return true;
  }
}
