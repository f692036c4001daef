/** Tells waiters that something in the stand-in changed, so that nobody has to poll. */
export class ChangeFeed {
  readonly #waiters = new Set<() => void>();
  readonly #closing = new AbortController();

  /** To be called after every change that somebody may wait for. */
  notify(): void {
    for (const look of [...this.#waiters]) look();
  }

  /** Nothing will change any more: whoever still waits is told so. */
  close(): void {
    this.#closing.abort();
  }

  /**
   * The first value other than `undefined` that `look` gives; it looks at once and after every change.
   * Rejects after `timeoutMs` with what was waited for and what `describe` tells of the state by then.
   */
  waitFor<T>(what: string, look: () => T | undefined, timeoutMs: number, describe: () => string): Promise<T> {
    const present = look();
    if (present !== undefined) return Promise.resolve(present);
    if (this.#closing.signal.aborted) return Promise.reject(new Error(`closed before somebody waited for ${what}`));
    return new Promise((resolve, reject) => {
      const giveUp = (why: string) => {
        stopWaiting();
        reject(new Error(`${why} ${what}\n${describe()}`));
      };
      const closed = () => giveUp('closed while somebody waited for');
      const timer = setTimeout(() => giveUp(`waited ${timeoutMs} ms in vain for`), timeoutMs);
      const lookAgain = () => {
        const found = look();
        if (found === undefined) return;
        stopWaiting();
        resolve(found);
      };
      const stopWaiting = () => {
        clearTimeout(timer);
        this.#waiters.delete(lookAgain);
        this.#closing.signal.removeEventListener('abort', closed);
      };
      this.#closing.signal.addEventListener('abort', closed);
      this.#waiters.add(lookAgain);
    });
  }
}
