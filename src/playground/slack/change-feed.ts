/** Tells waiters that something in the stand-in changed, so that nobody has to poll. */
export class ChangeFeed {
  readonly #waiters = new Set<() => void>();

  /** To be called after every change that somebody may wait for. */
  notify(): void {
    for (const look of [...this.#waiters]) look();
  }

  /**
   * The first value other than `undefined` that `look` gives; it looks at once and after every change.
   * Rejects after `timeoutMs` with what was waited for and what `describe` tells of the state by then.
   */
  waitFor<T>(what: string, look: () => T | undefined, timeoutMs: number, describe: () => string): Promise<T> {
    const present = look();
    if (present !== undefined) return Promise.resolve(present);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(lookAgain);
        reject(new Error(`waited ${timeoutMs} ms in vain for ${what}\n${describe()}`));
      }, timeoutMs);
      const lookAgain = () => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiters.delete(lookAgain);
        resolve(found);
      };
      this.#waiters.add(lookAgain);
    });
  }
}
