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
  assert.equal(await recordAccessProblem({ url: `sqlite:${file}`, passwordFile: null }), null);
  writeFileSync(file, '');
  assert.equal(await recordAccessProblem({ url: `sqlite:${file}`, passwordFile: null }), null);
});

test('the config check names a missing directory of the audit database, and creates nothing', async () => {
  const why = await recordAccessProblem({
    url: `sqlite:${join(directory, 'missing', 'record.db')}`,
    passwordFile: null,
  });
  assert.match(
    why === null ? '' : storeUnavailable(why),
    /there is no directory .*missing\. .*Create the directory, or correct store\.url\./,
  );
});

test('the config check refuses a record URL that is neither a SQLite nor a Postgres URL', async () => {
  assert.deepEqual(await recordAccessProblem({ url: 'mysql://x', passwordFile: null }), {
    kind: 'not-a-record-url',
    url: 'mysql://x',
  });
});
