import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Kysely, sql } from 'kysely';
import { nodeSqliteDialect } from '../../../src/store/sqlite/sqlite-dialect.ts';

type Notes = { notes: { id: number; text: string | null } };

function openNotes(t: TestContext): Kysely<Notes> {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
    CREATE TRIGGER notes_break BEFORE INSERT ON notes WHEN NEW.text = 'break'
    BEGIN SELECT RAISE(ROLLBACK, 'SQLite has rolled back by itself'); END`);
  t.after(() => database.close());
  return new Kysely<Notes>({ dialect: nodeSqliteDialect(database) });
}

test('the database driver runs statements that return rows, that change rows, and that do neither', async (t) => {
  const db = openNotes(t);
  const inserted = await db.insertInto('notes').values({ id: 7, text: null }).executeTakeFirst();
  assert.deepEqual([inserted.insertId, inserted.numInsertedOrUpdatedRows], [7n, 1n]);
  const returned = await db.insertInto('notes').values({ id: 8, text: 'x' }).returningAll().execute();
  assert.deepEqual(
    returned.map(({ id, text }) => [id, text]),
    [[8, 'x']],
  );
  assert.equal((await db.updateTable('notes').set({ text: 'y' }).executeTakeFirst()).numUpdatedRows, 2n);
  await db.schema.createTable('more').addColumn('id', 'integer').execute();
  const streamed = [];
  for await (const { id } of db.selectFrom('notes').selectAll().orderBy('id').stream()) streamed.push(id);
  assert.deepEqual(streamed, [7, 8]);
});

test('the database driver refuses a parameter of a type that SQLite does not have', async (t) => {
  await assert.rejects(sql`select ${true}`.execute(openNotes(t)), /SQLite has no type for a parameter of type boolean/);
});

test('if SQLite itself ends a transaction with an error, that error is reported, not a failed rollback', async (t) => {
  const db = openNotes(t);
  const broken = db.transaction().execute(async (tx) => {
    await tx.insertInto('notes').values({ id: 1, text: 'first' }).execute();
    await tx.insertInto('notes').values({ id: 2, text: 'break' }).execute();
  });
  await assert.rejects(broken, /SQLite has rolled back by itself/);
  assert.deepEqual(await db.selectFrom('notes').selectAll().execute(), []);
});
