import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { PlanId } from '../../../src/model/record/ids.ts';
import type { RecordCheck } from '../../../src/model/record/record.ts';
import { planHash } from '../../../src/record/plan-seal.ts';
import { RecordDamaged } from '../../../src/store/store-unavailable.ts';
import { verifiedBothWays } from '../both-ways.ts';
import { decide } from '../decide.ts';
import { databasePath, openSqliteAt } from '../open-store.ts';
import { rechain } from '../rechain.ts';
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

/** A record of one incident with ten entries; entry 2 proposed plan 1-1, and a line of the thread tells of each other one. */
async function tenEntries(t: TestContext, path: string) {
  const opened = await openSqliteAt(t, path);
  const incident = await openIncident(opened.store);
  await opened.store.transact(async (tx) => {
    await recordLine(tx, openingOf(incident));
    const plan = await proposePlan(tx, incident);
    const entry = await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan));
    await tx.putMessage(planCard(plan, entry));
  });
  for (let n = 3; n <= 10; n += 1) await opened.store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
  return { ...opened, incident };
}

/** The same with a diagnosis under entry 11 and a verification of plan 1-1 under entry 12. */
async function tenEntriesAndBodies(t: TestContext, path: string) {
  const opened = await tenEntries(t, path);
  await opened.store.transact(async (tx) => {
    const { plan } = (await tx.plan(PlanId.parse('1-1'))) ?? assert.fail();
    await putDiagnosis(tx, opened.incident, DIAGNOSIS);
    await putVerification(tx, plan, WELL);
  });
  return opened;
}

/** Edits the file as someone with an SQL shell does, who has dropped the triggers and minds no references. */
function tamper(path: string, edit: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  edit(database);
  database.close();
}

async function verified(path: string): Promise<RecordCheck> {
  const check = await verifiedBothWays(path);
  return check instanceof OperatorError ? assert.fail(check) : check;
}

async function checkAfter(t: TestContext, edit: (database: DatabaseSync) => void): Promise<RecordCheck> {
  const path = await databasePath(t);
  const { close } = await tenEntries(t, path);
  await close();
  tamper(path, edit);
  return verified(path);
}

const HEAD = { kind: 'head' } as const;
const message = (sequence: number) => ({ kind: 'message', key: `record:${sequence}` }) as const;

const MADE_UP_INCIDENT = `INSERT INTO incidents (id, host, channel, opened_by, opened_at, request_key, state)
  SELECT 9, host, channel, opened_by, opened_at, 'made-up', 'closed' FROM incidents`;
const CHANGE_FIVE = `UPDATE audit_entries SET outcome = '{"verdict":"healthy"}' WHERE sequence = 5`;

const TAMPERINGS: readonly {
  what: string;
  edit: (database: DatabaseSync) => void;
  problems: Extract<RecordCheck, { kind: 'broken' }>['problems'];
}[] = [
  {
    what: 'a changed entry',
    edit: (database) => database.exec(CHANGE_FIVE),
    problems: [{ kind: 'changed', sequence: 5 }],
  },
  {
    what: 'a deleted entry in the middle',
    edit: (database) => database.exec('DELETE FROM audit_entries WHERE sequence = 5'),
    problems: [{ kind: 'missing', sequence: 5, through: 5 }],
  },
  {
    what: 'a cut-off end',
    edit: (database) => database.exec('DELETE FROM audit_entries WHERE sequence > 7'),
    problems: [{ kind: 'tail-missing', last: 7, writtenUpTo: 10, witness: HEAD }],
  },
  {
    what: 'a cut-off end, with the note of the last entry set back',
    edit: (database) => {
      database.exec('DELETE FROM audit_entries WHERE sequence > 7');
      database.exec(
        'UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entries WHERE sequence = 7)',
      );
    },
    problems: [{ kind: 'tail-missing', last: 7, writtenUpTo: 10, witness: message(10) }],
  },
  {
    what: 'the deletion of everything',
    edit: (database) => database.exec('DELETE FROM audit_entries; DELETE FROM audit_head'),
    problems: [
      { kind: 'tail-missing', last: 0, writtenUpTo: 10, witness: message(10) },
      { kind: 'value-changed', sequence: 1, field: 'actor' },
      { kind: 'incident-never-opened', incidentId: 1 },
      { kind: 'row-disagrees', about: 'state', planId: '1-1' },
    ],
  },
  {
    what: 'two swapped entries',
    edit: (database) => {
      database.exec('UPDATE audit_entries SET sequence = 99 WHERE sequence = 4');
      database.exec('UPDATE audit_entries SET sequence = 4 WHERE sequence = 5');
      database.exec('UPDATE audit_entries SET sequence = 5 WHERE sequence = 99');
    },
    problems: [
      { kind: 'reordered', sequence: 4, writtenAs: 5 },
      { kind: 'contradicted', sequence: 4, witness: message(4) },
    ],
  },
  {
    what: 'an inserted entry',
    edit: (database) => {
      database.exec('UPDATE audit_entries SET sequence = -sequence - 1 WHERE sequence >= 6');
      database.exec('UPDATE audit_entries SET sequence = -sequence WHERE sequence < 0');
      database.exec(`INSERT INTO audit_entries SELECT 6, at, incident_id, incident_entry, actor, act, plan_id, plan_hash, outcome,
        previous_hash, hash FROM audit_entries WHERE sequence = 5`);
    },
    problems: [
      { kind: 'reordered', sequence: 6, writtenAs: 5 },
      { kind: 'not-by-us', sequence: 11, through: 11 },
      { kind: 'contradicted', sequence: 6, witness: message(6) },
    ],
  },
  {
    what: 'an entry added at the end, with a correct hash',
    edit: (database) => {
      database.exec(`INSERT INTO audit_entries SELECT 11, at, incident_id, incident_entry, actor, act, plan_id, plan_hash, outcome,
        hash, hash FROM audit_entries WHERE sequence = 10`);
      rechain(database, 11);
    },
    problems: [{ kind: 'not-by-us', sequence: 11, through: 11 }],
  },
  {
    what: 'a changed entry, with the chain recomputed from there',
    edit: (database) => {
      database.exec(CHANGE_FIVE);
      rechain(database, 5);
    },
    problems: [
      { kind: 'contradicted', sequence: 10, witness: HEAD },
      { kind: 'contradicted', sequence: 5, witness: message(5) },
    ],
  },
  {
    what: 'a changed entry, with the chain and the note of the last entry recomputed',
    edit: (database) => {
      database.exec(CHANGE_FIVE);
      rechain(database, 5);
      database.exec('UPDATE audit_head SET hash = (SELECT hash FROM audit_entries WHERE sequence = 10)');
    },
    problems: [{ kind: 'contradicted', sequence: 5, witness: message(5) }],
  },
  {
    what: 'an entry that no longer holds JSON',
    edit: (database) => database.exec(`UPDATE audit_entries SET outcome = 'gone' WHERE sequence = 5`),
    problems: [
      {
        kind: 'unreadable',
        table: 'audit_entries',
        key: '5',
        why: { code: 'other-form', field: 'outcome' },
      },
    ],
  },
  {
    what: 'the deletion of the note of the last entry',
    edit: (database) => database.exec('DELETE FROM audit_head'),
    problems: [{ kind: 'head-missing', last: 10 }],
  },
  {
    what: 'a deleted incident',
    edit: (database) => database.exec('DELETE FROM incidents'),
    problems: [{ kind: 'incident-missing', incidentId: 1, sequence: 1 }],
  },
  {
    what: 'an incident that can’t be read',
    edit: (database) => database.exec("UPDATE incidents SET opened_by = 'gone'"),
    problems: [{ kind: 'unreadable', table: 'incidents', key: '1', why: { code: 'not-json' } }],
  },
  {
    what: 'a person who is missing without an entry that says so',
    edit: (database) => database.exec('DELETE FROM entry_values WHERE sequence = 1'),
    problems: [
      { kind: 'value-missing', sequence: 1, field: 'actor' },
      { kind: 'incident-changed', incidentId: 1, sequence: 1 },
    ],
  },
  {
    what: 'a made-up execution of a plan that no one proposed',
    edit: (database) => database.exec("INSERT INTO executions VALUES ('1-7', '2026-11-23T14:00:00.000Z', NULL, NULL)"),
    problems: [{ kind: 'row-disagrees', about: 'execution', planId: '1-7' }],
  },
  {
    what: 'an incident that no entry opened',
    edit: (database) => database.exec(MADE_UP_INCIDENT),
    problems: [{ kind: 'incident-never-opened', incidentId: 9 }],
  },
  {
    what: 'an entry that can’t be read, and calls no incident made up whose opening it might be',
    edit: (database) => database.exec("UPDATE audit_entries SET act = 'dreamt' WHERE sequence = 1"),
    problems: [
      { kind: 'unreadable', table: 'audit_entries', key: '1', why: { code: 'other-form', field: 'act' } },
      { kind: 'value-changed', sequence: 1, field: 'actor' },
    ],
  },
  {
    what: 'a changed plan',
    edit: (database) => database.exec(`UPDATE plans SET body = replace(body, '0751', '0777')`),
    problems: [{ kind: 'plan-changed', planId: '1-1' }],
  },
  {
    what: 'a changed plan with a recomputed hash',
    edit: (database) => {
      const { hash: _, ...plan } = JSON.parse(String(database.prepare('SELECT body FROM plans').get()?.['body']));
      plan.steps[0].to = '0777';
      const resealed = { ...plan, hash: planHash(plan) };
      database.prepare('UPDATE plans SET body = ?, hash = ?').run(JSON.stringify(resealed), resealed.hash);
    },
    problems: [{ kind: 'plan-changed', planId: '1-1' }],
  },
  {
    what: 'a deleted plan',
    edit: (database) => database.exec('DELETE FROM plans'),
    problems: [{ kind: 'plan-missing', planId: '1-1', sequence: 2 }],
  },
];

for (const { what, edit, problems } of TAMPERINGS) {
  test(`audit verify names ${what}`, async (t) => {
    const check = await checkAfter(t, edit);
    assert.equal(check.kind, 'broken');
    assert.deepEqual(check.kind === 'broken' && check.problems, problems);
  });
}

/** Of a plan that was approved, by statements that leave the chain as it is. */
const OTHER_ROWS: Record<string, { edit: string; about: 'decisions' | 'execution' | 'state' }> = {
  'another approver': { edit: `UPDATE decisions SET by = replace(by, 'UBOB', 'UCAROL')`, about: 'decisions' },
  'another verdict': { edit: `UPDATE decisions SET verdict = 'rejected'`, about: 'decisions' },
  'a made-up reason': { edit: `UPDATE decisions SET reason = 'it was urgent'`, about: 'decisions' },
  'another decision time': { edit: `UPDATE decisions SET at = '2026-11-23T14:00:00.000Z'`, about: 'decisions' },
  'a made-up signature': { edit: `UPDATE decisions SET signature = 'made up'`, about: 'decisions' },
  'a deleted approval': { edit: 'DELETE FROM decisions', about: 'decisions' },
  'an extra approval': {
    edit: `INSERT INTO decisions SELECT plan_id, 'UCAROL', verdict, plan_hash, replace(by, 'UBOB', 'UCAROL'), reason, at, signature
      FROM decisions`,
    about: 'decisions',
  },
  'another start time': {
    edit: `UPDATE executions SET intended_at = '2026-11-23T14:00:00.000Z'`,
    about: 'execution',
  },
  'a made-up end': {
    edit: `UPDATE executions SET finished_at = '2026-11-23T14:10:00.000Z', outcome = '{"kind":"refused","why":{"code":"time-is-up"}}'`,
    about: 'execution',
  },
  'a deleted execution': { edit: 'DELETE FROM executions', about: 'execution' },
  'another state': { edit: `UPDATE plans SET state = 'rejected'`, about: 'state' },
};

for (const [what, { edit, about }] of Object.entries(OTHER_ROWS)) {
  test(`audit verify reports an approved plan that was altered: ${what}`, async (t) => {
    const path = await databasePath(t);
    const { store, close } = await tenEntries(t, path);
    assert.ok(await decide(store, PlanId.parse('1-1')));
    await close();
    tamper(path, (database) => database.exec(edit));
    const check = await verified(path);
    assert.deepEqual(check.kind === 'broken' && check.problems, [{ kind: 'row-disagrees', about, planId: '1-1' }]);
  });
}

/** The bodies that entries 11 (a diagnosis) and 12 (a verification) put on record; the chain is left as it is. */
const BODIES: Record<string, { edit: string; about: 'diagnosis' | 'verification'; sequence: number }> = {
  'another verdict of a diagnosis': {
    edit: `UPDATE diagnoses SET body = replace(body, '"verdict":"faulty"', '"verdict":"healthy"')`,
    about: 'diagnosis',
    sequence: 11,
  },
  'a diagnosis that is no longer JSON': {
    edit: `UPDATE diagnoses SET body = 'gone'`,
    about: 'diagnosis',
    sequence: 11,
  },
  'a deleted diagnosis': { edit: 'DELETE FROM diagnoses', about: 'diagnosis', sequence: 11 },
  'a diagnosis moved to another incident': {
    edit: 'UPDATE diagnoses SET incident_id = 7',
    about: 'diagnosis',
    sequence: 11,
  },
  'a diagnosis without an audit entry': {
    edit: 'INSERT INTO diagnoses SELECT 3, incident_id, body FROM diagnoses',
    about: 'diagnosis',
    sequence: 3,
  },
  'another registry answer in a verification': {
    edit: `UPDATE verifications SET body = replace(body, '200', '503')`,
    about: 'verification',
    sequence: 12,
  },
  'a deleted verification': { edit: 'DELETE FROM verifications', about: 'verification', sequence: 12 },
  'a verification moved to another plan': {
    edit: `UPDATE verifications SET plan_id = '1-2'`,
    about: 'verification',
    sequence: 12,
  },
};

for (const [what, { edit, about, sequence }] of Object.entries(BODIES)) {
  test(`audit verify reports an altered record: ${what}`, async (t) => {
    const path = await databasePath(t);
    const { close } = await tenEntriesAndBodies(t, path);
    await close();
    tamper(path, (database) => database.exec(edit));
    const check = await verified(path);
    assert.deepEqual(check.kind === 'broken' && check.problems, [{ kind: 'body-disagrees', about, sequence }]);
  });
}

test('audit verify reads a record in whose schema damage has made bytes of a text', async (t) => {
  const path = await databasePath(t);
  await (await tenEntries(t, path)).close();
  tamper(path, (database) => {
    database.enableDefensive(false);
    database.exec(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'incidents'",
    );
  });
  assert.equal((await verified(path)).kind, 'intact');
});

test('audit verify reports no problem for an untouched record, even if its SQLite triggers were removed', async (t) => {
  const check = await checkAfter(t, () => {});
  assert.equal(check.kind, 'intact');
  assert.equal(check.entries, 10);
});

const FORBIDDEN: Record<string, string> = {
  'change an entry': CHANGE_FIVE,
  'delete an entry': 'DELETE FROM audit_entries WHERE sequence = 10',
  'replace an entry': `INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE sequence = 10`,
  'leave a gap between entries': `INSERT INTO audit_entries SELECT 99, at, incident_id, incident_entry, actor, act, plan_id, plan_hash, outcome,
    previous_hash, hash FROM audit_entries WHERE sequence = 10`,
  'change a plan': `UPDATE plans SET body = replace(body, '0751', '0777')`,
  'delete a plan': 'DELETE FROM plans',
  'change a decision': `UPDATE decisions SET verdict = 'rejected'`,
  'delete a decision': 'DELETE FROM decisions',
  'delete an execution': 'DELETE FROM executions',
  'change a diagnosis': `UPDATE diagnoses SET body = '{}'`,
  'delete a diagnosis': 'DELETE FROM diagnoses',
  'replace a diagnosis': `INSERT OR REPLACE INTO diagnoses SELECT sequence, incident_id, '{}' FROM diagnoses`,
  'change a verification': `UPDATE verifications SET body = '{}'`,
  'delete a verification': 'DELETE FROM verifications',
  'replace a verification': `INSERT OR REPLACE INTO verifications SELECT sequence, incident_id, plan_id, '{}'
    FROM verifications`,
};

for (const [what, statement] of Object.entries(FORBIDDEN)) {
  test(`while the record’s SQLite triggers exist, no program can ${what}`, async (t) => {
    const path = await databasePath(t);
    const { store, auditTrail } = await tenEntriesAndBodies(t, path);
    assert.ok(await decide(store, PlanId.parse('1-1')));
    const shell = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    t.after(() => shell.close());
    assert.throws(() => shell.exec(statement), /append only|sealed|final|kept/);
    assert.equal((await auditTrail.verify()).kind, 'intact');
  });
}

const ENDS: Record<string, { edit: string; kind: string }> = {
  'the end was cut off': { edit: 'DELETE FROM audit_entries WHERE sequence > 7', kind: 'tail-missing' },
  'the last entry was replaced': {
    edit: `UPDATE audit_entries SET hash = previous_hash WHERE sequence = 10`,
    kind: 'contradicted',
  },
  'another program added an entry': {
    edit: `INSERT INTO audit_entries SELECT 11, at, incident_id, incident_entry, actor, act, plan_id, plan_hash, outcome,
      hash, previous_hash FROM audit_entries WHERE sequence = 10`,
    kind: 'not-by-us',
  },
};

for (const [what, { edit, kind }] of Object.entries(ENDS)) {
  test(`the bot records nothing more once ${what}, since a new entry would hide it`, async (t) => {
    const path = await databasePath(t);
    const { store, incident } = await tenEntries(t, path);
    tamper(path, (database) => database.exec(edit));
    const appending = store.transact(async (tx) => {
      await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open' });
      await tx.appendAudit(auditDraft(incident.id));
    });
    await assert.rejects(appending, (error) => error instanceof RecordDamaged && error.problem.kind === kind);
    assert.equal((await store.transact((tx) => tx.incident(incident.id)))?.state, 'diagnosing');
  });
}
