import type { ClientChannel } from 'ssh2';

/**
 * How a command ended, as the server says it. A command that ends at once is told of in the same packet as its start,
 * before anything that awaits the session can listen: so this has to be made right where the channel is.
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

  /** Calls the listener when the end is known; at once where it is known already. */
  onKnown(listener: () => void): void {
    this.#listener = listener;
    if (this.#isKnown) listener();
  }
}
