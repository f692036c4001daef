import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXPECTED } from '../../scripts/hosts/expected.ts';
import { NEEDED } from '../../scripts/hosts/needed.ts';
import { ROWS } from '../../scripts/hosts/rows/index.ts';
import { NOT_TRIED } from '../../scripts/hosts/rows/not-tried.ts';
import { seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

/** Hosts of odd kinds, built for real. `npm run hosts` runs them all and writes docs/hosts.md. */

const HOSTS = fileURLToPath(new URL('../../scripts/hosts.ts', import.meta.url));
const SEED = seedOfRun();
/** Each takes seconds, and each run picks others. */
const ROWS_A_RUN = '2';
const skip = skipUnless(...NEEDED);

test('on a sample of odd hosts, the whole flow works or the product says what it has to say', { skip }, (t) => {
  t.diagnostic(`RD_SEED=${SEED}`);
  const words = [HOSTS, '--json', '--sample', ROWS_A_RUN, '--seed', String(SEED)];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  assert.notEqual(stdout, '', stderr);
  const { seen } = JSON.parse(stdout);
  const problems = seen.flatMap(({ id, problems }: { id: string; problems: string[] }) =>
    problems.map((problem) => `${id}: ${problem}`),
  );
  assert.deepEqual(problems, [], `RD_SEED=${SEED}`);
  assert.equal(seen.length, Number(ROWS_A_RUN));
});

test('docs/hosts.md has each kind of host, also those that can’t be tried', () => {
  const table = readFileSync(new URL('../../docs/hosts.md', import.meta.url), 'utf8');
  for (const { what } of [...ROWS, ...NOT_TRIED]) assert.ok(table.includes(`| ${what}`), what);
});

test('each expectation is about a kind of host that is tried', () => {
  const ids = ROWS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    Object.keys(EXPECTED).filter((id) => !ids.includes(id)),
    [],
  );
});
