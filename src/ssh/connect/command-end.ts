import type { ClientChannel } from 'ssh2';

/**
 * How a command ended, as the server says. The end of a command that ends at once can arrive in the same packet as its
 * start, before any code that awaits the session can listen. So construct this synchronously with the channel.
 */
export class CommandEnd {
  exitCode: number | null = null;
  signal: string | null = null;
  #isKnown = false;
  #listener: (() => void) | null = null;

  constructor(channel: ClientChannel) {
    channel.once('exit', (code: number | null, signal?: string) => {
      this.exitCode = code;
      this.signal = signal ?? null;
      this.#isKnown = true;
      this.#listener?.();
    });
  }

  /** Calls the listener when the end is known, immediately if it is known already. */
  onKnown(listener: () => void): void {
    this.#listener = listener;
    if (this.#isKnown) listener();
  }
}
