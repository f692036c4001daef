import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promMetrics } from '../../../src/metrics/prom-metrics.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings, Settings } from '../../../src/model/settings/settings.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import type { Clock } from '../../../src/workflow/ports/bot.ts';
import type { RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { HostWatches, type WatchedHost } from '../../../src/workflow/watch/host-watches.ts';
import { LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { OpenHosts } from '../../../src/workflow/watch/open-hosts.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';
import { type Watching, watchHostUntil } from '../../../src/workflow/watch/watch-host.ts';
import { CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { NO_HTTP } from '../../support/services/no-http.ts';

/** Which hosts are watched after the settings have changed, and what a watch tells about itself. */

function watchingOf(host: WatchedHost, { store, clock }: WorkflowContext): Watching {
  const shared = { turns: new LookTurns(clock), openHosts: new OpenHosts(store, clock), board: new WatchBoard() };
  return { host, watch: host.watch, http: NO_HTTP, place: 0, random: () => 0, ...shared };
}

function watched(name: string): WatchedHost {
  const watch = { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 60 };
  return { ...hostSettings({}), name: HostName.parse(name), watch };
}

function hostOf(name: string, intervalSeconds: number | null): HostSettings {
  const watch = intervalSeconds === null ? null : { intervalSeconds, url: null, blindMinutes: 10, deepLookMinutes: 60 };
  return { ...hostSettings({}), name: HostName.parse(name), watch };
}

const settingsOf = (...hosts: readonly HostSettings[]): Settings => ({
  hosts: new Map(hosts.map((host) => [host.name, host])),
  defaultPolicy: policyWith(),
  incidentChannel: CHANNEL,
  fleetLook: null,
  quiet: quietWith(),
});

test('after a config change the bot monitors each configured host once, and stops monitoring removed hosts', () => {
  const running = new Set<string>();
  const watches = new HostWatches((host, _place, stop) => {
    const watch = `${host.name} every ${host.watch.intervalSeconds * 1000} ms`;
    running.add(watch);
    stop.addEventListener('abort', () => running.delete(watch));
  });
  const [git01, git02] = [watched('git01'), watched('git02')];
  watches.follow(settingsOf(git01, git02, hostOf('quiet', null)));
  assert.deepEqual([...running], ['git01 every 30000 ms', 'git02 every 30000 ms']);
  watches.follow(settingsOf(git01, hostOf('git02', 5), watched('git03')));
  assert.deepEqual([...running], ['git01 every 30000 ms', 'git02 every 5000 ms', 'git03 every 30000 ms']);
  watches.follow(settingsOf(hostOf('git02', null), git01));
  assert.deepEqual([...running], ['git01 every 30000 ms']);
  assert.equal(watches.size, 1);
});

/** Time passes only by sleeping, each time `lateMs` more than asked; `steps` runs after each sleep, and says when to end. */
function simulated(lateMs: number, sleeps: number): { clock: Clock; stop: AbortController } {
  const stop = new AbortController();
  let now = Date.parse('2026-11-29T14:00:00Z');
  let slept = 0;
  const sleep = async (ms: number) => {
    now += ms + lateMs;
    slept += 1;
    if (slept === sleeps) stop.abort();
  };
  return { clock: { now: () => new Date(now), sleep }, stop };
}

const UNREACHABLE: RemoteOutcome = {
  kind: 'not-connected',
  reason: 'host-unreachable',
  why: { code: 'shutting-down' },
};

test('the metrics of monitoring show how late checks are and that a host did not answer, and drop a host that is no longer monitored', async (t) => {
  const record = await openRecord(t);
  const metrics = promMetrics();
  const { clock, stop } = simulated(2_000, 4);
  const shown: string[] = [];
  const remote = {
    run: async () => {
      shown.push(await metrics.text());
      return UNREACHABLE;
    },
  };
  const host = watched('git01');
  const context = { ...record.context({ remote, clock, metrics }), settings: settingsOf(host) };
  await watchHostUntil(stop.signal, context, watchingOf(host, context), () => {});
  const text = await metrics.text();
  assert.match(text, /^registry_doctor_watch_lag_seconds_count 3$/m);
  assert.match(text, /^registry_doctor_watch_lag_seconds_sum 6$/m);
  assert.match(text, /^registry_doctor_watch_looks_total\{way="guard",result="blind"\} 3$/m);
  assert.match(shown[1] ?? '', /^registry_doctor_watch_host_blind\{host="git01"\} 1$/m);
  assert.doesNotMatch(text, /git01/);
});

test('a health check that ends after its host was removed from the config opens no incident', async (t) => {
  const record = await openRecord(t);
  const { clock } = simulated(0, 9);
  const stop = new AbortController();
  let looks = 0;
  const remote = {
    run: async () => {
      looks += 1;
      if (looks === 2) stop.abort();
      return UNREACHABLE;
    },
  };
  const host = watched('git01');
  const context = record.context({ remote, clock });
  await watchHostUntil(stop.signal, context, watchingOf(host, context), () => assert.fail('an incident was opened'));
  assert.equal(looks, 2);
  assert.deepEqual(await record.opened.store.transact((tx) => tx.incidentsIn(['diagnosing', 'open'])), []);
});
