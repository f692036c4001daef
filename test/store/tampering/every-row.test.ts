import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { type Alteration, alterationsOf, columnsOf, rowsOf, tablesOf, tamper } from './alterations.ts';
import { NOT_COVERED } from './not-covered.ts';
import { isNamed, judge, type SealedRecord, sealedRecord } from './sealed-record.ts';

/** Of each column of each row, so many other values are tried; a campaign tries all. */
const VALUES = roundsOf(4, 10_000);
const FLIPPED_BITS = roundsOf(150, 10_000);

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

const WHOLE = { maxArrayLength: null, maxStringLength: null };

test('each table of the schema is in the tampered record, or listed as not covered', () => {
  const empty = tablesOf(database).filter((table) => rowsOf(database, table).length === 0);
  assert.deepEqual(empty.toSorted(), Object.keys(NOT_COVERED).filter(isTable).toSorted());
});

test('audit verify names every change, removal and exchange of a value or row, except what is listed with its reason', async () => {
  const unnamed = new Map<string, string>();
  for (const alteration of tablesOf(database).flatMap(someAlterations)) {
    const place = placeOf(alteration);
    // One of those that are listed is enough.
    if (NOT_COVERED[place] !== undefined && unnamed.has(place)) continue;
    if (!(await isNamedAfter(alteration))) unnamed.set(place, alteration.what);
  }
  const missed = [...unnamed].filter(([place]) => NOT_COVERED[place] === undefined);
  assert.deepEqual(missed, [], 'covered by nothing, and not listed');
  const covered = Object.keys(NOT_COVERED).filter((place) => !isTable(place) && !unnamed.has(place));
  assert.deepEqual(covered, [], 'listed as not covered, and covered');
});

test(`audit verify names each of ${FLIPPED_BITS} random bits that another value on the disk would make of the record`, async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  const bytes = readFileSync(record.file);
  const content = coveredContent(record.file);
  let named = 0;
  for (let flipped = 0; flipped < FLIPPED_BITS; flipped += 1) {
    const place = random.int(bytes.length);
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ (1 << random.int(8));
    const file = record.copy();
    writeFileSync(file, changed);
    if (isNamed(await judge(file, record.outside))) named += 1;
    else assert.deepEqual(coveredContent(file), content, `RD_SEED=${seed}: byte ${place}`);
  }
  assert.ok(named > 0);
});

function isTable(place: string): boolean {
  return !/[ .]/.test(place);
}

/** Those of each column of each row, as many as are tried. */
function someAlterations(table: string): readonly Alteration[] {
  const groups = Map.groupBy(alterationsOf(database, table), ({ row, column }) => `${row} ${column}`);
  return [...groups.values()].flatMap((all) => {
    const apart = Math.max(1, all.length / VALUES);
    return Array.from(
      { length: Math.min(VALUES, all.length) },
      (_, index) => all[Math.floor(index * apart)] ?? [],
    ).flat();
  });
}

function placeOf({ table, column }: Alteration): string {
  return column === null ? `${table} row` : `${table}.${column}`;
}

async function isNamedAfter({ make }: Alteration): Promise<boolean> {
  const file = record.copy();
  try {
    tamper(file, make);
  } catch {
    // SQLite itself does not let two rows have one key.
    return true;
  }
  return isNamed(await judge(file, record.outside));
}

/** All that `audit verify` has to answer for. By the places of the columns: a bit in the schema can rename one that holds nothing. */
function coveredContent(file: string) {
  const opened = new DatabaseSync(file, { readOnly: true });
  try {
    return tablesOf(database)
      .filter((table) => NOT_COVERED[table] === undefined)
      .map((table) => {
        const isCovered = columnsOf(database, table).map(({ name }) => NOT_COVERED[`${table}.${name}`] === undefined);
        if (NOT_COVERED[`${table} row`] !== undefined || !isCovered.includes(true)) return [];
        const all = opened.prepare(`SELECT * FROM ${table}`);
        all.setReturnArrays(true);
        const rows: readonly unknown[] = all.all();
        return rows
          .map((row) => inspect(Array.isArray(row) ? row.filter((_, place) => isCovered[place] !== false) : row, WHOLE))
          .sort();
      });
  } finally {
    opened.close();
  }
}
