import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { upgrade } from './migrate.ts';
import { explained, primaryCode } from './sqlite/connection.ts';
import { nodeSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import type { Tables } from './tables/tables.ts';

/**
 * A single damaged byte of the schema can rename a column, and whatever reads all columns of a row would then go on without it.
 *
 * @throws StoreUnavailable if a column is missing that the migrations make
 */
export async function requireColumns(db: Kysely<Tables>, path: string): Promise<void> {
  made ??= columnsMade();
  for (const [table, columns] of await made) {
    await readNothing(db, table, columns).catch((error: unknown) => {
      const known = explained(error, path);
      const isMissing = primaryCode(error) === SQLITE_ERROR && known instanceof StoreUnavailable;
      throw isMissing && known.problem.kind === 'failed'
        ? new StoreUnavailable({ ...known.problem, kind: 'damaged' }, { cause: error })
        : known;
    });
  }
}

// https://sqlite.org/rescode.html#error: nothing is wrong but what was asked for.
const SQLITE_ERROR = 1;

type Columns = ReadonlyMap<string, readonly string[]>;
let made: Promise<Columns> | undefined;

/** By table. */
async function columnsMade(): Promise<Columns> {
  const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:')) });
  try {
    await upgrade(db, ':memory:');
    const { rows } = await sql<{ table: string; column: string }>`
      select tables.name as "table", columns.name as "column"
      from sqlite_schema as tables join pragma_table_info(tables.name) as columns
      where tables.type = 'table' and tables.name not like 'sqlite_%'`.execute(db);
    const byTable = Map.groupBy(rows, ({ table }) => table);
    return new Map([...byTable].map(([table, all]) => [table, all.map(({ column }) => column)]));
  } finally {
    await db.destroy();
  }
}

/** SQLite refuses a column that is not there, and says which one it is. */
async function readNothing(db: Kysely<Tables>, table: string, columns: readonly string[]): Promise<void> {
  const all = sql.join(columns.map((column) => sql.ref(`${table}.${column}`)));
  await sql`select ${all} from ${sql.table(table)} limit 0`.execute(db);
}
