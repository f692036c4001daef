/** Tells waiters that something in the stand-in changed, so that no one has to poll. */
export class ChangeFeed {
  readonly #waiters = new Set<() => void>();
  readonly #closing = new AbortController();

  /** Wakes every waiter. Must be called after every change. */
  notify(): void {
    for (const look of [...this.#waiters]) look();
  }

  /** Ends every wait with an error, since nothing will change any more. */
  close(): void {
    this.#closing.abort();
  }

  /**
   * Resolves with the first value other than `undefined` that `look` returns, now or after a change. Rejects after
   * `timeoutMs` with `what` and the state that `describe` returns.
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
