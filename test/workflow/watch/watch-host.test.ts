import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { ClosingNumbers } from '../../../src/model/record/closing-numbers.ts';
import { ChannelId, GroupId, type HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { CONNECTS_PER_SECOND, LOOKS_AT_ONCE, LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { KeptLog } from '../../ssh/remote-host-fixture.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import {
  guardedHost,
  type HostState,
  registryHttp,
  SpiedTurns,
  type StateOf,
  watchAll,
  watchedHost,
} from './watched-hosts.ts';

const START = new Date('2026-11-23T14:00:00Z');
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Watches the hosts over the real store, in simulated time. */
async function watchScene(
  t: TestContext,
  hosts: readonly HostSettings[],
  stateOf: StateOf,
  random = () => 0,
  { settings }: Partial<Pick<WorkflowContext, 'settings'>> = {},
) {
  const record = await openRecord(t);
  const clock = new SimulatedClock(START);
  const log = new KeptLog();
  const store: RecordStore = { transact: (work) => clock.working(record.opened.store.transact(work)) };
  const context = record.context({
    store,
    clock,
    log,
    remote: guardedHost(clock, stateOf),
    ...(settings && { settings }),
  });
  const turns = new SpiedTurns(clock);
  const stop = new AbortController();
  const watched = watchAll(stop.signal, context, hosts, { http: registryHttp(clock, stateOf), turns, random });
  const end = async () => {
    stop.abort();
    await clock.pass(MINUTE_MS);
    await watched;
  };
  const incidents = () =>
    store.transact((tx) => tx.incidentsIn(['diagnosing', 'open', 'executing', 'resolved', 'closed']));
  const lost = () => store.transact((tx) => tx.incidentsIn(['unmonitored', 'monitored-again']));
  const messages = async () => {
    const records = (await lost()).map(({ id }) => record.opened.auditTrail.incidentRecord(id));
    return (await Promise.all(records)).flatMap((one) => one?.messages ?? []).map(({ body }) => body);
  };
  const looks = () => log.lines.filter(({ message }) => message === 'checked a monitored host');
  return { record, clock, turns, end, incidents, lost, messages, looks };
}

function settingsWith(host: HostSettings, incidentChannel: ChannelId): WorkflowContext['settings'] {
  return {
    hosts: new Map([[host.name, host]]),
    defaultPolicy: host.policy,
    fleetLook: null,
    quiet: quietWith(),
    incidentChannel,
  };
}

test('an incident that monitoring opens has who is on call for its host, by the time at which it opens', async (t) => {
  const onCall = { users: [], groups: [GroupId.parse('S0ONCALL')] };
  const quietHours = { from: '14:30', to: '15:00', zone: 'UTC' };
  for (const [afterMinutes, isQuiet] of [
    [5, false],
    [40, true],
  ] as const) {
    const host = { ...watchedHost('git01'), policy: policyWith({ onCall, quietHours }) };
    let state: HostState = 'healthy';
    const settings = settingsWith(host, CHANNEL);
    const scene = await watchScene(t, [host], () => state, undefined, { settings });
    await scene.clock.pass(afterMinutes * MINUTE_MS);
    state = 'down';
    await scene.clock.pass(2 * MINUTE_MS);
    const [incident = assert.fail()] = await scene.incidents();
    const kept = await scene.record.opened.auditTrail.incidentRecord(incident.id);
    const status = kept?.messages.map(({ body }) => body).find(({ kind }) => kind === 'status');
    assert.deepEqual(status?.kind === 'status' && status.onCall, { ...onCall, isQuiet });
    await scene.end();
  }
});

test('monitoring opens no second incident beside one that a person opened in another channel, and says so in the incident channel once', async (t) => {
  const host = watchedHost('git01');
  let state: HostState = 'healthy';
  const settings = settingsWith(host, ChannelId.parse('C0INCIDENTS'));
  const scene = await watchScene(t, [host], () => state, undefined, { settings });
  await scene.clock.pass(MINUTE_MS);
  const plan = await scene.record.propose();
  state = 'down';
  await scene.clock.pass(10 * MINUTE_MS);
  assert.deepEqual(
    (await scene.incidents()).map(({ id }) => id),
    [plan.incidentId],
  );
  assert.equal(await scene.record.stateOf(plan), 'proposed');
  const pending = await scene.record.opened.outbox.pending(100, new Date(8e15));
  assert.equal(pending.filter(({ body }) => body.kind === 'incident-elsewhere').length, 1);
  await scene.end();
});

test('monitoring that sees a registry healthy again resolves an incident that a person opened in another channel, so that the next fault has one of its own', async (t) => {
  const host = watchedHost('git01', { deepLookMinutes: 0 });
  const incidentChannel = ChannelId.parse('C0INCIDENTS');
  let state: HostState = 'healthy';
  const settings = settingsWith(host, incidentChannel);
  const scene = await watchScene(t, [host], () => state, undefined, { settings });
  const { incidentId } = await scene.record.propose();
  await scene.clock.pass(5 * MINUTE_MS);
  state = 'down';
  await scene.clock.pass(5 * MINUTE_MS);
  const states = (await scene.incidents()).map(({ id, channel, state: is }) => [id, channel, is]);
  assert.deepEqual(states[0], [incidentId, CHANNEL, 'resolved']);
  assert.deepEqual([states.length, states[1]?.[1]], [2, incidentChannel]);
  await scene.end();
});

describe('a host that can’t be checked', () => {
  const git01 = watchedHost('git01');

  test('a monitored host that can’t be checked is reported once, with the last good check and the reason, and once when it can be again', async (t) => {
    let state: HostState = 'healthy';
    const scene = await watchScene(t, [git01], () => state);
    await scene.clock.pass(2 * MINUTE_MS);
    state = 'away';
    await scene.clock.pass(9 * MINUTE_MS);
    assert.deepEqual(await scene.lost(), [], 'too early');
    await scene.clock.pass(3 * MINUTE_MS);
    const [told, ...line] = await scene.messages();
    assert.ok(told?.kind === 'unmonitored');
    assert.equal(told.lastSeenAt, '2026-11-23T14:01:30.700Z');
    assert.partialDeepStrictEqual(told.why, {
      code: 'no-answer',
      why: { code: 'ssh', problem: { code: 'connect-timed-out' } },
    });
    assert.equal(told.seenAgainAt, null);
    assert.deepEqual(
      line.map((body) => body.kind === 'record' && body.entry.act),
      ['monitoring-lost'],
    );
    await scene.clock.pass(60 * MINUTE_MS);
    assert.equal((await scene.messages()).length, 2, 'it is told once');

    state = 'healthy';
    await scene.clock.pass(6 * MINUTE_MS);
    const [edited, , restored] = await scene.messages();
    assert.ok(edited?.kind === 'unmonitored' && edited.seenAgainAt !== null);
    assert.ok(restored?.kind === 'record' && restored.entry.act === 'monitoring-restored');
    assert.deepEqual(await scene.incidents(), [], 'no registry was said to be down');
    assert.equal((await scene.record.opened.auditTrail.verify()).kind, 'intact');
    await scene.end();
  });

  test('a monitored host that can’t be checked is not reported again after a restart of the bot', async (t) => {
    const first = await watchScene(t, [git01], () => 'away');
    await first.clock.pass(15 * MINUTE_MS);
    const [told] = await first.messages();
    assert.ok(told?.kind === 'unmonitored' && told.lastSeenAt === null);
    await first.end();
    const { clock, record } = first;
    const context = record.context({ clock, remote: guardedHost(clock, () => 'away') });
    const stop = new AbortController();
    const around = { http: registryHttp(clock, () => 'away'), turns: new LookTurns(clock), random: () => 0 };
    const watched = watchAll(stop.signal, context, [git01], around);
    await clock.pass(30 * MINUTE_MS);
    stop.abort();
    await clock.pass(MINUTE_MS);
    await watched;
    assert.equal((await first.lost()).length, 1);
  });

  test('a monitored host with an open incident is checked at its normal interval even if it does not answer', async (t) => {
    let state: HostState = 'down';
    const scene = await watchScene(t, [git01], () => state);
    await scene.clock.pass(MINUTE_MS);
    assert.equal((await scene.incidents()).length, 1);
    state = 'away';
    const before = scene.looks().length;
    await scene.clock.pass(30 * MINUTE_MS);
    // 30 s of pause, and 10 s or 13 s until the connection is given up.
    assert.ok(scene.looks().length - before >= 40, `${scene.looks().length - before}`);
    await scene.end();
  });

  test('monitored hosts that do not answer do not delay the checks of those that answer', async (t) => {
    const away = Array.from({ length: 300 }, (_, index) => watchedHost(`away${index}`));
    const lively = Array.from({ length: 20 }, (_, index) => watchedHost(`lively${index}`));
    const random = new SeededRandom(1);
    const state = (host: HostName) => (host.startsWith('away') ? 'away' : 'healthy');
    const scene = await watchScene(t, [...away, ...lively], state, () => random.int(1_000) / 1_000);
    await scene.clock.pass(2 * MINUTE_MS);
    const before = scene.looks().length;
    await scene.clock.pass(5 * MINUTE_MS);
    const lags = scene
      .looks()
      .slice(before)
      .flatMap(({ host, lagMs }) => (String(host).startsWith('lively') ? [Number(lagMs)] : []));
    assert.ok(lags.length >= 150, `${lags.length}`);
    assert.ok(Math.max(...lags) < 2_000, `${Math.max(...lags)}`);
    assert.equal(scene.turns.mostAtOnce, LOOKS_AT_ONCE);
    await scene.end();
  });
});

test('the end of an incident says since when monitoring saw the registry down, and for how long', async (t) => {
  let state: HostState = 'healthy';
  const scene = await watchScene(t, [watchedHost('git01')], () => state);
  await scene.clock.pass(2 * MINUTE_MS);
  state = 'down';
  await scene.clock.pass(5 * MINUTE_MS);
  const [incident = assert.fail()] = await scene.incidents();
  state = 'healthy';
  await scene.clock.pass(2 * MINUTE_MS);
  const looks = scene.looks();
  const firstBad = looks.find(({ look }) => look === 'unhealthy');
  const firstGood = looks.find(({ look, at }) => look === 'healthy' && Number(at) > Number(firstBad?.['at']));
  const { entries, messages } = (await scene.record.opened.auditTrail.incidentRecord(incident.id)) ?? assert.fail();
  const numbers = ClosingNumbers.parse(entries.find(({ act }) => act === 'incident-resolved')?.outcome['numbers']);
  const lookMs = Number(firstGood?.['at']) - Number(firstBad?.['at']);
  // A look is counted from when its answer is there.
  assert.ok(Math.abs((numbers.downMs ?? 0) - lookMs) < SECOND_MS, `${numbers.downMs} and ${lookMs}`);
  assert.ok(Math.abs(Date.parse(numbers.downSince ?? '') - Number(firstBad?.['at'])) < SECOND_MS, numbers.downSince);
  assert.ok((numbers.noticedAfterMs ?? 0) >= 5_000 && (numbers.noticedAfterMs ?? 0) < 6_000);
  const status = messages.find(({ body }) => body.kind === 'status')?.body;
  assert.deepEqual(status?.kind === 'status' && status.numbers, numbers);
  await scene.end();
});

/** Random times in which one host is not healthy, in order. */
type Outage = { readonly from: number; readonly to: number; readonly state: HostState };

function randomOutages(random: SeededRandom, lengthMs: number): readonly Outage[] {
  const outages: Outage[] = [];
  let at = random.int(lengthMs);
  while (at < lengthMs) {
    const to = at + SECOND_MS * (1 + random.int(random.pick([20, 120, 1_500])));
    outages.push({ from: at, to, state: random.pick(['down', 'away'] as const) });
    at = to + 2 * MINUTE_MS + random.int(lengthMs);
  }
  return outages;
}

test('over random outages every monitored host is checked, none too often, and no more hosts at once than permitted', async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  const lengthMs = 25 * MINUTE_MS;
  const hosts = Array.from({ length: roundsOf(60, 100) }, (_, index) =>
    watchedHost(`host${index}`, { intervalSeconds: random.pick([10, 30, 60]), blindMinutes: random.pick([2, 10]) }),
  );
  // In the middle everything is away, as after a cut network.
  const cut: Outage = { from: lengthMs / 2, to: lengthMs / 2 + 3 * MINUTE_MS, state: 'away' };
  const outages = new Map(hosts.map(({ name }) => [name, [cut, ...randomOutages(random, lengthMs)]]));
  const clock = { nowMs: () => 0 };
  const stateOf: StateOf = (host) => {
    const at = clock.nowMs();
    return outages.get(host)?.find(({ from, to }) => from <= at && at < to)?.state ?? 'healthy';
  };
  const scene = await watchScene(t, hosts, stateOf, () => random.int(10_000) / 10_000);
  clock.nowMs = () => scene.clock.now().getTime() - START.getTime();
  await scene.clock.pass(lengthMs);
  const looks = Map.groupBy(scene.looks(), ({ host }) => host);
  for (const { name, watch } of hosts)
    assertPaced(looks.get(name) ?? [], (watch?.intervalSeconds ?? 0) * SECOND_MS, name);
  assert.ok(scene.turns.mostAtOnce <= LOOKS_AT_ONCE, `${scene.turns.mostAtOnce} at once`);
  for (const [host, theirs] of Map.groupBy(await scene.incidents(), ({ host }) => host)) {
    const open = theirs.filter(({ state }) => state !== 'resolved');
    assert.ok(open.length <= 1, `${host}: ${open.length} open incidents`);
    const times = outages.get(host)?.filter(({ state }) => state === 'down').length ?? 0;
    assert.ok(theirs.length <= times, `${host}: ${theirs.length} incidents of ${times} outages of its registry`);
  }
  await scene.end();
});

/** The times at which the looks of one host began, by the log. */
function assertPaced(looks: readonly Record<string, unknown>[], intervalMs: number, host: string): void {
  const longestMs = Math.max(5 * MINUTE_MS, intervalMs) + intervalMs * 0.1 + 3 * MINUTE_MS;
  assert.ok(looks.length >= 5, `${host} was looked at ${looks.length} times`);
  for (const [index, { at, look }] of looks.entries()) {
    const next = looks[index + 1];
    if (next === undefined) continue;
    const gapMs = Number(next['at']) - Number(at);
    const shortestMs = look === 'unhealthy' ? Math.min(5 * SECOND_MS, intervalMs) : intervalMs;
    assert.ok(gapMs >= shortestMs, `${host}: ${gapMs} ms after a look that was ${look}`);
    assert.ok(gapMs <= longestMs, `${host}: forgotten for ${gapMs} ms`);
  }
}

test('monitoring opens no more new connections per second than permitted, however many hosts need one', async () => {
  const clock = new SimulatedClock(START);
  const turns = new LookTurns(clock);
  const { signal } = new AbortController();
  const made: number[] = [];
  const connect = async () => {
    await turns.mayConnect(signal);
    made.push(clock.now().getTime());
  };
  const all = Promise.all(Array.from({ length: 300 }, connect));
  await clock.pass(10 * SECOND_MS);
  await all;
  for (const at of made) {
    const within = made.filter((other) => other >= at && other < at + SECOND_MS).length;
    assert.ok(within <= CONNECTS_PER_SECOND, `${within} connects in one second`);
  }
  assert.ok(Math.max(...made) - START.getTime() < 6 * SECOND_MS + 20);
});

test('a start with more hosts than can be connected to at once delays no further look at those that were seen', async (t) => {
  const hosts = Array.from({ length: 20 * CONNECTS_PER_SECOND }, (_, index) =>
    watchedHost(`host${index}`, { intervalSeconds: 10 }),
  );
  const random = new SeededRandom(1);
  const scene = await watchScene(
    t,
    hosts,
    () => 'healthy',
    () => random.int(1_000) / 1_000,
  );
  await scene.clock.pass(25 * SECOND_MS);
  const further = [...Map.groupBy(scene.looks(), ({ host }) => host).values()].flatMap(([, ...looks]) => looks);
  assert.ok(further.length > 500, `${further.length}`);
  for (const { host, lagMs } of further) assert.ok(Number(lagMs) < SECOND_MS, `${host} was late by ${lagMs} ms`);
  await scene.end();
});
