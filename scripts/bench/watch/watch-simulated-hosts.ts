import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realSleep } from 'node:timers/promises';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import type { Clock } from '../../../src/workflow/ports/bot.ts';
import type { RegistryHttp } from '../../../src/workflow/ports/host.ts';
import { HostWatches } from '../../../src/workflow/watch/host-watches.ts';
import { CONNECTS_PER_SECOND, LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { OpenHosts } from '../../../src/workflow/watch/open-hosts.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';
import { watchHostUntil } from '../../../src/workflow/watch/watch-host.ts';
import { HOSTS, type SimulatedLooks, TIMES_FASTER } from './simulated-looks.ts';
import { answering, contextOf, measureLooks, type Seen } from './simulated-registries.ts';

/**
 * The process that {@link benchSimulatedHosts} starts: the bot's own watches over hosts whose registries answer in it.
 * Sends {@link SimulatedLooks} to the parent.
 */

/** In simulated time: the start, whose length the budget of new connections decides, and then the time that is measured. */
const START_MS = (HOSTS / CONNECTS_PER_SECOND) * 1_000 + 40_000;
const MEASURED_MS = 120_000;

/** A clock that runs so many times as fast, from now on. */
function fasterClock(): Clock {
  const from = Date.now();
  const startedAt = performance.now();
  return {
    now: () => new Date(from + (performance.now() - startedAt) * TIMES_FASTER),
    sleep: (ms, signal) => systemClock.sleep(ms / TIMES_FASTER, signal),
  };
}

/** As the bot starts them. They end with the process. */
function startWatches(context: WorkflowContext, http: RegistryHttp): void {
  const { clock, store } = context;
  const openHosts = new OpenHosts(store, clock);
  const board = new WatchBoard();
  const shared = { http, turns: new LookTurns(clock), openHosts, board, random: Math.random };
  const failOnIncident = () => {
    throw new Error('an incident was opened, though every simulated registry is healthy');
  };
  const watches = new HostWatches((host, place, stop) => {
    void watchHostUntil(stop, context, { host, watch: host.watch, place, ...shared }, failOnIncident);
  });
  watches.follow(context.settings);
}

async function measure(): Promise<SimulatedLooks> {
  const clock = fasterClock();
  const seen: Seen = { lags: [], atOnce: 0, mostAtOnce: 0 };
  const directory = await mkdtemp(join(tmpdir(), 'rd-simulated-'));
  try {
    const opened = await openSqliteStore(`sqlite:${join(directory, 'record.db')}`, { clock });
    startWatches(contextOf(clock, opened.store, seen), answering(clock, seen));
    await realSleep(START_MS / TIMES_FASTER);
    return await measureLooks(seen, MEASURED_MS / TIMES_FASTER, MEASURED_MS / 1_000);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const measured = await measure();
process.send?.(measured, () => process.exit());
