import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Alert } from '../../../src/model/record/alert.ts';
import { HostName, IncidentId, PlanId } from '../../../src/model/record/ids.ts';
import type { RecordCheck, RecordProblem } from '../../../src/model/record/record.ts';
import { RecordDamaged } from '../../../src/store/store-unavailable.ts';
import { dropDetails } from '../../../src/workflow/record/drop-details.ts';
import { erase } from '../../../src/workflow/record/erase.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { skipUnless } from '../../support/requirements.ts';
import { decide } from '../decide.ts';
import { openPostgresAt, RecordServer } from '../open-postgres.ts';
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
  WELL,
} from '../samples.ts';

const skip = skipUnless('postgres');
const postgres = new RecordServer();

/** A record in which every table that is kept has a row; entry 2 proposed plan 1-1, which is approved. */
async function filledRecord(t: Parameters<typeof openPostgresAt>[0]) {
  const place = await postgres.place();
  const opened = await openPostgresAt(t, place);
  const incident = await openIncident(opened.store);
  await opened.store.transact(async (tx) => {
    await recordLine(tx, openingOf(incident));
    const plan = await proposePlan(tx, incident);
    await tx.putMessage(planCard(plan, await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan))));
    for (let n = 3; n <= 6; n += 1) await recordLine(tx, auditDraft(incident.id));
    await putDiagnosis(tx, incident, DIAGNOSIS);
    await putVerification(tx, plan, WELL);
    await tx.keepCheckpoint({ size: 1, note: 'a note' });
  });
  assert.ok(await decide(opened.store, PlanId.parse('1-1')));
  const server = await postgres.server;
  return { ...opened, incident, sql: (text: string) => server.query(place.database, text) };
}

const COPY = `at, incident_id, incident_entry, actor, act, plan_id, plan_hash, outcome, previous_hash, hash
  FROM audit_entries WHERE sequence = 10`;

const FORBIDDEN: Readonly<Record<string, string>> = {
  'change an entry': `UPDATE audit_entries SET outcome = '{}' WHERE sequence = 5`,
  'delete an entry': 'DELETE FROM audit_entries WHERE sequence = 10',
  'replace an entry': `INSERT INTO audit_entries SELECT sequence, ${COPY} ON CONFLICT (sequence) DO UPDATE SET outcome = '{}'`,
  'leave a gap between entries': `INSERT INTO audit_entries SELECT 99, ${COPY}`,
  'empty the entries': 'TRUNCATE audit_entries CASCADE',
  'change a plan': `UPDATE plans SET body = replace(body, '0751', '0777')`,
  'delete a plan': 'DELETE FROM plans',
  'change a decision': `UPDATE decisions SET verdict = 'rejected'`,
  'decide on another hash': `INSERT INTO decisions SELECT plan_id, 'UCAROL', verdict, 'sha256:0', by, reason, at, signature FROM decisions`,
  'delete a decision': 'DELETE FROM decisions',
  'empty the decisions': 'TRUNCATE decisions',
  'delete an execution': 'DELETE FROM executions',
  'change a diagnosis': `UPDATE diagnoses SET body = '{}'`,
  'delete a diagnosis': 'DELETE FROM diagnoses',
  'change a verification': `UPDATE verifications SET body = '{}'`,
  'delete a verification': 'DELETE FROM verifications',
  'change a checkpoint': `UPDATE checkpoints SET note = 'another'`,
  'delete a checkpoint': 'DELETE FROM checkpoints',
  'change a value of an entry': `UPDATE entry_values SET value = '"x"'`,
  'add a value to an old entry': `INSERT INTO entry_values VALUES (2, 'reason', '', '""')`,
  'delete a value of an entry': 'DELETE FROM entry_values',
  'delete a diagnosis behind a table of the same name': `CREATE TEMP TABLE audit_entries (sequence bigint, act text);
    INSERT INTO audit_entries VALUES (99, 'erased'); DELETE FROM diagnoses`,
};

suite('a record on Postgres', { skip }, () => {
  let refusing: ReturnType<typeof filledRecord>;
  before(() => {
    refusing = filledRecord({ after });
  });
  for (const [what, statement] of Object.entries(FORBIDDEN)) {
    test(`does not let even a superuser ${what} while its triggers exist`, async () => {
      const { sql, auditTrail } = await refusing;
      await assert.rejects(sql(statement), /append only|sealed|final|kept|a decision is on the plan/);
      const check = await auditTrail.verify();
      assert.deepEqual(problemsOf(check), []);
    });
  }

  for (const [what, { edit, problems }] of Object.entries({
    'a changed entry': { edit: FORBIDDEN['change an entry'], problems: [{ kind: 'changed', sequence: 5 }] },
    'a missing entry': {
      edit: 'DELETE FROM audit_entries WHERE sequence = 5',
      problems: [{ kind: 'missing', sequence: 5, through: 5 }],
    },
    'a changed decision': {
      edit: FORBIDDEN['change a decision'],
      problems: [{ kind: 'row-disagrees', about: 'decisions', planId: '1-1' }],
    },
    'a changed plan': { edit: FORBIDDEN['change a plan'], problems: [{ kind: 'plan-changed', planId: '1-1' }] },
    'a diagnosis that is no longer JSON': {
      edit: `UPDATE diagnoses SET body = 'gone'`,
      problems: [{ kind: 'body-disagrees', about: 'diagnosis', sequence: 7 }],
    },
    'a missing note of the last entry': {
      edit: 'DELETE FROM audit_head',
      problems: [{ kind: 'head-missing', last: 10 }],
    },
    'a missing incident': {
      edit: 'DELETE FROM incidents',
      problems: [{ kind: 'incident-missing', incidentId: 1, sequence: 1 }],
    },
    'a made-up decision on a plan that no one proposed': {
      edit: `INSERT INTO decisions SELECT '1-7', person, verdict, plan_hash, by, reason, at, signature FROM decisions`,
      problems: [{ kind: 'row-disagrees', about: 'decisions', planId: '1-7' }],
    },
  })) {
    test(`audit verify names ${what} that someone edited without the triggers`, async (t) => {
      const { sql, auditTrail } = await filledRecord(t);
      await sql(`SET session_replication_role = replica; ${edit}`);
      const check = await auditTrail.verify();
      assert.deepEqual(problemsOf(check), problems);
    });
  }

  test('takes nothing more once its end was cut off, since a new entry would hide it', async (t) => {
    const { sql, store, incident } = await filledRecord(t);
    await sql('SET session_replication_role = replica; DELETE FROM audit_entries WHERE sequence > 8');
    const appending = store.transact(async (tx) => {
      await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open' });
      await tx.appendAudit(auditDraft(incident.id));
    });
    await assert.rejects(appending, (error) => error instanceof RecordDamaged && error.problem.kind === 'tail-missing');
    assert.equal((await store.transact((tx) => tx.incident(incident.id)))?.state, 'diagnosing');
  });

  test('names the row of a plan that cannot be read', async (t) => {
    const { sql, store } = await filledRecord(t);
    await sql(`SET session_replication_role = replica; UPDATE plans SET host = 'git02'`);
    await assert.rejects(
      store.transact((tx) => tx.plan(PlanId.parse('1-1'))),
      (error) => error instanceof RecordDamaged && error.problem.kind === 'unreadable' && error.problem.key === '1-1',
    );
  });
});

/** Beside the one of the checkpoint in the record, which is only `a note`. */
function problemsOf(check: RecordCheck): readonly RecordProblem[] {
  assert.ok(check.kind === 'broken');
  return check.problems.filter(({ kind }) => kind !== 'checkpoint-unreadable');
}

const ALERT = Alert.parse({
  source: 'prometheus',
  summary: 'the disk is full',
  link: null,
  fingerprint: 'a1',
  status: 'firing',
  labels: {},
  startsAt: null,
  hostLabel: 'git02',
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** An incident that Alice asked for, whose plan Bob rejected with a reason, and which is over. */
async function endedIncident(t: TestContext) {
  const place = await postgres.place();
  const record = await openRecord(t, undefined, place);
  const { store, outbox } = record.opened;
  const plan = await record.propose();
  const incident = (await store.transact((tx) => tx.incident(plan.incidentId))) ?? assert.fail();
  await store.transact((tx) => putDiagnosis(tx, incident, DIAGNOSIS));
  const rejected = {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'rejected',
    by: BOB,
    channel: CHANNEL,
  } as const;
  await decidePlan(record.context(), { ...rejected, reason: 'it is hers' });
  const closedAt = new Date().toISOString();
  await store.transact((tx) => tx.moveIncident(plan.incidentId, ['open'], { state: 'closed', closedAt }));
  for (let n = 1; n < 10; n += 1) {
    for (const { key, version } of await outbox.pending(10, new Date()))
      await outbox.markDelivered(key, version, `${n}.1`);
  }
  const server = await postgres.server;
  const allText = async () => {
    const tables = ['incidents', 'plans', 'decisions', 'audit_entries', 'entry_values', 'diagnoses', 'messages'];
    const rows = tables.map((table) => `SELECT row_to_json(${table})::text AS row FROM ${table}`).join(' UNION ALL ');
    return JSON.stringify(await server.query(place.database, rows));
  };
  return { record, plan, allText };
}

suite('details of a record on Postgres', { skip }, () => {
  const BY = { by: { kind: 'terminal', user: 'ona' }, isOnlyAsked: false } as const;

  test('a person is erased from every row, and the chain still holds', async (t) => {
    const { record, plan, allText } = await endedIncident(t);
    assert.match(await allText(), /UBOB/);
    assert.equal((await erase(record.context(), { kind: 'person', person: BOB.user }, BY)).kind, 'erased');
    const rest = await allText();
    for (const trace of [BOB.user, 'it is hers']) assert.ok(!rest.includes(trace), trace);
    assert.match(rest, /UALICE/);
    const [decision] = await record.opened.store.transact((tx) => tx.decisions(plan.id));
    assert.deepEqual([decision?.by.kind, decision?.reason, decision?.verdict], ['erased', null, 'rejected']);
    assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  });

  test('an incident loses its people, texts, diagnoses and messages, and the chain still holds', async (t) => {
    const { record, allText } = await endedIncident(t);
    assert.equal((await erase(record.context(), { kind: 'incident', id: IncidentId.parse(1) }, BY)).kind, 'erased');
    assert.ok(!(await allText()).includes('UALICE'));
    const kept = await record.opened.auditTrail.incidentRecord(IncidentId.parse(1));
    assert.deepEqual([kept?.diagnoses, kept?.messages, kept?.incident.openedBy.kind], [[], [], 'erased']);
    assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  });

  test('old details are dropped once, and an alert that belongs to an open incident stays', async (t) => {
    const { record } = await endedIncident(t);
    const { store, auditTrail } = record.opened;
    const open = await openIncident(store, { host: HostName.parse('git02') });
    await store.transact(async (tx) => {
      await tx.appendAudit(openingOf(open));
      await tx.insertAlert(ALERT);
      const [alert] = await tx.waitingAlerts(0, 1);
      if (alert === undefined) assert.fail();
      await tx.joinAlert(alert.id, open.id);
      await tx.takeUpAlert(alert.id);
    });
    record.setNow(new Date(Date.now() + 40 * DAY_MS));
    assert.equal(await dropDetails(record.context(), 30), true);
    assert.equal(await dropDetails(record.context(), 30), false);
    assert.equal((await store.transact((tx) => tx.alertsOf(open.id, 1))).total, 1);
    assert.equal((await auditTrail.verify()).kind, 'intact');
  });
});
