import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recordAccessProblem } from '../../src/store/record-access.ts';
import { storeUnavailable } from '../../src/words/en/store.ts';

const directory = mkdtempSync(join(tmpdir(), 'rd-record-access-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test('the config check accepts an audit database that exists or that the bot can create', async () => {
  const file = join(directory, 'record.db');
  assert.equal(await recordAccessProblem(`sqlite:${file}`), null);
  writeFileSync(file, '');
  assert.equal(await recordAccessProblem(`sqlite:${file}`), null);
});

test('the config check names a missing directory of the audit database, and creates nothing', async () => {
  const why = await recordAccessProblem(`sqlite:${join(directory, 'missing', 'record.db')}`);
  assert.match(
    why === null ? '' : storeUnavailable(why),
    /there is no directory .*missing\. .*Create the directory, or correct store\.url\./,
  );
});

test('the config check refuses a record URL that is not a SQLite URL', async () => {
  assert.deepEqual(await recordAccessProblem('postgres://x'), { kind: 'not-a-sqlite-url', url: 'postgres://x' });
});
