import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { z } from 'zod';

/** Everything that can be done to one row with SQL, drawn from the schema of the database itself. */

export type Alteration = {
  readonly what: string;
  readonly table: string;
  /** What is altered, in general: a column of the table, or its rows as a whole. The most special first. */
  readonly places: readonly string[];
  /** The rows that are altered, as they are before, and where their key is another one then, also as they are afterwards. */
  readonly rows: readonly [Row, ...Row[]];
  readonly make: (database: DatabaseSync) => void;
};

export type Row = Readonly<Record<string, SQLInputValue>>;

const Named = z.object({ name: z.string() });
const Index = z.object({ name: z.string(), origin: z.string() });
const Column = z.object({ name: z.string(), pk: z.number() });
type Column = z.infer<typeof Column>;

/** The tables of the record, without those of SQLite and of the migrations. */
export function tablesOf(database: DatabaseSync): readonly string[] {
  const found = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return z
    .array(Named)
    .parse(found)
    .map(({ name }) => name)
    .filter((name) => !/^(sqlite|kysely)_/.test(name));
}

export function columnsOf(database: DatabaseSync, table: string): readonly Column[] {
  return z.array(Column).parse(database.prepare(`PRAGMA table_info(${table})`).all());
}

/** In the order of their keys. */
export function rowsOf(database: DatabaseSync, table: string): readonly Row[] {
  const key = new Key(table, columnsOf(database, table));
  return database.prepare(`SELECT * FROM ${table} ORDER BY ${key.names.join(', ')}`).all();
}

/**
 * Opens the file as someone with an SQL shell does, who has dropped the triggers, minds no references, and lets columns hold what the schema
 * forbids, as damage does.
 */
export function tamper(file: string, edit: (database: DatabaseSync) => void): void {
  const schema = loosened(file);
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec('PRAGMA ignore_check_constraints = ON');
  try {
    edit(database);
  } finally {
    database.close();
    withSchemaWritable(file, (opened) => {
      for (const { name, sql } of schema) write(opened, name, sql);
    });
  }
}

const Table = z.object({ name: z.string(), sql: z.string() });
type Table = z.infer<typeof Table>;

/** Drops the triggers, and takes `NOT NULL` and `STRICT` out of the schema. Returns the tables as they were. */
function loosened(file: string): readonly Table[] {
  return withSchemaWritable(file, (opened) => {
    const triggers = opened.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const { name } of z.array(Named).parse(triggers)) opened.exec(`DROP TRIGGER ${name}`);
    const tables = opened
      .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'")
      .all();
    return z
      .array(Table)
      .parse(tables)
      .map((table) => {
        write(opened, table.name, table.sql.replaceAll(/(?<!IS) NOT NULL/g, '').replace(/\) STRICT,?/, ')'));
        return table;
      });
  });
}

function withSchemaWritable<Result>(file: string, act: (opened: DatabaseSync) => Result): Result {
  const opened = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  try {
    opened.enableDefensive(false);
    opened.exec('PRAGMA writable_schema = ON');
    return act(opened);
  } finally {
    opened.close();
  }
}

function write(opened: DatabaseSync, table: string, sql: string): void {
  opened.prepare("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?").run(sql, table);
}

/**
 * Each value of each row changed in each way, each row removed, a copy of it added under other keys, and the contents of each exchanged with
 * those of the next one.
 */
export function alterationsOf(database: DatabaseSync, table: string): readonly Alteration[] {
  const columns = columnsOf(database, table);
  const rows = rowsOf(database, table);
  const key = new Key(table, columns);
  const unique = uniqueColumns(database, table);
  return [
    ...rows.flatMap((row) => columns.flatMap((column) => changesOf(key, { row, rows, column }))),
    ...rows.map((row) => removal(key, row)),
    ...rows.flatMap((row) => key.names.map((name) => addition(key, { row, rows, name, unique }))),
    ...rows.slice(1).map((row, index) => exchange(key, row, rows[index] ?? row)),
  ];
}

/** Those that have a value of their own in each row, beside the key. */
function uniqueColumns(database: DatabaseSync, table: string): readonly string[] {
  const indexes = z.array(Index).parse(database.prepare(`PRAGMA index_list(${table})`).all());
  return indexes
    .filter(({ origin }) => origin === 'u')
    .map(
      ({ name }) =>
        z
          .array(Named)
          .parse(database.prepare(`PRAGMA index_info(${name})`).all())
          .at(-1)?.name ?? '',
    );
}

/** What tells a row of its table from the others. */
class Key {
  readonly table: string;
  readonly names: readonly string[];
  readonly where: string;

  constructor(table: string, columns: readonly Column[]) {
    this.table = table;
    this.names = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
    this.where = this.names.map((name) => `${name} IS ?`).join(' AND ');
  }

  values(row: Row): readonly SQLInputValue[] {
    return this.names.map((name) => row[name] ?? null);
  }

  of(row: Row): string {
    return this.values(row).join(' ');
  }

  /** The row under the keys that another one has. */
  under(key: Row, row: Row): Row {
    return { ...row, ...Object.fromEntries(this.names.map((name) => [name, key[name] ?? null])) };
  }

  remove(edited: DatabaseSync, row: Row): void {
    edited.prepare(`DELETE FROM ${this.table} WHERE ${this.where}`).run(...this.values(row));
  }

  add(edited: DatabaseSync, row: Row): void {
    const names = Object.keys(row);
    edited
      .prepare(`INSERT INTO ${this.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...Object.values(row));
  }
}

function changesOf(
  key: Key,
  { row, rows, column }: { readonly row: Row; readonly rows: readonly Row[]; readonly column: Column },
): readonly Alteration[] {
  const { table } = key;
  const { name } = column;
  const place = `${table}.${name}`;
  const inColumn = rows.map((one) => one[name] ?? null);
  return otherValues(row[name] ?? null, inColumn).map((other) => ({
    what: `${place} of row ${key.of(row)}: ${String(row[name]).slice(0, 40)} → ${String(other).slice(0, 40)}`,
    table,
    places: [...(other === null ? [`${place} emptied`] : row[name] === null ? [`${place} filled`] : []), place],
    rows: key.names.includes(name) ? [row, { ...row, [name]: other }] : [row],
    make: (edited) =>
      void edited.prepare(`UPDATE ${table} SET ${name} = ? WHERE ${key.where}`).run(other, ...key.values(row)),
  }));
}

function removal(key: Key, row: Row): Alteration {
  return {
    what: `row ${key.of(row)} of ${key.table} removed`,
    table: key.table,
    places: [`${key.table} row removed`],
    rows: [row],
    make: (edited) => key.remove(edited, row),
  };
}

/** A copy of the row that has another value in one column of its key, and in what no two rows have the same of. */
function addition(
  key: Key,
  {
    row,
    rows,
    name,
    unique,
  }: { readonly row: Row; readonly rows: readonly Row[]; readonly name: string; readonly unique: readonly string[] },
): Alteration {
  const others = [name, ...unique].map((one) => [one, unusedValue(rows.map((each) => each[one] ?? null))]);
  const added: Row = { ...row, ...Object.fromEntries(others) };
  return {
    what: `row ${key.of(row)} of ${key.table} added again as ${key.of(added)}`,
    table: key.table,
    places: [`${key.table} row added`],
    rows: [added],
    make: (edited) => key.add(edited, added),
  };
}

/** Of the form of those that are there. */
function unusedValue(used: readonly SQLInputValue[]): SQLInputValue {
  const [first = null] = used;
  if (typeof first !== 'string') return Math.max(...used.map(Number)) + 1;
  const text = first.replace(/^./, otherCharacter);
  return used.includes(text) ? `${text}7` : text;
}

function exchange(key: Key, row: Row, before: Row): Alteration {
  const exchanged = [key.under(before, row), key.under(row, before)];
  return {
    what: `rows ${key.of(before)} and ${key.of(row)} of ${key.table} exchanged`,
    table: key.table,
    places: [`${key.table} rows exchanged`],
    rows: [before, row],
    make: (edited) => {
      for (const one of [before, row]) key.remove(edited, one);
      for (const one of exchanged) key.add(edited, one);
    },
  };
}

/** Also what the column can't hold, and values that other rows have there: they are of the right form. */
function otherValues(value: SQLInputValue, inColumn: readonly SQLInputValue[]): readonly SQLInputValue[] {
  const borrowed = [...new Set(inColumn)].filter((other) => other !== value && other !== null).slice(0, 3);
  const bytes = new TextEncoder().encode('made up');
  if (value === null) return ['made up', 7, bytes, ...borrowed];
  if (typeof value === 'number' || typeof value === 'bigint')
    return [null, Number(value) + 1, bytes, 'made up', ...borrowed];
  return [null, bytes, ...changedTexts(String(value)), ...borrowed];
}

/** At the start, in the middle and at the end, and for JSON in each of its values. */
function changedTexts(text: string): readonly string[] {
  const places = [...new Set([0, text.length >> 1, text.length - 1])].filter((place) => place >= 0);
  const bytes = places.map((place) => text.slice(0, place) + otherCharacter(text[place]) + text.slice(place + 1));
  return [...bytes, ...changedValues(text)];
}

function otherCharacter(character = ''): string {
  return character === '7' ? '8' : '7';
}

/** JSON with one word or number changed, for each of them. */
function changedValues(text: string): readonly string[] {
  if (!text.startsWith('{') && !text.startsWith('[')) return [];
  return [...text.matchAll(/(?<=:)(?:"[^"\\]+"|\d+|true|false|null)/g)].map(({ 0: found, index }) => {
    const other = found.startsWith('"')
      ? '"made up"'
      : found === 'true'
        ? 'false'
        : `${found === 'false' ? 'true' : 7}`;
    return text.slice(0, index) + (other === found ? '8' : other) + text.slice(index + found.length);
  });
}
