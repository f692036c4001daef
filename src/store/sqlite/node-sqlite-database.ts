import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/**
 * Kysely's SQLite dialect is written for better-sqlite3, a native module to build or download. Node includes SQLite.
 * This adapts the three calls in which the two differ.
 */
export function nodeSqliteDatabase(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => statement(database, sql),
  };
}

/**
 * Rows are read as lists, and made objects here: those that SQLite's binding makes take twice as long to read, and far longer to be
 * used.
 */
function statement(database: DatabaseSync, sql: string): SqliteStatement {
  const prepared = database.prepare(sql);
  const columns = prepared.columns().map(({ name }) => name);
  prepared.setReturnArrays(true);
  const toRow = (list: Readonly<Record<number, SQLOutputValue>>) => {
    const row: Record<string, SQLOutputValue | undefined> = {};
    for (let index = 0; index < columns.length; index += 1) row[columns[index] ?? ''] = list[index];
    return row;
  };
  return {
    reader: columns.length > 0,
    all: (parameters) => prepared.all(...parameters.map(toSqlValue)).map(toRow),
    run: (parameters) => prepared.run(...parameters.map(toSqlValue)),
    *iterate(parameters) {
      for (const list of prepared.iterate(...parameters.map(toSqlValue))) yield toRow(list);
    },
  };
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  throw new TypeError(`SQLite has no type for a parameter of type ${typeof value}`);
}
