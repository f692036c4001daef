import type { ClientChannel } from 'ssh2';

/**
 * How a command ended, as the server reports it. Construct this in the same tick in which the channel opens: a command
 * that ends at once can end in the same packet as it starts, before code that awaits the session can listen.
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

  /** Calls the listener when the end is known, or at once if it is known already. */
  onKnown(listener: () => void): void {
    this.#listener = listener;
    if (this.#isKnown) listener();
  }
}
