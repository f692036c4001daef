import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openSqliteAuditTrail } from '../../src/store/open-sqlite-store.ts';
import { decide } from './decide.ts';
import { databasePath, openSqliteAt } from './open-store.ts';
import { StoreProcess } from './processes/store-process.ts';
import { at, BOB, openIncident, proposePlan } from './samples.ts';

async function withProposedPlan(t: TestContext, path: string) {
  const opened = await openSqliteAt(t, path);
  const incident = await openIncident(opened.store);
  const plan = await opened.store.transact((tx) => proposePlan(tx, incident));
  const assertDecidedOnce = async () => {
    const record = await opened.auditTrail.incidentRecord(incident.id);
    const decidedAt = at(20).toISOString();
    assert.deepEqual(record?.plans, [
      {
        plan,
        state: 'approved',
        decisions: [
          { planId: plan.id, planHash: plan.hash, verdict: 'approved', by: BOB, reason: null, at: decidedAt },
        ],
        execution: { planId: plan.id, intendedAt: decidedAt, finishedAt: null, outcome: null },
      },
    ]);
    assert.deepEqual(
      record?.entries.map(({ act }) => act),
      ['plan-approved', 'execution-intended'],
    );
    assert.equal((await opened.auditTrail.verify()).kind, 'intact');
  };
  return { ...opened, plan, assertDecidedOnce };
}

test('of 1,000 simultaneous decisions on one plan the record accepts exactly one', async (t) => {
  const { store, plan, assertDecidedOnce } = await withProposedPlan(t, await databasePath(t));
  const decisions = await Promise.all(Array.from({ length: 1_000 }, () => decide(store, plan.id)));
  assert.equal(decisions.filter((isAccepted) => isAccepted).length, 1);
  await assertDecidedOnce();
});

test('of 1,000 simultaneous decisions on one plan in two processes the record accepts exactly one', async (t) => {
  const path = await databasePath(t);
  const { plan, assertDecidedOnce } = await withProposedPlan(t, path);
  const deciders = [1, 2].map(() => new StoreProcess(t, 'decide', [`sqlite:${path}`, plan.id, '500']));
  await Promise.all(deciders.map((decider) => decider.said(1)));
  for (const decider of deciders) decider.go();
  const accepted = await Promise.all(deciders.map(async (decider) => Number((await decider.finished())[1])));
  assert.deepEqual(accepted.sort(), [0, 1]);
  await assertDecidedOnce();
});

test('processes that create the audit record at the same moment and write to it together make one intact record', async (t) => {
  const path = await databasePath(t);
  const urls = Array.from({ length: 30 }, (_, n) => `sqlite:${path}-${n}`);
  const writers = [1, 2].map(() => new StoreProcess(t, 'append', ['10', ...urls]));
  for (const [round, url] of urls.entries()) {
    await Promise.all(writers.map((writer) => writer.said(1 + round)));
    for (const writer of writers) writer.go();
    await Promise.all(writers.map((writer) => writer.said(2 + round)));
    const { auditTrail, close } = await openSqliteAuditTrail(url);
    const check = await auditTrail.verify();
    await close();
    assert.equal(check.kind, 'intact');
    assert.equal(check.entries, 20);
  }
});
