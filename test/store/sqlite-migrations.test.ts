import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { recordUpTo } from './older-record.ts';
import { databasePath, openSqliteAt } from './open-store.ts';
import { ALICE, at, BOB, openIncident, proposePlan } from './samples.ts';

test('decisions of a record from before several could decide are kept, each on the hash of its plan', async (t) => {
  const path = await databasePath(t);
  const { store, close } = await openSqliteAt(t, `${path}-new`);
  const incident = await openIncident(store);
  const plan = await store.transact((tx) => proposePlan(tx, incident));
  await close();
  await recordUpTo(path, '0002-outbox');
  const old = new DatabaseSync(path);
  old.exec(`ATTACH '${path}-new' AS new; BEGIN;
    INSERT INTO incidents SELECT * FROM new.incidents; INSERT INTO plans SELECT * FROM new.plans; COMMIT`);
  old
    .prepare('INSERT INTO decisions (plan_id, verdict, by, reason, at) VALUES (?, ?, ?, ?, ?)')
    .run(plan.id, 'rejected', JSON.stringify(BOB), null, at(20).toISOString());
  old.close();
  const decision = {
    planId: plan.id,
    planHash: plan.hash,
    verdict: 'rejected',
    by: BOB,
    reason: null,
    at: at(20).toISOString(),
  } as const;
  const migrated = await openSqliteAt(t, path);
  assert.deepEqual(await migrated.store.transact((tx) => tx.decisions(plan.id)), [decision]);
  await assert.rejects(migrated.store.transact((tx) => tx.insertDecision(decision)));
  const other = { ...decision, by: ALICE, at: at(21).toISOString() };
  await migrated.store.transact((tx) => tx.insertDecision(other));
  assert.deepEqual(await migrated.store.transact((tx) => tx.decisions(plan.id)), [decision, other]);
});
