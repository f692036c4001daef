import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MuteSource } from '../../../src/model/quiet/mute.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import type { MaintenanceWindow } from '../../../src/model/settings/quiet-settings.ts';
import { beginMute, noteMutedFault } from '../../../src/workflow/incident/mutes.ts';
import { quietWorld, START, type World } from '../quiet/quiet-world.ts';
import { watchedHost } from '../watch/watched-hosts.ts';

const WATCHED = watchedHost('git01');
const ALERTED = { ...watchedHost('git02'), watch: null };
const GIT01 = WATCHED.name;
const GIT02 = ALERTED.name;
const MINUTE = 60;

const bodies = async (world: World) => (await world.notices()).map(({ body }) => body);
const kinds = async (world: World) => (await bodies(world)).map(({ kind }) => kind);
const summaries = async (world: World) => (await bodies(world)).filter((body) => body.kind === 'mute-summary');
const statesOf = async (world: World, host: HostName) =>
  (await world.incidents()).flatMap((incident) => (incident.host === host ? [incident.state] : []));

test('a muted host is looked at and recorded, and posts nothing until the end, when what happened is summed up', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  const answer = await world.mute(GIT01, '30m', 'disk replacement');
  assert.deepEqual(answer, {
    kind: 'muted',
    host: GIT01,
    until: new Date(START.getTime() + 30 * 60_000).toISOString(),
    isWatched: true,
  });
  const [notice] = await bodies(world);
  assert.ok(notice?.kind === 'mute-notice');
  assert.partialDeepStrictEqual(notice, { host: GIT01, until: answer.until, source: { reason: 'disk replacement' } });
  for (const state of ['down', 'healthy', 'down'] as const) {
    world.set(GIT01, state);
    await world.pass(8 * MINUTE);
  }
  assert.deepEqual(await bodies(world), [notice], 'nothing else is posted');
  assert.deepEqual(await world.acts(), ['muted', 'fault-muted', 'muted-fault-over', 'fault-muted']);
  await world.pass(7 * MINUTE);
  const [summary, ...others] = await summaries(world);
  assert.deepEqual(others, []);
  assert.ok(summary?.kind === 'mute-summary');
  assert.partialDeepStrictEqual(summary.source, { kind: 'person', reason: 'disk replacement' });
  assert.partialDeepStrictEqual(summary.hosts, [{ host: GIT01, faults: 2, alerts: 0, isStillBroken: true }]);
  assert.deepEqual((await world.acts()).slice(4, 6), ['unmuted', 'incident-opened'], 'then the incident opens');
  assert.deepEqual(await statesOf(world, GIT01), ['open']);
  await world.bot.stop();
});

test('a muted host that is down is checked at its interval', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await world.mute(GIT01, '2h');
  world.set(GIT01, 'down');
  await world.pass(30 * MINUTE);
  const looks = world.looks();
  assert.ok(looks > 50 && looks <= 62, `${looks} checks in 30 minutes`);
  await world.unmute(GIT01);
  await world.pass(MINUTE);
  assert.deepEqual(await statesOf(world, GIT01), ['open'], 'the first check after its end opens the incident');
  await world.bot.stop();
});

test('alerts of a muted host are kept: those that still fire open one incident at the end, the others are counted', async (t) => {
  const world = await quietWorld(t, { hosts: [ALERTED] });
  await world.bot.start();
  await world.mute(GIT02, '1h');
  await world.alert(GIT02, { fingerprint: 'over' });
  await world.alert(GIT02, { fingerprint: 'first', summary: 'Pushes fail' });
  await world.alert(GIT02, { fingerprint: 'second', summary: 'Pulls fail' });
  await world.pass(10 * MINUTE);
  await world.alert(GIT02, { fingerprint: 'over', status: 'resolved' });
  await world.pass(45 * MINUTE);
  assert.deepEqual(await kinds(world), ['mute-notice']);
  world.set(GIT02, 'down');
  await world.pass(6 * MINUTE);
  const [summary] = await summaries(world);
  assert.ok(summary?.kind === 'mute-summary');
  assert.partialDeepStrictEqual(summary.hosts, [{ host: GIT02, faults: 0, alerts: 3, isStillBroken: true }]);
  const [incident, ...others] = await world.incidents();
  assert.deepEqual(others, []);
  assert.deepEqual(incident?.openedBy, { kind: 'alert', source: 'prometheus' });
  const alerts = await world.store.transact((tx) => tx.message(`alerts:${incident?.id}`));
  assert.ok(alerts?.body.kind === 'alerts');
  assert.deepEqual(
    alerts.body.alerts.map(({ status, summary: said }) => `${status} ${said}`),
    ['firing Pushes fail', 'firing Pulls fail'],
  );
  await world.bot.stop();
});

test('unmute ends what people muted and is answered with what still mutes the host', async (t) => {
  const always = { every: 'day 00:00', days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] } as const;
  const window = { hosts: [GIT02], ...always, hour: 0, minute: 0, forMs: 86_400_000, zone: 'UTC' };
  const world = await quietWorld(t, { hosts: [WATCHED, ALERTED], maintenance: [window] });
  await world.bot.start();
  await world.pass(MINUTE);
  await world.mute(GIT01, '2h');
  assert.deepEqual(await world.unmute(GIT01), { kind: 'unmuted', host: GIT01, others: [] });
  assert.deepEqual(await world.unmute(GIT01), { kind: 'not-muted', host: GIT01, others: [] });
  const others = [{ kind: 'window', every: 'day 00:00', zone: 'UTC' }];
  assert.deepEqual(await world.unmute(GIT02), { kind: 'not-muted', host: GIT02, others });
  const [summary, ...more] = await summaries(world);
  assert.ok(
    summary?.kind === 'mute-summary' && more.length === 0,
    'someone waits for the end of a mute, so it is told',
  );
  const nothing = { faults: 0, alerts: 0, firstAt: null, notChecked: null, openIncident: null, isStillBroken: false };
  assert.deepEqual(summary.hosts, [{ host: GIT01, ...nothing }]);
  await world.bot.stop();
});

test('a second mute takes the place of the first, and an invalid length changes nothing', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.mute(GIT01, '2h');
  await world.mute(GIT01, '10m');
  const open = await world.store.transact((tx) => tx.openMutes(GIT01));
  assert.deepEqual(
    open.map(({ until }) => until),
    [new Date(START.getTime() + 600_000).toISOString()],
  );
  const refused = await world.mute(GIT01, 'soon');
  assert.partialDeepStrictEqual(refused, { kind: 'usage', problem: { code: 'not-a-length', text: 'soon' } });
  const unknown = await world.mute(HostName.parse('git09'), '2h');
  assert.equal(unknown.kind, 'unknown-host');
  assert.deepEqual(await world.acts(), ['muted', 'unmuted', 'muted']);
});

test('a mute or an unmute that Slack sends again changes nothing, posts nothing and has the same answer, also after others changed the mute', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  const [mute, unmute] = ['slack:T1:Ev1', 'slack:T1:Ev2'];
  const muted = await world.mute(GIT01, '2h', 'disk swap', mute);
  await world.pass(MINUTE);
  assert.deepEqual(await world.mute(GIT01, '2h', 'disk swap', mute), muted);
  assert.deepEqual(await world.acts(), ['muted']);
  assert.deepEqual(await kinds(world), ['mute-notice']);

  const unmuted = await world.unmute(GIT01, unmute);
  assert.deepEqual(unmuted, { kind: 'unmuted', host: GIT01, others: [] });
  assert.deepEqual(await world.mute(GIT01, '2h', 'disk swap', mute), muted, 'it does not begin again');
  assert.deepEqual(await world.unmute(GIT01, unmute), unmuted);
  assert.deepEqual(await world.acts(), ['muted', 'unmuted']);
  assert.deepEqual(await kinds(world), ['mute-notice', 'mute-summary']);

  await world.mute(GIT01, '10m');
  assert.deepEqual(await world.unmute(GIT01, unmute), unmuted);
  assert.equal((await world.store.transact((tx) => tx.openMutes(GIT01))).length, 1, 'the later mute goes on');
  assert.deepEqual(await world.acts(), ['muted', 'unmuted', 'muted']);
});

test('a maintenance window mutes its hosts from its first moment on, and is summed up in one message', async (t) => {
  const window: MaintenanceWindow = {
    ...{ hosts: [GIT01, GIT02], every: 'Sat 13:00', days: ['Sat'], hour: 13, minute: 0 },
    ...{ forMs: 3_600_000, zone: 'UTC' },
  };
  const world = await quietWorld(t, { hosts: [WATCHED, ALERTED], maintenance: [window] });
  await world.bot.start();
  await world.pass(59 * MINUTE + 50);
  assert.deepEqual(await world.acts(), []);
  world.set(GIT01, 'down');
  await world.alert(GIT02);
  await world.pass(20 * MINUTE);
  assert.ok((await world.acts()).filter((act) => act === 'muted').length <= 2);
  world.set(GIT01, 'healthy');
  await world.alert(GIT02, { status: 'resolved' });
  await world.pass(41 * MINUTE);
  const [summary, ...others] = await summaries(world);
  assert.ok(summary?.kind === 'mute-summary' && others.length === 0);
  assert.deepEqual(summary.source, { kind: 'window', every: 'Sat 13:00', zone: 'UTC' });
  assert.deepEqual(
    summary.hosts.map(({ host, isStillBroken }) => [host, isStillBroken]),
    [
      [GIT01, false],
      [GIT02, false],
    ],
  );
  assert.deepEqual(await world.incidents(), []);
  await world.bot.stop();
});

test('the end of a mute tells of an incident that is still open, although nothing new was noticed', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  world.set(GIT01, 'down');
  await world.pass(5 * MINUTE);
  const [incident] = await world.incidents();
  await world.mute(GIT01, '30m');
  await world.pass(35 * MINUTE);
  const [summary] = await summaries(world);
  assert.ok(summary?.kind === 'mute-summary');
  assert.partialDeepStrictEqual(summary.hosts, [{ host: GIT01, openIncident: incident?.id, isStillBroken: true }]);
  await world.bot.stop();
});

for (const [what, isOver] of [
  ['can’t be checked', false],
  ['could not be checked for some time', true],
] as const) {
  test(`the end of a mute tells of a host that ${what}`, async (t) => {
    const world = await quietWorld(t, { hosts: [WATCHED] });
    await world.bot.start();
    await world.mute(GIT01, '2h');
    world.set(GIT01, 'away');
    await world.pass(100 * MINUTE);
    if (isOver) world.set(GIT01, 'healthy');
    await world.pass(25 * MINUTE);
    const [summary] = await summaries(world);
    assert.ok(summary?.kind === 'mute-summary');
    assert.partialDeepStrictEqual(summary.hosts, [{ firstAt: null, notChecked: { isOver }, isStillBroken: false }]);
    assert.ok(Date.parse(summary.hosts[0]?.notChecked?.since ?? '') < START.getTime() + 5 * 60_000);
    await world.bot.stop();
  });
}

test('a fault that only a deeper look sees is not over by the registry’s own word', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await world.mute(GIT01, '30m');
  await world.pass(5 * MINUTE);
  const by = { kind: 'bot', part: 'deep-look' } as const;
  const fault = { host: GIT01, by, kind: 'deep-look', alertId: null } as const;
  await world.store.transact((tx) => noteMutedFault(tx, fault, world.now()));
  await world.pass(30 * MINUTE);
  assert.ok(!(await world.acts()).includes('muted-fault-over'));
  const [summary] = await summaries(world);
  assert.ok(summary?.kind === 'mute-summary');
  assert.partialDeepStrictEqual(summary.hosts, [{ host: GIT01, faults: 1, isStillBroken: true }]);
  await world.bot.stop();
});

test('a host that can’t be reached is not told of while it is muted, and is once the mute is over', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await world.mute(GIT01, '1h');
  world.set(GIT01, 'away');
  await world.pass(55 * MINUTE);
  assert.deepEqual(await kinds(world), ['mute-notice']);
  await world.pass(15 * MINUTE);
  assert.ok((await world.acts()).includes('monitoring-lost'));
  await world.bot.stop();
});

const NEVER_OPEN = { every: 'Mon 02:00', days: ['Mon'], hour: 2, minute: 0, forMs: 3_600_000, zone: 'UTC' } as const;

for (const [what, source] of [
  ['a silence whose Alertmanager is no longer read', { kind: 'silence', source: 'gone', id: '1' }],
  ['a window that is no longer in the config', { kind: 'window', every: 'day 00:00', zone: 'UTC' }],
  ['a window that another time of the config closed', { kind: 'window', every: 'Mon 02:00', zone: 'UTC' }],
] as const) {
  test(`a mute by ${what} ends and is summed up, whenever it was to end`, async (t) => {
    const maintenance = [{ ...NEVER_OPEN, hosts: [GIT01] }];
    const world = await quietWorld(t, { hosts: [WATCHED], maintenance });
    const mute = { host: GIT01, source: MuteSource.parse(source), until: '2099-01-01T00:00:00.000Z' };
    await world.store.transact(async (tx) => {
      await beginMute(tx, mute, world.now());
      const by = { kind: 'bot', part: 'watch' } as const;
      await noteMutedFault(tx, { host: GIT01, by, kind: 'watch', alertId: null }, world.now());
    });
    await world.bot.start();
    await world.pass(MINUTE);
    assert.deepEqual(await world.store.transact((tx) => tx.openMutes()), []);
    const [summary] = await summaries(world);
    assert.ok(summary?.kind === 'mute-summary');
    assert.partialDeepStrictEqual(summary.hosts, [{ host: GIT01, faults: 1 }]);
    await world.bot.stop();
  });
}

test('a mute, and what was noticed in it, outlast a restart', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await world.mute(GIT01, '1h');
  world.set(GIT01, 'down');
  await world.pass(10 * MINUTE);
  await world.bot.stop();
  world.set(GIT01, 'healthy');
  await world.bot.start();
  await world.pass(30 * MINUTE);
  assert.deepEqual(await world.acts(), ['muted', 'fault-muted', 'muted-fault-over']);
  await world.pass(25 * MINUTE);
  const [summary] = await summaries(world);
  assert.ok(summary?.kind === 'mute-summary');
  assert.partialDeepStrictEqual(summary.hosts, [{ host: GIT01, faults: 1, isStillBroken: false }]);
  await world.bot.stop();
});
