import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openingAt } from '../../../src/incident/quiet/maintenance.ts';
import type { AuditEntry } from '../../../src/model/record/audit.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { type MaintenanceWindow, WEEKDAYS } from '../../../src/model/settings/quiet-settings.ts';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { watchedHost } from '../watch/watched-hosts.ts';
import { quietWorld, type StateChange, type World } from './quiet-world.ts';

const EVENTS = roundsOf(60, 150);
const SETTLED_SECONDS = 2 * 3_600;

const WATCHED = ['git01', 'git02', 'git03'].map((name) => watchedHost(name, { intervalSeconds: 60 }));
const UNWATCHED = { ...watchedHost('git04'), watch: null };
const HOSTS = [...WATCHED, UNWATCHED];
const NAMES = HOSTS.map(({ name }) => name);
const WINDOW: MaintenanceWindow = {
  ...{ hosts: [HostName.parse('git02')], every: 'day 14:30', days: WEEKDAYS, hour: 14, minute: 30 },
  ...{ forMs: 3_600_000, zone: 'UTC' },
};

for (let round = 1; round <= roundsOf(1, 60); round += 1) {
  test(`random faults, alerts, commands, mutes and restarts lose no alert and open no incident twice, round ${round}`, async (t) => {
    const seed = seedOfRun() + round - 1;
    t.diagnostic(`RD_SEED=${seed}`);
    const random = new SeededRandom(seed);
    const reopenMinutes = random.pick([0, 5, 30]);
    const world = await quietWorld(t, { hosts: HOSTS, maintenance: [WINDOW], reopenMinutes });
    await world.bot.start();
    for (let event = 0; event < EVENTS; event += 1) {
      await world.pass(random.int(random.pick([20, 120, 900])));
      await happen(world, random, event);
    }
    await settle(world);
    await world.bot.stop();
    await check(t, world);
  });
}

async function happen(world: World, random: SeededRandom, event: number): Promise<void> {
  const host = random.pick(NAMES);
  const fingerprint = random.chance(50) ? `down-${host}` : `event-${event}`;
  switch (random.int(10)) {
    case 0:
    case 1:
      return world.set(host, random.pick(['down', 'away']));
    case 2:
    case 3:
      return world.set(host, 'healthy');
    case 4:
    case 5:
      return world.alert(host, { fingerprint });
    case 6:
      return world.alert(host, { fingerprint: `down-${host}`, status: 'resolved' });
    case 7:
      return void (await world.mute(host, random.pick(['5m', '40m', '2h'])));
    case 8:
      return void (random.chance(50) ? await world.unmute(host) : await world.diagnose(host));
    default:
      await world.bot.stop();
      return world.bot.start();
  }
}

/** All registries are healthy, and someone has each of them diagnosed when the last mute is over. */
async function settle(world: World): Promise<void> {
  for (const host of NAMES) world.set(host, 'healthy');
  await world.pass(SETTLED_SECONDS);
  for (const host of NAMES) await world.diagnose(host);
  await world.pass(SETTLED_SECONDS);
}

async function check(t: TestContext, { record, incidents, changes }: World): Promise<void> {
  const entries = await record.opened.auditTrail.list({});
  const all = await incidents();
  t.diagnostic(`${all.length} incidents, ${entries.length} entries`);
  assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  const unended = all.filter(({ state }) => state !== 'resolved' && state !== 'closed');
  assert.deepEqual(unended, [], 'every incident ends');
  const hostOf = new Map<number, HostName>(all.map(({ id, host }) => [id, host]));
  assertOneOpen(entries, hostOf);
  assertSeenHealthy(entries, hostOf, changes());
  assertQuietWhileMuted(entries, hostOf);
  assertFlappingToldOnce(entries, hostOf);
  assertNoAlertLost(record.file);
}

function assertOneOpen(entries: readonly AuditEntry[], hostOf: ReadonlyMap<number, HostName>): void {
  const open = new Map<HostName, number>();
  for (const { act, incidentId } of entries) {
    const host = hostOf.get(incidentId ?? 0);
    if (host === undefined || incidentId === null) continue;
    if (act === 'incident-opened' || act === 'incident-reopened') {
      assert.equal(open.get(host), undefined, `${host}: ${incidentId} beside ${open.get(host)}`);
      open.set(host, incidentId);
    }
    if (act === 'incident-resolved' || act === 'incident-closed') open.delete(host);
  }
}

/** How long before it is concluded something can have been seen: the longest look, and a diagnosis. */
const SEEN_WITHIN_MS = 15_000;

function assertSeenHealthy(
  entries: readonly AuditEntry[],
  hostOf: ReadonlyMap<number, HostName>,
  changes: readonly StateChange[],
): void {
  for (const { act, at, incidentId } of entries) {
    if (act !== 'incident-resolved') continue;
    const host = hostOf.get(incidentId ?? 0);
    const since = new Date(Date.parse(at) - SEEN_WITHIN_MS).toISOString();
    const before = changes.filter((change) => change.host === host && change.at <= at);
    const atFirst = before.findLast((change) => change.at <= since)?.state ?? 'healthy';
    const seen = [atFirst, ...before.filter((change) => change.at > since).map(({ state }) => state)];
    assert.ok(
      seen.includes('healthy'),
      `${host} was ${seen.join(', ')} when incident ${incidentId} was resolved at ${at}`,
    );
  }
}

const TELLING = ['incident-opened', 'incident-reopened', 'monitoring-lost'];

function assertQuietWhileMuted(entries: readonly AuditEntry[], hostOf: ReadonlyMap<number, HostName>): void {
  const mutes = new Map<unknown, number>();
  for (const { act, actor, at, incidentId, outcome } of entries) {
    const host = incidentId === null ? outcome['host'] : (hostOf.get(incidentId) ?? outcome['host']);
    if (act === 'muted') mutes.set(host, (mutes.get(host) ?? 0) + 1);
    if (act === 'unmuted') mutes.set(host, (mutes.get(host) ?? 0) - 1);
    if (!TELLING.includes(act) || actor.kind === 'slack-user') continue;
    assert.equal(mutes.get(host) ?? 0, 0, `${host} is muted, and told of: ${act} at ${at}`);
    const isInWindow = WINDOW.hosts.some((name) => name === host) && openingAt(WINDOW, Date.parse(at)) !== null;
    assert.ok(!isInWindow, `${host} is in maintenance, and told of: ${act} at ${at}`);
  }
  assert.deepEqual(
    [...mutes.values()].filter((open) => open !== 0),
    [],
    'every mute ends',
  );
}

function assertFlappingToldOnce(entries: readonly AuditEntry[], hostOf: ReadonlyMap<number, HostName>): void {
  const flapping = new Set<HostName | undefined>();
  for (const { act, at, incidentId } of entries) {
    const host = hostOf.get(incidentId ?? 0);
    if (act === 'flapping-began') assert.ok(!flapping.has(host), `${host} is said to flap twice, at ${at}`);
    if (act === 'flapping-began') flapping.add(host);
    if (act === 'flapping-ended' || act === 'incident-resolved') flapping.delete(host);
  }
  assert.equal(flapping.size, 0, 'all flapping ends');
}

function assertNoAlertLost(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const count = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  assert.equal(count('SELECT count(*) FROM alerts WHERE taken_up_at IS NULL'), 0, 'every alert was taken up');
  const joined = 'SELECT alert_id FROM incident_alerts';
  const muted = 'SELECT alert_id FROM muted_faults WHERE alert_id IS NOT NULL';
  const lost = `SELECT count(*) FROM alerts WHERE status = 'firing' AND id NOT IN (${joined}) AND id NOT IN (${muted})`;
  assert.equal(count(lost), 0, 'every firing alert is in an incident, or noted of a muted host');
  const untold = 'SELECT count(*) FROM muted_faults WHERE told_at IS NULL';
  assert.equal(count(untold), 0, 'what was muted is summed up');
  const dropped = `SELECT count(*) FROM muted_faults WHERE over_at IS NULL AND alert_id IS NOT NULL AND alert_id NOT IN (${joined})`;
  assert.equal(count(dropped), 0, 'what still fired at the end of a mute is in an incident');
  db.close();
}
