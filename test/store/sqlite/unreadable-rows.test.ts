import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import { RecordDamaged } from '../../../src/store/store-unavailable.ts';
import { recordDamaged } from '../../../src/words/en/store.ts';
import type { RecordTransaction } from '../../../src/workflow/ports/record.ts';
import { databasePath, openSqliteAt } from '../open-store.ts';
import {
  at,
  auditDraft,
  BOB,
  DIAGNOSIS,
  GIT01,
  openIncident,
  planCard,
  proposePlan,
  putDiagnosis,
  putVerification,
  statusMessage,
  WELL,
} from '../samples.ts';

type Read = (tx: RecordTransaction, of: { incident: Incident; plan: Plan }) => Promise<unknown>;

const READS: Record<string, Read> = {
  incident: (tx, { incident }) => tx.incident(incident.id),
  incidentsIn: (tx) => tx.incidentsIn(['diagnosing']),
  plan: (tx, { plan }) => tx.plan(plan.id),
  plansIn: (tx) => tx.plansIn(['proposed']),
  decisions: (tx, { plan }) => tx.decisions(plan.id),
  execution: (tx, { plan }) => tx.execution(plan.id),
  auditEntries: (tx, { incident }) => tx.auditEntries(incident.id),
  appendAudit: (tx, { incident }) => tx.appendAudit(auditDraft(incident.id)),
  diagnosis: (tx, { incident }) => tx.diagnosis(incident.id),
  verification: (tx, { plan }) => tx.verification(plan.id),
  hostSnapshot: (tx) => tx.hostSnapshot(GIT01),
  message: (tx, { plan }) => tx.message(`plan:${plan.id}`),
};

const CASES: readonly { edit: string; read: keyof typeof READS; says: RegExp }[] = [
  { edit: `incidents SET opened_by = '{'`, read: 'incident', says: /Row 1 of table incidents .* not JSON/ },
  {
    edit: `incidents SET opened_by = '{"kind":"ghost"}'`,
    read: 'incidentsIn',
    says: /Row 1 of table incidents .* openedBy/,
  },
  { edit: `incidents SET verdict = 'fine'`, read: 'incident', says: /Row 1 of table incidents .* verdict/ },
  { edit: `plans SET body = '{}'`, read: 'plan', says: /Row 1-1 of table plans/ },
  { edit: `plans SET hash = 'sha256:0'`, read: 'plansIn', says: /Row 1-1 of table plans .* do not agree/ },
  { edit: `plans SET host = 'git02'`, read: 'plan', says: /Row 1-1 of table plans .* do not agree/ },
  { edit: `plans SET number = 2`, read: 'plan', says: /Row 1-1 of table plans .* do not agree/ },
  { edit: `decisions SET verdict = 'maybe'`, read: 'decisions', says: /Row 1-1 of table decisions .* verdict/ },
  { edit: `executions SET outcome = '[]'`, read: 'execution', says: /Row 1-1 of table executions .* outcome/ },
  { edit: `audit_entries SET actor = ''`, read: 'auditEntries', says: /Row 1 of table audit_entries .* not JSON/ },
  { edit: `audit_entries SET act = 'dreamt'`, read: 'appendAudit', says: /Row 3 of table audit_entries .* act/ },
  { edit: `diagnoses SET body = '{}'`, read: 'diagnosis', says: /Row 2 of table diagnoses .* host/ },
  {
    edit: `host_snapshots SET body = '{}'`,
    read: 'hostSnapshot',
    says: /Row git01 of table host_snapshots .* account/,
  },
  { edit: `verifications SET body = ''`, read: 'verification', says: /Row 3 of table verifications .* not JSON/ },
  {
    edit: `messages SET body = '{"kind":"poem"}'`,
    read: 'message',
    says: /Row plan:1-1 of table messages .*body\.kind/,
  },
];

for (const { edit, read, says } of CASES) {
  test(`${read} names table and row of unreadable data after UPDATE ${edit}`, async (t) => {
    const path = await databasePath(t);
    const { store } = await openSqliteAt(t, path);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => fillEveryTable(tx, incident));
    const shell = new DatabaseSync(path);
    for (const { name } of shell.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
      shell.exec(`DROP TRIGGER ${name}`);
    }
    shell.exec(`UPDATE ${edit}`);
    shell.close();
    await assert.rejects(
      store.transact(async (tx) => READS[read]?.(tx, { incident, plan })),
      (error) => error instanceof RecordDamaged && says.test(recordDamaged(error.problem)),
    );
  });
}

async function fillEveryTable(tx: RecordTransaction, incident: Incident): Promise<Plan> {
  const plan = await proposePlan(tx, incident);
  const planId = plan.id;
  await tx.insertDecision({
    planId,
    planHash: plan.hash,
    verdict: 'approved',
    by: BOB,
    reason: null,
    at: at(1).toISOString(),
  });
  await tx.insertExecution({ planId, intendedAt: at(1).toISOString(), finishedAt: null, outcome: null });
  await tx.putMessage(planCard(plan, await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan))));
  await putDiagnosis(tx, incident, DIAGNOSIS);
  await putVerification(tx, plan, WELL);
  const nothing = { account: null, storageRoot: null, directories: [], links: [], mounts: null, fstab: null };
  await tx.putHostSnapshot(GIT01, nothing);
  return plan;
}

test('a message with unreadable data is given up with that reason and delays no other message', async (t) => {
  const path = await databasePath(t);
  const { store, outbox } = await openSqliteAt(t, path);
  const [broken, other] = [await openIncident(store), await openIncident(store)];
  await store.transact((tx) => tx.putMessage(statusMessage(broken)));
  await store.transact((tx) => tx.putMessage(statusMessage(other)));
  const shell = new DatabaseSync(path);
  t.after(() => shell.close());
  shell.prepare("UPDATE messages SET body = '{}' WHERE incident_id = ?").run(broken.id);
  assert.deepEqual(
    (await outbox.pending(10, at(0))).map(({ key }) => key),
    [`status:${other.id}`],
  );
  const row = shell.prepare('SELECT gave_up_reason FROM messages WHERE incident_id = ?').get(broken.id);
  assert.partialDeepStrictEqual(JSON.parse(String(row?.['gave_up_reason'])), {
    kind: 'unreadable',
    table: 'messages',
    key: `status:${broken.id}`,
  });
});
