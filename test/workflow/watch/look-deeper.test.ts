import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { ocsfEvent } from '../../../src/telling/json/ocsf-event.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { lookDeeperUntil } from '../../../src/workflow/watch/look-deeper.ts';
import { DEEP_LOOKS_AT_ONCE, LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { NO_HTTP } from '../../support/services/no-http.ts';
import { watchedHost } from './watched-hosts.ts';

const START = new Date('2026-11-23T14:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Run = { readonly host: HostName; readonly at: number };

/** Looks deeper at these hosts in simulated time. Each connection takes two seconds and fails. */
async function deepScene(t: TestContext, hosts: readonly HostSettings[], spread: 'even' | 'together' = 'even') {
  const record = await openRecord(t);
  const clock = new SimulatedClock(START);
  const store: RecordStore = { transact: (work) => clock.working(record.opened.store.transact(work)) };
  const runs: Run[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const remote: RemoteHost = {
    async run({ name }) {
      runs.push({ host: name, at: clock.now().getTime() - START.getTime() });
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await clock.sleep(2_000);
      atOnce -= 1;
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  const context = record.context({ store, clock, remote });
  const turns = new LookTurns(clock);
  let stop = new AbortController();
  const begin = (host: HostSettings, index: number) => {
    if (host.watch === null) throw new Error(`${host.name} is not watched`);
    const looking = {
      host,
      watch: host.watch,
      http: NO_HTTP,
      turns,
      place: spread === 'even' ? index / hosts.length : 0,
      random: () => 0.5,
    };
    return lookDeeperUntil(stop.signal, context, looking, () => assert.fail('nothing is known to be broken'));
  };
  const loops = hosts.map(begin);
  const restart = () => {
    stop.abort();
    stop = new AbortController();
    loops.push(...hosts.map(begin));
  };
  t.after(async () => {
    stop.abort();
    await clock.pass(MINUTE_MS);
    await Promise.all(loops);
  });
  return { record, clock, store, runs, restart, mostAtOnce: () => mostAtOnce };
}

describe('deeper looks', () => {
  test('are spread over the interval, and come back after it', async (t) => {
    const hosts = Array.from({ length: 60 }, (_, index) => watchedHost(`host${index}`));
    const { clock, runs } = await deepScene(t, hosts);
    await clock.pass(2.5 * HOUR_MS);
    const perMinute = Map.groupBy(runs, ({ at }) => Math.floor(at / MINUTE_MS));
    assert.ok(Math.max(...[...perMinute.values()].map(({ length }) => length)) <= 2, 'no minute has many hosts');
    const first = runs.filter(({ host }) => host === hosts[0]?.name).map(({ at }) => at / MINUTE_MS);
    assert.deepEqual(first.map(Math.round), [0, 63, 126]);
  });

  test('are bounded at once, however many are due', async (t) => {
    const hosts = Array.from({ length: 100 }, (_, index) => watchedHost(`host${index}`, { deepLookMinutes: 1 }));
    const { clock, mostAtOnce } = await deepScene(t, hosts, 'together');
    await clock.pass(5 * MINUTE_MS);
    assert.equal(mostAtOnce(), DEEP_LOOKS_AT_ONCE);
  });

  test('are off with 0 minutes', async (t) => {
    const { clock, runs } = await deepScene(t, [watchedHost('git01', { deepLookMinutes: 0 })]);
    await clock.pass(24 * HOUR_MS);
    assert.deepEqual(runs, []);
  });

  test('are on record once for a row of those that prove nothing, and once more after a restart', async (t) => {
    const { record, clock, restart } = await deepScene(t, [watchedHost('git01')]);
    const failed = async () => (await record.opened.auditTrail.list({})).filter(({ act }) => act === 'check-failed');
    await clock.pass(6 * HOUR_MS);
    const [entry, ...more] = await failed();
    assert.deepEqual(
      [entry?.actor, entry?.outcome, more],
      [{ kind: 'bot', part: 'deep-look' }, { host: 'git01', findings: ['host-unreachable'] }, []],
    );
    assert.equal(ocsfEvent(entry ?? assert.fail(), '1.0.0')['status_id'], 2, 'a failure');
    restart();
    await clock.pass(6 * HOUR_MS);
    assert.equal((await failed()).length, 2);
    assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  });

  test('leave out a host while it is diagnosed or a plan runs there, and come back later', async (t) => {
    const { record, clock, store, runs } = await deepScene(t, [watchedHost('git01')]);
    await clock.pass(MINUTE_MS);
    assert.equal(runs.length, 1);
    const plan = await record.propose();
    const move = (state: 'executing' | 'open' | 'diagnosing', from: 'executing' | 'open' | 'diagnosing') =>
      store.transact((tx) => tx.moveIncident(plan.incidentId, [from], { state }));
    for (const state of ['executing', 'diagnosing'] as const) {
      await move(state, 'open');
      const runsBefore: number = runs.length;
      await clock.pass(2 * HOUR_MS);
      assert.equal(runs.length, runsBefore, state);
      await move('open', state);
      await clock.pass(2 * HOUR_MS);
      assert.ok(runs.length > runsBefore, `after ${state}`);
    }
    await store.transact(async (tx) => {
      await tx.movePlan(plan.id, 'proposed', 'approved');
      const intendedAt = clock.now().toISOString();
      await tx.insertExecution({ planId: plan.id, intendedAt, finishedAt: null, outcome: null });
    });
    const before = runs.length;
    await clock.pass(2 * HOUR_MS);
    assert.equal(runs.length, before, 'an approved plan is about to run');
  });
});
