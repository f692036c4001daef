import { once } from 'node:events';
import type { HostName } from '../model/record/ids.ts';
import type { Incident } from '../model/record/incident.ts';
import type { WorkflowContext } from './context.ts';
import type { Jobs, Within } from './jobs/jobs.ts';
import type { Turn } from './ports/bots.ts';
import type { RegistryHttp } from './ports/host.ts';
import { HostWatches } from './watch/host-watches.ts';
import { lookDeeperUntil } from './watch/look-deeper.ts';
import type { LookTurns } from './watch/look-turns.ts';
import { OpenHosts } from './watch/open-hosts.ts';
import type { WatchBoard } from './watch/watch-board.ts';
import { watchHostUntil } from './watch/watch-host.ts';

type Needs = {
  readonly jobs: Jobs;
  readonly within: Within;
  readonly http: RegistryHttp;
  readonly turns: LookTurns;
  readonly board: WatchBoard;
  /** Called for each incident that monitoring opens. */
  readonly diagnose: (incident: Incident) => void;
  /** Called when this bot gets the turn at a host or gives it up. */
  readonly changed: () => void;
};

/** The turn at a host, under which its tasks run. */
export function turnAt(host: HostName): string {
  return `host ${host}`;
}

/** The bot's turns at hosts. Each host is a standing job: with its turn come its tasks and its monitoring. */
export class HostTurns {
  readonly #context: WorkflowContext;
  readonly #needs: Needs;
  readonly #kept = new Set<HostName>();
  readonly #watches: HostWatches;
  /** Hosts that the settings do not name, of which something on record is unfinished. */
  #removed: ReadonlySet<HostName> = new Set();
  #isWatchingDue = false;

  constructor(context: WorkflowContext, needs: Needs) {
    this.#context = context;
    this.#needs = needs;
    this.#watches = this.#hostWatches();
  }

  /** How many hosts are watched. */
  get watched(): number {
    return this.#watches.size;
  }

  /** The settings are others now. */
  followSettings(): void {
    this.#keep();
    this.#watch();
  }

  /** Something is unfinished on these hosts, whether the settings name them or not. */
  keepAlso(hosts: Iterable<HostName>): void {
    this.#removed = new Set([...hosts].filter((host) => !this.#context.settings.hosts.has(host)));
    this.#keep();
  }

  #keep(): void {
    const { jobs, within } = this.#needs;
    const named = new Set([...this.#context.settings.hosts.keys(), ...this.#removed]);
    for (const host of this.#kept) {
      if (named.has(host)) continue;
      this.#kept.delete(host);
      jobs.drop(turnAt(host));
    }
    for (const host of named) {
      if (this.#kept.has(host)) continue;
      this.#kept.add(host);
      jobs.keep(turnAt(host), (turn) => this.#have(turn), within);
    }
  }

  async #have({ stop }: Turn): Promise<void> {
    this.#watchSoon();
    this.#needs.changed();
    if (!stop.aborted) await once(stop, 'abort');
    this.#watchSoon();
  }

  /** Once for all turns that begin or end together: each look at thousands of hosts takes time that leases do not have. */
  #watchSoon(): void {
    if (this.#isWatchingDue) return;
    this.#isWatchingDue = true;
    queueMicrotask(() => {
      this.#isWatchingDue = false;
      this.#watch();
    });
  }

  /** Watches the hosts that this bot has the turn at. */
  #watch(): void {
    const { jobs, within, board } = this.#needs;
    if (within.stop.aborted) return;
    const hosts = [...this.#context.settings.hosts].filter(([name]) => jobs.has(turnAt(name)));
    this.#watches.follow({ hosts: new Map(hosts) });
    board.keepOnly(new Set(hosts.map(([name]) => name)));
  }

  /** Watches share the turns of their checks, and what they know of open incidents. */
  #hostWatches(): HostWatches {
    const { clock, store } = this.#context;
    const { within, http, turns, board, diagnose } = this.#needs;
    const shared = { http, turns, board, openHosts: new OpenHosts(store, clock), random: Math.random };
    return new HostWatches((host, place, ended) => {
      const stop = AbortSignal.any([within.stop, ended]);
      const watching = { host, watch: host.watch, place, ...shared };
      within.work.start(`watching ${host.name}`, () => watchHostUntil(stop, this.#context, watching, diagnose));
      within.work.start(`looking deeper at ${host.name}`, () =>
        lookDeeperUntil(stop, this.#context, watching, diagnose),
      );
    });
  }
}
