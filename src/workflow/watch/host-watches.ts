import type { HostName } from '../../model/record/ids.ts';
import type { HostSettings, Settings, WatchSettings } from '../../model/settings/settings.ts';

export type WatchedHost = HostSettings & { readonly watch: WatchSettings };

/** Starts to watch a host, until the signal fires. `place`: where it is among those that begin together, from 0 to 1. */
type BeginWatch = (host: WatchedHost, place: number, stop: AbortSignal) => void;

/** One watch for each watched host, whatever the settings become. */
export class HostWatches {
  readonly #begin: BeginWatch;
  readonly #running = new Map<HostName, { readonly host: HostSettings; readonly stop: AbortController }>();

  constructor(begin: BeginWatch) {
    this.#begin = begin;
  }

  /** Ends the watches of hosts that were removed or changed, and begins those that are missing. */
  follow({ hosts }: Pick<Settings, 'hosts'>): void {
    for (const [name, { host, stop }] of this.#running) {
      if (hosts.get(name) === host) continue;
      stop.abort();
      this.#running.delete(name);
    }
    const missing = [...hosts.values()].filter(isWatched).filter(({ name }) => !this.#running.has(name));
    for (const [index, host] of missing.entries()) {
      const stop = new AbortController();
      this.#running.set(host.name, { host, stop });
      this.#begin(host, (index + Math.random()) / missing.length, stop.signal);
    }
  }

  /** How many hosts are watched. */
  get size(): number {
    return this.#running.size;
  }
}

function isWatched(host: HostSettings): host is WatchedHost {
  return host.watch !== null;
}
