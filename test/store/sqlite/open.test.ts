import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreProblem } from '../../../src/model/record/store-problem.ts';
import { lockRecord } from '../../../src/store/lock-record.ts';
import { openSqliteAuditTrail, openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { openConnection, openReadingConnection } from '../../../src/store/sqlite/connection.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { storeUnavailable } from '../../../src/words/en/store.ts';
import { skipUnless } from '../../support/requirements.ts';
import { databasePath, openSqliteAt } from '../open-store.ts';
import { StoreProcess } from '../processes/store-process.ts';
import { openIncident, openingOf, standingClock } from '../samples.ts';

const clock = standingClock();
const NOBODY = 65_534;

async function problemOf(opening: Promise<unknown>): Promise<StoreProblem> {
  const error = await opening.then(
    () => assert.fail('it opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StoreUnavailable, String(error));
  return error.problem;
}

function edit(path: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

const permissions = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('no other user can read a new audit record or its write-ahead log', async (t) => {
  const path = await databasePath(t);
  await openSqliteAt(t, path);
  assert.equal(await permissions(path), '600');
  assert.equal(await permissions(`${path}-wal`), '600');
  assert.equal(await permissions(`${path}-shm`), '600');
});

test('the bot removes other users’ permission to read an existing audit record', async (t) => {
  const path = await databasePath(t);
  await writeFile(path, '');
  await chmod(path, 0o664);
  await openSqliteAt(t, path);
  assert.equal(await permissions(path), '600');
});

test('a relative record path starts at the current directory', async (t) => {
  const path = await databasePath(t);
  await openSqliteAt(t, relative(process.cwd(), path));
  assert.ok((await stat(path)).isFile());
});

test('SQLite is set to confirm a transaction only once it is on disk, and to enforce references', async (t) => {
  const path = await databasePath(t);
  const database = await openConnection(path);
  t.after(() => database.close());
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  assert.equal(pragma('journal_mode'), 'wal');
  assert.equal(pragma('synchronous'), 2);
  assert.equal(pragma('foreign_keys'), 1);
  assert.equal(pragma('busy_timeout'), 5_000);
});

test('audit entries are still there after the record is closed and opened again', async (t) => {
  const path = await databasePath(t);
  const first = await openSqliteAt(t, path);
  const incident = await openIncident(first.store);
  await first.close();
  const second = await openSqliteAt(t, path);
  assert.deepEqual(await second.store.transact((tx) => tx.incident(incident.id)), incident);
});

test('closing the record waits for running transactions and leaves a single file', async (t) => {
  const path = await databasePath(t);
  const { store, close } = await openSqliteAt(t, path);
  const incident = await openIncident(store);
  const running = store.transact(async (tx) => {
    await new Promise((resolve) => setImmediate(resolve));
    return tx.appendAudit(openingOf(incident));
  });
  await Promise.all([running, close()]);
  await assert.rejects(stat(`${path}-wal`), { code: 'ENOENT' });
  await assert.rejects(store.transact(async () => 'late'));
  assert.equal((await (await openSqliteAt(t, path)).auditTrail.verify()).entries, 1);
});

test('a copy of the record that is made while the bot writes is intact', async (t) => {
  const path = await databasePath(t);
  const copy = `${path}.backup`;
  const { store } = await openSqliteAt(t, path);
  const incident = await openIncident(store);
  const append = () => store.transact((tx) => tx.appendAudit(openingOf(incident)));
  for (let n = 0; n < 50; n += 1) await append();
  const source = new DatabaseSync(path, { readOnly: true });
  t.after(() => source.close());
  const [entry] = await Promise.all([append(), backup(source, copy, { rate: 1 }), append()]);
  const check = await (await openSqliteAt(t, copy)).auditTrail.verify();
  assert.equal(check.kind, 'intact');
  assert.ok(check.entries >= 50 && check.entries <= entry.sequence + 1);
});

for (const url of ['postgres://db/record', 'sqlite:', 'sqlite::memory:', './record.db']) {
  test(`the bot refuses "${url}" as a record URL`, async () => {
    assert.deepEqual(await problemOf(openSqliteStore(url, { clock })), { kind: 'not-a-record-url', url });
  });
}

test('the bot names the missing directory of its audit record', async (t) => {
  const path = join(dirname(await databasePath(t)), 'missing', 'record.db');
  const problem = await problemOf(openSqliteStore(`sqlite:${path}`, { clock }));
  assert.deepEqual(problem, { kind: 'directory-missing', path, directory: dirname(path) });
});

test('the bot refuses a directory as its audit record', async (t) => {
  const path = await databasePath(t);
  await mkdir(path);
  assert.deepEqual(await problemOf(openSqliteStore(`sqlite:${path}`, { clock })), { kind: 'not-a-file', path });
});

test('the bot refuses a file that is not SQLite as its record, and leaves it unchanged', async (t) => {
  const path = await databasePath(t);
  const text = 'not a database, but somebody’s notes\n'.repeat(100);
  await writeFile(path, text);
  assert.deepEqual(await problemOf(openSqliteStore(`sqlite:${path}`, { clock })), { kind: 'not-a-database', path });
  assert.equal(await readFile(path, 'utf8'), text);
});

test('the bot refuses the database of another program as its record, and leaves it unchanged', async (t) => {
  const path = await databasePath(t);
  edit(path, 'CREATE TABLE notes (text TEXT)');
  assert.deepEqual(await problemOf(openSqliteStore(`sqlite:${path}`, { clock })), { kind: 'foreign-database', path });
});

test('the bot reports a damaged audit record as damaged, not as missing', async (t) => {
  const path = await databasePath(t);
  await (await openSqliteAt(t, path)).close();
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill(0x5a, 100, 4_000));
  assert.equal((await problemOf(openSqliteStore(`sqlite:${path}`, { clock }))).kind, 'damaged');
});

test('a record whose schema is damaged, so that a column has another name, is reported as damaged', async (t) => {
  const path = await databasePath(t);
  await (await openSqliteAt(t, path)).close();
  edit(path, 'ALTER TABLE diagnoses RENAME COLUMN body TO bndy');
  for (const open of [openSqliteAuditTrail, () => openSqliteStore(`sqlite:${path}`, { clock })]) {
    const problem = await problemOf(open(`sqlite:${path}`));
    assert.ok(problem.kind === 'damaged');
    assert.match(problem.why.said, /no such column: diagnoses\.body/);
  }
});

for (const [migration, by, said] of [
  ['0099-later', 'newer-version', 'a newer version wrote it (it has 0099-later).'],
  ['0002-outbox', 'development-version', 'a version from before the first release wrote it (it has 0002-outbox).'],
  ['0000-other', 'unknown', 'its database schema is not known to this version (it has 0000-other).'],
  ['other', 'unknown', 'its database schema is not known to this version (it has other).'],
] as const) {
  test(`a record with the migration ${migration} is not changed, and reported as written by: ${by}`, async (t) => {
    const path = await databasePath(t);
    await (await openSqliteAt(t, path)).close();
    edit(path, `INSERT INTO kysely_migration VALUES ('${migration}', '2027-01-01T00:00:00.000Z')`);
    const problem = { kind: 'schema-unknown', path, by, unknownMigrations: [migration] } as const;
    assert.deepEqual(await problemOf(openSqliteStore(`sqlite:${path}`, { clock })), problem);
    assert.deepEqual(await problemOf(openSqliteAuditTrail(`sqlite:${path}`)), problem);
    assert.ok(
      storeUnavailable(problem).startsWith(`The record at ${path} is not one that this version can read: ${said}`),
    );
  });
}

test('an audit record of an older version is upgraded completely or not at all', async (t) => {
  const path = await databasePath(t);
  edit(path, 'CREATE TABLE kysely_migration (name TEXT PRIMARY KEY, timestamp TEXT NOT NULL)');
  assert.deepEqual(await problemOf(openSqliteAuditTrail(`sqlite:${path}`)), { kind: 'schema-older', path });
  edit(path, 'CREATE TABLE messages_by_record (in_the_way TEXT)');
  assert.equal((await problemOf(openSqliteStore(`sqlite:${path}`, { clock }))).kind, 'failed');
  edit(path, 'DROP TABLE messages_by_record');
  const { auditTrail } = await openSqliteAt(t, path);
  assert.equal((await auditTrail.verify()).kind, 'intact');
});

for (const [what, forbid] of Object.entries({
  'a file that belongs to another account': (path: string) => chmod(dirname(path), 0o777),
  'a directory that cannot be written': async (path: string) => {
    await chown(path, NOBODY, NOBODY);
    await chmod(dirname(path), 0o755);
  },
  'a directory that cannot be entered': (path: string) => chmod(dirname(path), 0o700),
})) {
  test(`the bot reports a record that it can’t write to: ${what}`, { skip: skipUnless('root') }, async (t) => {
    const path = await databasePath(t);
    await (await openSqliteAt(t, path)).close();
    await forbid(path);
    const opener = new StoreProcess(t, 'open-as-nobody', [`sqlite:${path}`]);
    assert.deepEqual(await opener.finished(), ['not-writable']);
  });
}

test('the bot reports an audit record as locked if another process blocks it for five seconds', async (t) => {
  const path = await databasePath(t);
  const { ping } = await openSqliteAt(t, path);
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  assert.deepEqual(await problemOf(ping()), { kind: 'locked', path, waitedMs: 5_000 });
  other.exec('ROLLBACK');
  await ping();
});

test('the bot goes on with other work while another process blocks its record, and records as soon as it can', async (t) => {
  const path = await databasePath(t);
  const { ping } = await openSqliteAt(t, path);
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const order: string[] = [];
  const recorded = ping().then(() => order.push('recorded'));
  await delay(50);
  order.push('other work');
  other.exec('ROLLBACK');
  await recorded;
  assert.deepEqual(order, ['other work', 'recorded']);
});

for (const [what, change] of Object.entries({
  removed: (path: string) => rename(path, `${path}.moved`),
  replaced: async (path: string) => {
    await rename(path, `${path}.moved`);
    await writeFile(path, '');
  },
})) {
  test(`the bot records nothing more once its record file was ${what} while it was running`, async (t) => {
    const path = await databasePath(t);
    const { store, ping } = await openSqliteAt(t, path);
    await change(path);
    assert.deepEqual(await problemOf(openIncident(store)), { kind: 'file-replaced', path });
    assert.deepEqual(await problemOf(ping()), { kind: 'file-replaced', path });
  });
}

test('commands that only read do not create a missing audit record', async (t) => {
  const path = await databasePath(t);
  assert.deepEqual(await problemOf(openSqliteAuditTrail(`sqlite:${path}`)), { kind: 'file-missing', path });
  await assert.rejects(stat(path), { code: 'ENOENT' });
});

test('the read-only connection to the record can write nothing', async (t) => {
  const path = await databasePath(t);
  await openSqliteAt(t, path);
  const database = await openReadingConnection(path);
  t.after(() => database.close());
  assert.throws(() => database.exec('DELETE FROM messages'), /readonly/);
});

test('audit commands can read the record while the bot is in the middle of a transaction', async (t: TestContext) => {
  const path = await databasePath(t);
  const { store } = await openSqliteAt(t, path);
  const incident = await openIncident(store);
  await store.transact((tx) => tx.appendAudit(openingOf(incident)));
  const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${path}`);
  t.after(close);
  await store.transact(async (tx) => {
    await tx.appendAudit(openingOf(incident));
    assert.equal((await auditTrail.verify()).entries, 1);
  });
  assert.equal((await auditTrail.verify()).entries, 2);
});

test('the message about a record that can’t be opened says what happened, what does not work now and what to do', async (t) => {
  const path = await databasePath(t);
  await mkdir(path);
  const problem = await openSqliteStore(`sqlite:${path}`, { clock }).then(
    () => assert.fail('it opened'),
    (error: unknown) => (error instanceof StoreUnavailable ? error.problem : assert.fail(String(error))),
  );
  assert.equal(
    storeUnavailable(problem),
    `The record cannot be at ${path}: that is not a file. Nothing is diagnosed, approved or changed without a record. Set store.url to a file or a database of its own; a file that does not exist yet is created.`,
  );
});

test('run by root, the bot creates no record and no lock in another user’s directory, and says which user to run as', {
  skip: skipUnless('root'),
}, async (t) => {
  const path = await databasePath(t);
  await chown(dirname(path), NOBODY, NOBODY);
  const problem = await problemOf(openSqliteStore(`sqlite:${path}`, { clock }));
  assert.deepEqual(problem, { kind: 'of-another-user', path, directory: dirname(path), user: 'nobody' });
  assert.match(storeUnavailable(problem), /belongs to nobody.*Run this as nobody: `runuser -u nobody -- …`\.$/);
  await assert.rejects(stat(path), { code: 'ENOENT' });
  await writeFile(path, '');
  await chown(path, NOBODY, NOBODY);
  assert.equal((await problemOf(lockRecord(`sqlite:${path}`))).kind, 'of-another-user');
  await assert.rejects(stat(`${path}.lock`), { code: 'ENOENT' });
});

test('files that root creates next to another user’s audit record belong to the owner of the record', {
  skip: skipUnless('root'),
}, async (t) => {
  const path = await databasePath(t);
  await writeFile(path, '');
  for (const entry of [path, dirname(path)]) await chown(entry, NOBODY, NOBODY);
  await openSqliteAt(t, path);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) assert.equal((await stat(file)).uid, NOBODY, file);
});
