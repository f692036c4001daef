import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CompiledQuery, Kysely } from 'kysely';
import { upgrade } from '../../src/store/migrate.ts';
import { nodeSqliteDialect } from '../../src/store/sqlite/sqlite-dialect.ts';
import { newestConfigChange } from '../../src/store/tables/chain/audit-entries.ts';
import type { Tables } from '../../src/store/tables/tables.ts';
import { databasePath, openSqliteAt } from './open-store.ts';
import { at } from './samples.ts';

/** What a file has beyond the contract of every record store. */

test('SQLite finds the newest audit entry about the config by its index, whatever else is on record', async (t) => {
  const asked: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: nodeSqliteDialect(new DatabaseSync(':memory:')),
    log: ({ query }) => void asked.push(query),
  });
  t.after(() => db.destroy());
  await upgrade(db, ':memory:');
  asked.length = 0;
  await newestConfigChange(db);
  const [{ sql, parameters } = assert.fail()] = asked;
  const { rows } = await db.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  );
  assert.deepEqual(
    rows.map(({ detail }) => detail),
    ['SCAN audit_entries USING INDEX audit_entries_about_config'],
  );
});

test('an audit entry about the config that can’t be read names no config, and stands against no other', async (t) => {
  const path = await databasePath(t);
  const { store } = await openSqliteAt(t, path);
  const own = { at: at(1).toISOString(), actor: { kind: 'bot', part: 'workflow' }, outcome: {} } as const;
  await store.transact((tx) => tx.appendOwnAct({ ...own, act: 'config-changed' }));
  await store.transact((tx) => tx.appendOwnAct({ ...own, act: 'older-copy-found' }));
  const shell = new DatabaseSync(path);
  shell.exec("DROP TRIGGER audit_entries_are_final; UPDATE audit_entries SET actor = '{' WHERE sequence = 1");
  shell.close();
  assert.equal(await store.transact((tx) => tx.newestConfigChange()), null);
  const next = await store.transact((tx) => tx.appendOwnAct({ ...own, act: 'config-changed' }));
  assert.deepEqual(await store.transact((tx) => tx.newestConfigChange()), next);
});
