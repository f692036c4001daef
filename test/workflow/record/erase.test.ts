import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import type { DetailsWanted } from '../../../src/model/record/erasable.ts';
import { IncidentId } from '../../../src/model/record/ids.ts';
import { isSealIntact } from '../../../src/record/plan-seal.ts';
import { requestMute, requestUnmute } from '../../../src/workflow/quiet/request-mute.ts';
import { dropDetails } from '../../../src/workflow/record/drop-details.ts';
import { erase } from '../../../src/workflow/record/erase.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { type AttackedRecord, BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { DIAGNOSIS, GIT01, putDiagnosis } from '../../store/samples.ts';

const BY = { by: { kind: 'terminal', user: 'ona' }, isOnlyAsked: false } as const;
const REASON = 'Carol said that the disk is hers';
const MUTE_REASON = 'Bob moves the disk';
const THE_INCIDENT: DetailsWanted = { kind: 'incident', id: IncidentId.parse(1) };
const THE_PERSON: DetailsWanted = { kind: 'person', person: BOB.user };
const DAY_MS = 24 * 60 * 60 * 1000;

/** An incident that Alice asked for: its plan was rejected by Bob with a reason, and it is over. Bob also muted the host for a while. */
async function endedIncident(t: TestContext) {
  const record = await openRecord(t);
  const { store } = record.opened;
  const plan = await record.propose();
  const incident = await store.transact((tx) => tx.incident(plan.incidentId));
  await store.transact((tx) => putDiagnosis(tx, incident ?? assert.fail(), DIAGNOSIS));
  const decision = {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'rejected',
    by: BOB,
    channel: CHANNEL,
  } as const;
  assert.equal((await decidePlan(record.context(), { ...decision, reason: REASON })).outcome.kind, 'accepted');
  const mute = { hostText: 'git01', by: BOB, channel: CHANNEL };
  await requestMute(record.context(), { ...mute, lengthText: '2h', reason: MUTE_REASON, requestKey: 'slack:1' });
  await requestUnmute(record.context(), { ...mute, requestKey: 'slack:2' });
  const closedAt = new Date().toISOString();
  await store.transact((tx) => tx.moveIncident(plan.incidentId, ['open'], { state: 'closed', closedAt }));
  await deliverAll(record);
  return { record, plan };
}

async function deliverAll({ opened: { outbox } }: AttackedRecord): Promise<void> {
  for (let n = 1; n < 50; n += 1) {
    for (const { key, version } of await outbox.pending(10, new Date()))
      await outbox.markDelivered(key, version, `${n}.1`);
  }
}

/** All that the database file still holds, also in pages that are free. */
function bytesOf({ file }: AttackedRecord): string {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return readFileSync(file, 'latin1');
}

async function verified(record: AttackedRecord) {
  const check = await record.opened.auditTrail.verify();
  assert.equal(check.kind, 'intact', JSON.stringify(check));
  return check.kind === 'intact'
    ? check.removals.newest.map(({ act, values, diagnoses }) => ({ act, values, diagnoses }))
    : [];
}

describe('erasing', () => {
  test('a person is gone from every row, and the chain still holds and says so', async (t) => {
    const { record, plan } = await endedIncident(t);
    assert.match(bytesOf(record), /UBOB/);
    const erased = await erase(record.context(), THE_PERSON, BY);
    assert.equal(erased.kind, 'erased');
    const rest = bytesOf(record);
    for (const trace of [BOB.user, REASON, MUTE_REASON]) assert.ok(!rest.includes(trace), trace);
    assert.match(rest, /UALICE/);
    const [removal] = await verified(record);
    assert.deepEqual(removal, { act: 'erased', values: 5, diagnoses: 0 });
    const [decision] = await record.opened.store.transact((tx) => tx.decisions(plan.id));
    assert.deepEqual([decision?.by.kind, decision?.reason, decision?.verdict], ['erased', null, 'rejected']);
    const entries = await record.opened.auditTrail.list({});
    const rejected = entries.find(({ act }) => act === 'plan-rejected');
    assert.equal(rejected?.actor.kind === 'erased' && rejected.actor.was, 'slack-user');
  });

  test('an incident loses its people, texts, diagnoses and messages, and keeps its plan under the same hash', async (t) => {
    const { record, plan } = await endedIncident(t);
    assert.equal((await erase(record.context(), THE_INCIDENT, BY)).kind, 'erased');
    assert.deepEqual(await verified(record), [{ act: 'erased', values: 4, diagnoses: 1 }]);
    const kept = await record.opened.auditTrail.incidentRecord(plan.incidentId);
    assert.deepEqual([kept?.diagnoses, kept?.messages], [[], []]);
    assert.equal(kept?.incident.openedBy.kind, 'erased');
    const stored = kept?.plans[0]?.plan ?? assert.fail();
    assert.equal(stored.requestedBy.kind, 'erased');
    assert.deepEqual([stored.hash, isSealIntact(stored)], [plan.hash, true]);
    const rest = bytesOf(record);
    for (const trace of ['UALICE', REASON]) assert.ok(!rest.includes(trace), trace);
    assert.match(rest, new RegExp(MUTE_REASON));
  });

  test('nothing is erased while the incident is open, and nothing when it is only asked', async (t) => {
    const record = await openRecord(t);
    await record.propose();
    const { kind } = await erase(record.context(), THE_INCIDENT, BY);
    assert.equal(kind, 'unfinished');
    const ended = await endedIncident(t);
    const asked = await erase(ended.record.context(), THE_PERSON, { ...BY, isOnlyAsked: true });
    assert.equal(asked.kind, 'would-erase');
    assert.deepEqual(await verified(ended.record), []);
    assert.match(bytesOf(ended.record), /UBOB/);
  });

  test('nothing is erased while a post that names the person waits for Slack, and then the post is, also if nothing else does', async (t) => {
    const record = await openRecord(t);
    const { store } = record.opened;
    const source = { kind: 'person', by: { kind: 'slack-user', ...BOB }, reason: null } as const;
    const until = new Date(Date.now() + DAY_MS).toISOString();
    const body = { kind: 'mute-notice', host: GIT01, source, until } as const;
    await store.transact((tx) => tx.putNotice({ key: 'muted:1', channel: CHANNEL, body }));
    const unfinished = await erase(record.context(), THE_PERSON, BY);
    assert.deepEqual([unfinished.kind, 'details' in unfinished && unfinished.details.waiting], ['unfinished', 1]);
    assert.match(bytesOf(record), /UBOB/);
    await deliverAll(record);
    assert.equal((await erase(record.context(), THE_PERSON, BY)).kind, 'erased');
    assert.doesNotMatch(bytesOf(record), /UBOB/);
    assert.deepEqual(await verified(record), [{ act: 'erased', values: 0, diagnoses: 0 }]);
  });

  test('erasing an incident also erases what the incident channel was told of it', async (t) => {
    const { record, plan } = await endedIncident(t);
    const onCall = { users: [BOB.user], groups: [], isQuiet: false };
    const noticed = { noticedBy: { kind: 'bot', part: 'watch' }, at: new Date().toISOString(), onCall } as const;
    const about = { host: GIT01, incidentId: plan.incidentId, channel: CHANNEL };
    const body = { kind: 'incident-elsewhere', ...about, ...noticed } as const;
    await record.opened.store.transact((tx) => tx.putNotice({ key: 'elsewhere:9', channel: CHANNEL, body }));
    assert.equal((await erase(record.context(), THE_INCIDENT, BY)).kind, 'unfinished', 'Slack does not show it yet');
    await deliverAll(record);
    assert.match(bytesOf(record), /"kind":"incident-elsewhere"/);
    assert.equal((await erase(record.context(), THE_INCIDENT, BY)).kind, 'erased');
    assert.doesNotMatch(bytesOf(record), /"kind":"incident-elsewhere"/);
  });

  test('what the record does not hold, or no longer, is not erased', async (t) => {
    const { record } = await endedIncident(t);
    const { auditTrail } = record.opened;
    assert.equal((await erase(record.context(), { kind: 'person', person: 'UNOBODY' }, BY)).kind, 'nothing-found');
    await erase(record.context(), THE_PERSON, BY);
    const { length } = await auditTrail.list({});
    assert.equal((await erase(record.context(), THE_PERSON, BY)).kind, 'nothing-found');
    assert.equal((await auditTrail.list({})).length, length);
  });
});

describe('retention', () => {
  test('old details are dropped on record, and who did what stays', async (t) => {
    const { record, plan } = await endedIncident(t);
    record.setNow(new Date(Date.now() + 40 * DAY_MS));
    assert.equal(await dropDetails(record.context(), 60), false);
    assert.equal(await dropDetails(record.context(), 30), true);
    assert.equal(await dropDetails(record.context(), 30), false);
    assert.deepEqual(await verified(record), [{ act: 'details-dropped', values: 2, diagnoses: 1 }]);
    const rest = bytesOf(record);
    for (const trace of [REASON, MUTE_REASON]) assert.ok(!rest.includes(trace), trace);
    const [decision] = await record.opened.store.transact((tx) => tx.decisions(plan.id));
    assert.deepEqual([decision?.by, decision?.reason], [{ kind: 'slack-user', ...BOB }, null]);
    assert.deepEqual((await record.opened.auditTrail.incidentRecord(plan.incidentId))?.messages, []);
  });

  test('a diagnosis that someone puts in the place of a dropped one is named', async (t) => {
    const { record } = await endedIncident(t);
    record.setNow(new Date(Date.now() + 40 * DAY_MS));
    await dropDetails(record.context(), 30);
    const [diagnosed] = (await record.opened.auditTrail.list({})).filter(({ act }) => act === 'diagnosed');
    assert.ok(diagnosed);
    const database = new DatabaseSync(record.file);
    const insert = database.prepare('INSERT INTO diagnoses (sequence, incident_id, body) VALUES (?, ?, ?)');
    insert.run(diagnosed.sequence, diagnosed.incidentId, '{"verdict":"healthy"}');
    database.close();
    const check = await record.opened.auditTrail.verify();
    assert.deepEqual(check.kind === 'broken' ? check.problems : check, [
      { kind: 'body-disagrees', about: 'diagnosis', sequence: diagnosed.sequence },
    ]);
  });
});

describe('what was not removed on record', () => {
  const ATTACKS: Record<string, { sql: string; problem: object }> = {
    'a changed reason': {
      sql: `UPDATE entry_values SET value = '"it was urgent"' WHERE field = 'reason' AND sequence = 4`,
      problem: { kind: 'value-changed', sequence: 4, field: 'reason' },
    },
    'a changed salt': {
      sql: `UPDATE entry_values SET salt = '${'0'.repeat(32)}' WHERE field = 'actor' AND sequence = 1`,
      problem: { kind: 'value-changed', sequence: 1, field: 'actor' },
    },
    'a removed reason': {
      sql: `DELETE FROM entry_values WHERE field = 'reason' AND sequence = 4`,
      problem: { kind: 'value-missing', sequence: 4, field: 'reason' },
    },
    'an added reason': {
      sql: `INSERT INTO entry_values VALUES (2, 'reason', '${'0'.repeat(32)}', '"for fun"')`,
      problem: { kind: 'value-changed', sequence: 2, field: 'reason' },
    },
    'a removed diagnosis': {
      sql: 'DELETE FROM diagnoses',
      problem: { kind: 'body-disagrees', about: 'diagnosis', sequence: 3 },
    },
  };
  for (const [what, { sql, problem }] of Object.entries(ATTACKS)) {
    test(`audit verify names ${what}, and the database refuses it while its triggers are there`, async (t) => {
      const { record } = await endedIncident(t);
      const database = new DatabaseSync(record.file);
      assert.throws(() => database.exec(sql));
      const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
      for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
      database.exec(sql);
      database.close();
      const check = await record.opened.auditTrail.verify();
      assert.deepEqual(check.kind === 'broken' && check.problems.filter(({ kind }) => kind !== 'row-disagrees'), [
        problem,
      ]);
    });
  }
});
