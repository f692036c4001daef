import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openingAt } from '../../../src/incident/quiet/maintenance.ts';
import type { Actor } from '../../../src/model/record/actor.ts';
import type { AuditEntry } from '../../../src/model/record/audit.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import type { SummaryMessage } from '../../../src/model/record/messages/thread-message.ts';
import { type MaintenanceWindow, WEEKDAYS } from '../../../src/model/settings/quiet-settings.ts';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { watchedHost } from '../watch/watched-hosts.ts';
import { quietWorld, type StateChange, type World } from './quiet-world.ts';

const EVENTS = roundsOf(60, 150);
const SETTLED_SECONDS = 2 * 3_600;
/** After that, nothing flaps any more, and nothing is reopened. */
const QUIET_SECONDS = 3_600;

/** More hosts than have to fail at once to be a group, and some that share a file server. */
const WATCHED = ['git01', 'git02', 'git03', 'git04', 'git05', 'git06'].map((name) =>
  watchedHost(name, { intervalSeconds: 60 }),
);
const UNWATCHED = { ...watchedHost('git07'), watch: null };
const HOSTS = [...WATCHED, UNWATCHED];
const NAMES = HOSTS.map(({ name }) => name);
const SHARES = new Map([
  [HostName.parse('git01'), 'nas01:/registry'],
  [HostName.parse('git05'), 'nas01:/registry'],
  [HostName.parse('git07'), 'NAS01:/other'],
]);
const WINDOW: MaintenanceWindow = {
  ...{ hosts: [HostName.parse('git02')], every: 'day 14:30', days: WEEKDAYS, hour: 14, minute: 30 },
  ...{ forMs: 3_600_000, zone: 'UTC' },
};

for (let round = 1; round <= roundsOf(1, 60); round += 1) {
  test(`random faults, alerts, commands, mutes and restarts lose no alert, open no incident twice and group and reopen as they should, round ${round}`, async (t) => {
    const seed = seedOfRun() + round - 1;
    t.diagnostic(`RD_SEED=${seed}`);
    const random = new SeededRandom(seed);
    const reopenMinutes = random.pick([0, 5, 30]);
    const world = await quietWorld(t, { hosts: HOSTS, maintenance: [WINDOW], reopenMinutes, shares: SHARES });
    await world.bot.start();
    await failTogether(world, [...SHARES.keys()]);
    assert.deepEqual(await groupedHosts(world), [[...SHARES.keys()]], 'a file server groups its hosts');
    await failTogether(world, NAMES);
    assert.deepEqual(await groupedHosts(world), [NAMES], 'many hosts that fail at once join that group');
    for (let event = 0; event < EVENTS; event += 1) {
      await world.pass(random.int(random.pick([20, 120, 900])));
      await happen(world, random, event);
    }
    await settle(world);
    await world.bot.stop();
    await check(t, world, reopenMinutes);
  });
}

async function happen(world: World, random: SeededRandom, event: number): Promise<void> {
  const host = random.pick(NAMES);
  const fingerprint = random.chance(50) ? `down-${host}` : `event-${event}`;
  switch (random.int(12)) {
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
    case 9:
      return failTogether(
        world,
        NAMES.filter(() => random.chance(70)),
      );
    case 10:
      recoverTogether(world);
      return world.pass(random.pick([0, QUIET_SECONDS]));
    default:
      await world.bot.stop();
      return world.bot.start();
  }
}

async function groupedHosts(world: World): Promise<readonly (readonly HostName[])[]> {
  return (await groupsOf(world)).map(({ hosts }) => hosts.toSorted());
}

/** A cause that these hosts share. Alerts come first: monitoring needs some looks to be sure. */
async function failTogether(world: World, hosts: readonly HostName[]): Promise<void> {
  for (const host of hosts) {
    world.set(host, 'down');
    await world.alert(host, { fingerprint: `down-${host}` });
  }
  await world.pass(60);
}

function recoverTogether(world: World): void {
  for (const host of NAMES) world.set(host, 'healthy');
}

/** All registries are healthy, and someone has each of them diagnosed when the last mute is over. */
async function settle(world: World): Promise<void> {
  recoverTogether(world);
  await world.pass(SETTLED_SECONDS);
  for (const host of NAMES) await world.diagnose(host);
  await world.pass(SETTLED_SECONDS);
}

async function check(t: TestContext, world: World, reopenMinutes: number): Promise<void> {
  const { record, incidents, changes } = world;
  const entries = await record.opened.auditTrail.list({});
  const all = await incidents();
  const groups = await groupsOf(world);
  const reopened = entries.filter(({ act }) => act === 'incident-reopened').length;
  t.diagnostic(`${all.length} incidents, ${reopened} reopened, ${groups.length} groups, ${entries.length} entries`);
  assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  const unended = all.filter(({ state }) => state !== 'resolved' && state !== 'closed');
  assert.deepEqual(unended, [], 'every incident ends');
  const hostOf = new Map<number, HostName>(all.map(({ id, host }) => [id, host]));
  assertOneOpen(entries, hostOf);
  assertSeenHealthy(entries, hostOf, changes());
  assertQuietWhileMuted(entries, hostOf);
  assertFlappingToldOnce(entries, hostOf);
  assertNoAlertLost(record.file);
  assertListedOnce(groups);
  assertReopened(entries, hostOf, reopenMinutes);
}

/** Whether nothing more is to be done about the incident. A person's question is closed by a diagnosis that finds no fault. */
function isEnd({ act, outcome }: AuditEntry, openedBy: Actor | undefined): boolean {
  if (act === 'diagnosed') return openedBy?.kind === 'slack-user' && outcome['verdict'] !== 'faulty';
  return act === 'incident-resolved' || act === 'incident-closed';
}

function assertOneOpen(entries: readonly AuditEntry[], hostOf: ReadonlyMap<number, HostName>): void {
  const open = new Map<HostName, number>();
  const openedBy = new Map<number, Actor>();
  for (const entry of entries) {
    const { act, actor, incidentId } = entry;
    const host = hostOf.get(incidentId ?? 0);
    if (host === undefined || incidentId === null) continue;
    if (act === 'incident-opened') openedBy.set(incidentId, actor);
    if (act === 'incident-opened' || act === 'incident-reopened') {
      assert.equal(open.get(host), undefined, `${host}: ${incidentId} beside ${open.get(host)}`);
      open.set(host, incidentId);
    }
    if (isEnd(entry, openedBy.get(incidentId))) open.delete(host);
  }
}

type Group = {
  readonly id: number;
  readonly members: readonly number[];
  readonly hosts: readonly HostName[];
  readonly summary: SummaryMessage | null;
};

/** The groups that incidents are in, and those of which there is a summary. */
async function groupsOf({ store, incidents }: World): Promise<readonly Group[]> {
  const all = await incidents();
  return store.transact(async (tx) => {
    const groups: Group[] = [];
    for (const { id } of all) {
      const members = await tx.groupMembers(id, 1_000);
      const body = (await tx.message(`summary:${id}`))?.body;
      const summary = body?.kind === 'summary' ? body : null;
      if (members.length === 0 && summary === null) continue;
      groups.push({ id, members: members.map((one) => one.id), hosts: members.map(({ host }) => host), summary });
    }
    return groups;
  });
}

function assertListedOnce(groups: readonly Group[]): void {
  const listed = groups.flatMap(({ summary }) => summary?.incidents.map(({ id }) => Number(id)) ?? []);
  assert.equal(new Set(listed).size, listed.length, `listed twice: ${listed.join(', ')}`);
  for (const { id, members, hosts, summary } of groups) {
    assert.ok(summary !== null, `the group of incident ${id} has no summary`);
    assert.ok(new Set(hosts).size >= 2, `the group of incident ${id} is of one host`);
    const strangers = summary.incidents.filter((line) => !members.includes(line.id));
    assert.deepEqual(strangers, [], `the summary of incident ${id} lists what is not in its group`);
    const count = summary.incidents.length + summary.more;
    assert.equal(count, members.length, `the summary of incident ${id} is of another number of incidents`);
  }
}

/** What is known of an incident, by its entries so far. */
type Course = { readonly host: HostName; readonly verdicts: unknown[]; resolvedAt: number | null };

function assertReopened(
  entries: readonly AuditEntry[],
  hostOf: ReadonlyMap<number, HostName>,
  reopenMinutes: number,
): void {
  const courses = new Map<number, Course>();
  const wasRecent = (resolvedAt: number | null, at: string) =>
    reopenMinutes > 0 && resolvedAt !== null && Date.parse(at) - resolvedAt <= reopenMinutes * 60_000;
  for (const { act, actor, at, incidentId, outcome } of entries) {
    const host = hostOf.get(incidentId ?? 0);
    if (host === undefined || incidentId === null) continue;
    const course = courses.get(incidentId) ?? { host, verdicts: [], resolvedAt: null };
    if (act === 'incident-opened' && actor.kind !== 'slack-user') {
      const missed = [...courses].filter(
        ([, before]) => before.host === host && wasRecent(before.resolvedAt, at) && hadFault(before),
      );
      assert.deepEqual(missed, [], `${host}: incident ${incidentId} was opened at ${at}, and none reopened`);
    }
    if (act === 'incident-reopened') {
      assert.ok(wasRecent(course.resolvedAt, at), `${host}: incident ${incidentId} was reopened at ${at}, too late`);
      assert.ok(hadFault(course), `${host}: incident ${incidentId} was reopened, and never had a fault`);
      course.resolvedAt = null;
    }
    if (act === 'diagnosed') course.verdicts.push(outcome['verdict']);
    if (act === 'incident-resolved') course.resolvedAt = Date.parse(at);
    courses.set(incidentId, course);
  }
}

/** An incident that ended before its diagnosis had what opened it. */
function hadFault({ verdicts }: Course): boolean {
  return verdicts.length === 0 || verdicts.some((verdict) => verdict !== 'healthy');
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
