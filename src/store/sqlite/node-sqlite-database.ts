import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/**
 * Kysely's SQLite dialect is written for better-sqlite3, a native module to build or download. Node includes SQLite.
 * This adapts the three calls in which the two differ.
 */
export function nodeSqliteDatabase(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const made = statement(database, sql);
      if (prepared.size === MOST_PREPARED) prepared.clear();
      prepared.set(sql, made);
      return made;
    },
  };
}

/** The same few queries come again all the time. Preparing one takes longer than running it for a few rows. */
const MOST_PREPARED = 100;

/**
 * Rows are read as lists, and made objects here: those that SQLite's binding makes take twice as long to read, and far longer to be
 * used.
 */
function statement(database: DatabaseSync, sql: string): SqliteStatement {
  const prepared = database.prepare(sql);
  const isReader = prepared.columns().length > 0;
  prepared.setReturnArrays(true);
  return {
    reader: isReader,
    all: (parameters) => {
      const lists: readonly Row[] = prepared.all(...parameters.map(toSqlValue));
      // After the rows: SQLite prepares a statement again when the schema has changed.
      const columns = prepared.columns().map(({ name }) => name);
      return lists.map((list) => toObject(columns, list));
    },
    run: (parameters) => prepared.run(...parameters.map(toSqlValue)),
    *iterate(parameters) {
      // Of its own: the same query might run between two rows, and would begin again here.
      const apart = database.prepare(sql);
      apart.setReturnArrays(true);
      const columns = apart.columns().map(({ name }) => name);
      for (const list of apart.iterate(...parameters.map(toSqlValue))) yield toObject(columns, list);
    },
  };
}

type Row = Readonly<Record<number, SQLOutputValue>>;

function toObject(columns: readonly string[], list: Row): Record<string, SQLOutputValue | undefined> {
  const row: Record<string, SQLOutputValue | undefined> = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index] ?? ''] = list[index];
  return row;
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  throw new TypeError(`SQLite has no type for a parameter of type ${typeof value}`);
}
