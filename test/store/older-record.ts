import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { nodeSqliteDialect } from '../../src/store/sqlite/sqlite-dialect.ts';
import type { Tables } from '../../src/store/tables.ts';

/** A record that an older version has written, up to the named migration. */
export async function recordUpTo(path: string, last: string): Promise<void> {
  const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(new DatabaseSync(path)) });
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name <= last));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => older } }).migrateToLatest();
  assert.equal(error, undefined);
  await db.destroy();
}
