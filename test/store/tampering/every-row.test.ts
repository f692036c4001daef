import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { RecordProblem } from '../../../src/model/record/record.ts';
import { primaryCode } from '../../../src/store/sqlite/connection.ts';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { type Alteration, alterationsOf, columnsOf, type Row, rowsOf, tablesOf, tamper } from './alterations.ts';
import { NOT_COVERED } from './not-covered.ts';
import { isNamed, type Judged, judge, type SealedRecord, sealedRecord } from './sealed-record.ts';
import { tellsOf } from './tells-of.ts';

/** Of each column of each row, so many other values are tried; a campaign tries all. Of what is listed as not covered, until one is untold. */
const VALUES = roundsOf(3, 10_000);
const VALUES_OF_LISTED = roundsOf(6, 10_000);
const FLIPPED_BITS = roundsOf(40, 10_000);
/** Two rows would have one key, or a column a value of another type (sqlite.org/rescode.html). */
const IMPOSSIBLE: readonly unknown[] = [19, 20];

let record: SealedRecord;
let database: DatabaseSync;

before(async () => {
  record = await sealedRecord();
  database = new DatabaseSync(record.file, { readOnly: true });
});
after(() => {
  database.close();
  record.remove();
});

test('audit verify names nothing in a record that no one has touched', async () => {
  assert.deepEqual(await judge(record.file), { problems: [] });
  assert.deepEqual(await judge(record.file, record.outside), { problems: [] });
});

test('each table of the schema is in the tampered record, or listed as not covered', () => {
  const empty = tablesOf(database).filter((table) => rowsOf(database, table).length === 0);
  assert.deepEqual(empty.toSorted(), Object.keys(NOT_COVERED).filter(isTable).toSorted());
});

test('audit verify tells first which row was changed, removed, added or exchanged, except what is listed with its reason', async () => {
  const unnamed = new Map<string, string>();
  for (const alteration of tablesOf(database).flatMap(someAlterations)) {
    const place = alteration.places.find((one) => NOT_COVERED[one] !== undefined) ?? alteration.places.at(-1) ?? '';
    // One of those that are listed is enough.
    if (NOT_COVERED[place] !== undefined && unnamed.has(place)) continue;
    const judged = await judgedAfter(alteration);
    if (judged === 'impossible') continue;
    const isTold = NOT_COVERED[place] === undefined ? isToldFirst(judged, alteration) : isNamed(judged);
    if (!isTold) unnamed.set(place, `${alteration.what}: ${inspect(judged)}`);
  }
  const missed = [...unnamed].filter(([place]) => NOT_COVERED[place] === undefined);
  assert.deepEqual(missed, [], 'told by nothing, and not listed');
  const covered = Object.keys(NOT_COVERED).filter((place) => !isTable(place) && !unnamed.has(place));
  assert.deepEqual(covered, [], 'listed as not covered, and covered');
});

test(`audit verify names each of ${FLIPPED_BITS} random bits that another value on the disk would make of the record`, async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  const bytes = readFileSync(record.file);
  // Most of a small file is empty.
  const written = [...bytes.keys()].filter((at) => bytes[at] !== 0);
  const content = contentOf(record.file);
  const seen = { row: 0, structure: 0, nothing: 0 };
  for (let flipped = 0; flipped < FLIPPED_BITS; flipped += 1) {
    const place = random.chance(70) ? random.pick(written) : random.int(bytes.length);
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ (1 << random.int(8));
    const file = record.copy();
    writeFileSync(file, changed);
    const judged = await judge(file, record.outside);
    seen[kindOfDamage(judged, { file, content, flip: `RD_SEED=${seed}: byte ${place}` })] += 1;
  }
  t.diagnostic(inspect(seen));
  assert.ok(seen.row > 0 && seen.structure > 0);
});

/** What SQLite itself calls damaged, or can't be read as a record of this version, whatever its rows say. */
const STRUCTURE: readonly string[] = [
  'damaged',
  'not-a-database',
  'foreign-database',
  'schema-unknown',
  'schema-older',
];

/**
 * What a bit has altered: what a row holds, which is told of that row; or the structure by which SQLite finds rows, of which no row can be told;
 * or nothing that `audit verify` has to answer for.
 */
function kindOfDamage(
  judged: Judged,
  { file, content, flip }: { readonly file: string; readonly content: Content; readonly flip: string },
): 'row' | 'structure' | 'nothing' {
  const altered = isSound(file) ? alteredRows(content, contentOf(file)) : null;
  const isTold = (problem: RecordProblem) =>
    altered?.some(({ table, rows }) => rows.some((row) => tellsOf(problem, table, row))) ?? true;
  const [first] = 'problems' in judged ? judged.problems : [];
  const told = `${flip}: ${inspect(altered)} altered, told was ${inspect(judged, { depth: 5 })}`;
  if (altered?.some(({ isCovered }) => isCovered)) {
    assert.ok(first !== undefined && isTold(first), told);
    return 'row';
  }
  if ('unusable' in judged) {
    const { operatorProblem } = judged.unusable;
    const kind = operatorProblem.code === 'store' ? operatorProblem.problem.kind : operatorProblem.code;
    assert.ok(STRUCTURE.includes(kind), told);
    return 'structure';
  }
  if (first === undefined) return 'nothing';
  assert.ok(isTold(first), told);
  return altered === null ? 'structure' : 'row';
}

function isTable(place: string): boolean {
  return !/[ .]/.test(place);
}

/** Those of each place of each row, as many as are tried. */
function someAlterations(table: string): readonly Alteration[] {
  const groups = Map.groupBy(
    alterationsOf(database, table),
    ({ rows: [row], places }) => `${Object.values(row).join(' ')} ${places.at(-1)}`,
  );
  return [...groups.values()].flatMap((all) => {
    const isListed = all.some(({ places }) => places.some((place) => NOT_COVERED[place] !== undefined));
    const most = isListed ? VALUES_OF_LISTED : VALUES;
    const apart = Math.max(1, all.length / most);
    return Array.from(
      { length: Math.min(most, all.length) },
      (_, index) => all[Math.floor(index * apart)] ?? [],
    ).flat();
  });
}

/** What the form of `audit verify` that answers for it says. Impossible: SQLite does not take it. */
async function judgedAfter({ table, make }: Alteration): Promise<Judged | 'impossible'> {
  const file = record.copy();
  try {
    tamper(file, make);
  } catch (error) {
    if (!IMPOSSIBLE.includes(primaryCode(error))) throw error;
    return 'impossible';
  }
  // Who signed a checkpoint, only the key says.
  return table === 'checkpoints' ? judge(file, record.outside) : judge(file);
}

/** The first problem is the one to check first. Of a row that the schema forbids, SQLite tells the table. */
function isToldFirst(judged: Judged, { table, rows }: Alteration): boolean {
  if ('unusable' in judged) return judged.unusable.message.includes(`CHECK constraint failed in ${table}`);
  const [first] = judged.problems;
  return first !== undefined && rows.some((row) => tellsOf(first, table, row));
}

function isSound(file: string): boolean {
  const opened = new DatabaseSync(file, { readOnly: true });
  try {
    const said = opened.prepare('PRAGMA integrity_check(1)').get();
    // A column of another name is no row, either.
    return said?.['integrity_check'] === 'ok' && isDeepStrictEqual(schemaOf(opened), schemaOf(database));
  } catch {
    return false;
  } finally {
    opened.close();
  }
}

function schemaOf(opened: DatabaseSync): readonly unknown[] {
  return opened.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all();
}

/** Of each table that `audit verify` answers for, each row by its key. */
type Content = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** By the places of the columns: a bit in the schema can rename one that holds nothing. */
function contentOf(file: string): Content {
  const opened = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = tablesOf(database).filter((table) => NOT_COVERED[table] === undefined);
    return new Map(tables.map((table) => [table, rowsIn(opened, table)]));
  } finally {
    opened.close();
  }
}

function rowsIn(opened: DatabaseSync, table: string): ReadonlyMap<string, Row> {
  const columns = columnsOf(database, table);
  const all = opened.prepare(`SELECT * FROM ${table}`);
  all.setReturnArrays(true);
  const rows: readonly unknown[] = all.all();
  return new Map(
    rows.map((values) => {
      const row = Object.fromEntries(columns.map(({ name }, place) => [name, valueAt(values, place)]));
      return [columns.flatMap(({ name, pk }) => (pk > 0 ? [row[name]] : [])).join(' '), row];
    }),
  );
}

function valueAt(values: unknown, place: number): SQLInputValue {
  const value: unknown = Array.isArray(values) ? values[place] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

type Altered = { readonly table: string; readonly rows: readonly Row[]; readonly isCovered: boolean };

function alteredRows(before: Content, now: Content): readonly Altered[] {
  return [...before].flatMap(([table, rows]) => {
    const others = now.get(table) ?? new Map<string, Row>();
    const keys = [...new Set([...rows.keys(), ...others.keys()])];
    return keys.flatMap((key) => alteredRow(table, rows.get(key), others.get(key)) ?? []);
  });
}

function alteredRow(table: string, before: Row | undefined, now: Row | undefined): Altered | null {
  if (before === undefined || now === undefined) {
    const isCovered = NOT_COVERED[`${table} row ${now === undefined ? 'removed' : 'added'}`] === undefined;
    return { table, rows: [before, now].filter((row) => row !== undefined), isCovered };
  }
  const columns = Object.keys(before).filter((name) => before[name] !== now[name]);
  const isCovered = columns.some(
    (name) =>
      NOT_COVERED[`${table}.${name}`] === undefined &&
      (now[name] !== null || NOT_COVERED[`${table}.${name} emptied`] === undefined) &&
      (before[name] !== null || NOT_COVERED[`${table}.${name} filled`] === undefined),
  );
  return columns.length === 0 ? null : { table, rows: [before, now], isCovered };
}
