import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { IncidentId, PlanId } from '../../src/model/record/ids.ts';
import { copyRecord } from '../../src/store/copy-record.ts';
import { lockRecord } from '../../src/store/lock-record.ts';
import { skipUnless } from '../support/requirements.ts';
import { decide } from './decide.ts';
import { openPostgresAt, RecordServer } from './open-postgres.ts';
import { databasePath, openSqliteAt } from './open-store.ts';
import {
  auditDraft,
  DIAGNOSIS,
  openIncident,
  openingOf,
  planCard,
  proposePlan,
  putDiagnosis,
  putVerification,
  recordLine,
  standingClock,
  statusMessage,
  WELL,
} from './samples.ts';

const postgres = new RecordServer();
const parts = { clock: standingClock() };

/** A record with a row in almost every table; the first incident is in the summary of a later one. */
async function filledFile(t: Parameters<typeof databasePath>[0]): Promise<string> {
  const path = await databasePath(t);
  const { store, close } = await openSqliteAt(t, path);
  const incident = await openIncident(store);
  const later = await openIncident(store, { requestKey: 'später’s “key” 🐘' });
  await store.transact(async (tx) => {
    for (const opened of [incident, later]) await tx.appendAudit(openingOf(opened));
    const plan = await proposePlan(tx, incident);
    await tx.putMessage(planCard(plan, await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan))));
    await tx.putMessage(statusMessage(incident));
    await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open', currentPlan: plan.id });
    await putDiagnosis(tx, incident, DIAGNOSIS);
    await putVerification(tx, plan, WELL);
    for (let n = 0; n < 120; n += 1) await recordLine(tx, auditDraft(incident.id));
    await tx.joinSummary(incident.id, later.id);
  });
  assert.ok(await decide(store, PlanId.parse('1-1')));
  await close();
  return path;
}

const emptyPlace = async () => {
  const server = await postgres.server;
  return { url: server.url(await server.database()), passwordFile: null };
};

suite('a record that is copied from a file to Postgres', { skip: skipUnless('postgres') }, () => {
  test('has the same rows, the same chain and the same tree root, and goes on from there', async (t) => {
    const path = await filledFile(t);
    const place = await emptyPlace();
    const outcome = await copyRecord(`sqlite:${path}`, place, parts);
    assert.equal(outcome.kind, 'copied');
    const file = await openSqliteAt(t, path);
    const copy = await openPostgresAt(t, place);
    const check = await copy.auditTrail.verify();
    assert.deepEqual(check, await file.auditTrail.verify());
    assert.equal(outcome.kind === 'copied' && outcome.last?.hash, check.kind === 'intact' && check.last?.hash);
    const one = IncidentId.parse(1);
    assert.deepEqual(await copy.auditTrail.incidentRecord(one), await file.auditTrail.incidentRecord(one));
    const next = await openIncident(copy.store);
    assert.equal(next.id, 3);
    await copy.store.transact((tx) => recordLine(tx, openingOf(next)));
    assert.equal((await copy.auditTrail.verify()).kind, 'intact');
    const server = await postgres.server;
    const database = new URL(place.url).pathname.slice(1);
    await assert.rejects(server.query(database, 'DELETE FROM audit_entries'), /append only/);
  });

  test('is refused by a database that has a record, and nothing is written', async (t) => {
    const path = await filledFile(t);
    const place = await postgres.place();
    const { store, close } = await openPostgresAt(t, place);
    const incident = await openIncident(store);
    await store.transact((tx) => tx.appendAudit(openingOf(incident)));
    await close();
    assert.deepEqual(await copyRecord(`sqlite:${path}`, place, parts), { kind: 'target-not-empty' });
    const after = await openPostgresAt(t, place);
    assert.equal((await after.auditTrail.verify()).entries, 1);
  });

  test('is not copied while a bot works on it, nor when it is not intact, nor into a database that alters rows', async (t) => {
    const path = await filledFile(t);
    const lock = await lockRecord(`sqlite:${path}`);
    assert.deepEqual(await copyRecord(`sqlite:${path}`, await emptyPlace(), parts), { kind: 'source-in-use' });
    lock?.release();
    const altering = await postgres.place();
    const server = await postgres.server;
    await server.query(altering.database, `CREATE RULE altered AS ON INSERT TO executions DO INSTEAD NOTHING`);
    const outcome = await copyRecord(`sqlite:${path}`, altering, parts);
    assert.deepEqual(outcome, { kind: 'rows-differ', table: 'executions' });
    assert.deepEqual(await server.query(altering.database, 'SELECT 1 FROM audit_entries'), []);
    const database = new DatabaseSync(path);
    database.exec('DROP TRIGGER audit_entries_are_final');
    database.exec(`UPDATE audit_entries SET outcome = '{}' WHERE sequence = 5`);
    database.close();
    const broken = await copyRecord(`sqlite:${path}`, await emptyPlace(), parts);
    assert.equal(broken.kind, 'source-broken');
  });
});
