import type { HostName } from '../../model/record/ids.ts';
import type { HostSettings, Settings } from '../../model/settings/settings.ts';

/** Starts to watch a host, until the signal fires. */
type BeginWatch = (host: HostSettings, intervalMs: number, stop: AbortSignal) => void;

/** One watch for each watched host, whatever the settings become. */
export class HostWatches {
  readonly #begin: BeginWatch;
  readonly #running = new Map<HostName, { readonly host: HostSettings; readonly stop: AbortController }>();

  constructor(begin: BeginWatch) {
    this.#begin = begin;
  }

  /** Ends the watches of hosts that were removed or changed, and begins those that are missing. */
  follow({ hosts }: Settings): void {
    for (const [name, { host, stop }] of this.#running) {
      if (hosts.get(name) === host) continue;
      stop.abort();
      this.#running.delete(name);
    }
    for (const host of hosts.values()) {
      if (host.watch === null || this.#running.has(host.name)) continue;
      const stop = new AbortController();
      this.#running.set(host.name, { host, stop });
      this.#begin(host, host.watch.intervalSeconds * 1000, stop.signal);
    }
  }

  /** How many hosts are watched. */
  get size(): number {
    return this.#running.size;
  }
}
