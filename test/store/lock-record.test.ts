import assert from 'node:assert/strict';
import { mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { lockRecord } from '../../src/store/lock-record.ts';
import { openSqliteAuditTrail } from '../../src/store/open-sqlite-store.ts';
import { databasePath, openSqliteAt } from './open-store.ts';

test('only one bot at a time holds the lock of an audit record, until it releases it', async (t) => {
  const url = `sqlite:${await databasePath(t)}`;
  const first = await lockRecord(url);
  assert.ok(first);
  assert.equal(await lockRecord(url), null);
  first.release();
  const second = await lockRecord(url);
  assert.ok(second);
  second.release();
});

test('of many bots that start at once on a record that does not exist yet exactly one gets the lock', async (t) => {
  const url = `sqlite:${await databasePath(t)}`;
  const locks = await Promise.all(Array.from({ length: 5 }, () => lockRecord(url)));
  assert.equal(locks.filter((lock) => lock !== null).length, 1);
  for (const lock of locks) lock?.release();
});

for (const [what, isDirectory] of [
  ['file', false],
  ['directory', true],
] as const) {
  test(`an audit record opened through another name of its ${what} has the same lock, even before the record exists`, async (t) => {
    const path = await databasePath(t);
    const alias = join(dirname(path), 'alias');
    await symlink(isDirectory ? '.' : path, alias);
    const first = await lockRecord(`sqlite:${path}`);
    assert.ok(first);
    assert.equal(await lockRecord(`sqlite:${isDirectory ? join(alias, 'record.db') : alias}`), null);
    first.release();
  });
}

test('the lock does not keep others from reading and writing the record, and only the record’s owner can open the lock file', async (t) => {
  const path = await databasePath(t);
  const lock = await lockRecord(`sqlite:${path}`);
  const store = await openSqliteAt(t, path);
  const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${path}`);
  assert.equal((await auditTrail.verify()).kind, 'intact');
  await close();
  await store.close();
  assert.equal((await stat(`${path}.lock`)).mode & 0o777, 0o600);
  lock?.release();
  assert.deepEqual(await readdir(dirname(path)), ['record.db', 'record.db.lock']);
});

test('a record path at which no lock can be made gives the same error as opening the record', async (t) => {
  const path = await databasePath(t);
  const directory = join(dirname(path), 'none');
  await assert.rejects(lockRecord(`sqlite:${join(directory, 'r.db')}`), {
    problem: { kind: 'directory-missing', path: join(directory, 'r.db'), directory },
  });
  await mkdir(path);
  await assert.rejects(lockRecord(`sqlite:${path}`), { problem: { kind: 'not-a-file', path } });
});
