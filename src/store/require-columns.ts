import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { upgrade } from './migrate.ts';
import { nodeSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import type { Tables } from './tables/tables.ts';

/**
 * A single damaged byte of the schema can rename a column, and whatever reads all columns of a row would then go on without it.
 *
 * @throws StoreUnavailable if a column is missing that the migrations make
 */
export async function requireColumns(db: Kysely<Tables>, path: string): Promise<void> {
  const there = new Set(await columnsOf(db));
  made ??= columnsMade();
  const missing = (await made).find((column) => !there.has(column));
  if (missing === undefined) return;
  throw new StoreUnavailable({ kind: 'damaged', path, why: { errno: null, said: `no column ${missing}` } });
}

let made: Promise<readonly string[]> | undefined;

async function columnsMade(): Promise<readonly string[]> {
  const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:')) });
  try {
    await upgrade(db, ':memory:');
    return await columnsOf(db);
  } finally {
    await db.destroy();
  }
}

/** As `table.column`. */
async function columnsOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select tables.name || '.' || columns.name as name
    from sqlite_schema as tables join pragma_table_info(tables.name) as columns
    where tables.type = 'table' and tables.name not like 'sqlite_%'`.execute(db);
  return rows.map(({ name }) => name);
}
