import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readFacts, writePrivately } from '../../../src/cli/terminal/facts-file.ts';
import { english } from '../../support/english.ts';
import { incidentFacts } from '../../support/incident-facts.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-facts-'));
  file = join(directory, 'facts.json');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('facts are read back as they were written', async () => {
  assert.equal(await writePrivately(file, JSON.stringify(incidentFacts()), english), null);
  assert.deepEqual(await readFacts(file, english), { kind: 'facts', facts: incidentFacts() });
});

test('only this user can read saved facts, even if a file readable by everyone had the same path before', async () => {
  await writeFile(file, 'old', { mode: 0o644 });
  assert.equal(await writePrivately(file, 'new', english), null);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await readFile(file, 'utf8'), 'new');
  assert.deepEqual(await readdir(directory), ['facts.json']);
});

test('facts that can’t be written leave no file behind and say why', async () => {
  assert.match((await writePrivately(directory, 'x', english)) ?? '', /EISDIR|directory/);
  assert.match((await writePrivately(join(directory, 'no', 'facts.json'), 'x', english)) ?? '', /^no such file$/);
  assert.deepEqual(await readdir(directory), []);
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', 'hello', /^it is not JSON$/],
  ['nothing', '', /^it is not JSON$/],
  ['other JSON', '{}', /^version: /],
  ['facts with an unknown field', JSON.stringify({ ...incidentFacts(), extra: 1 }), /extra/],
  ['facts that are cut off', JSON.stringify(incidentFacts()).slice(0, -10), /^it is not JSON$/],
  ['facts of another version', JSON.stringify({ ...incidentFacts(), version: 2 }), /^version: /],
  ['an invalid mode', JSON.stringify(incidentFacts()).replace('"0750"', '"rwx"'), /^nodes\.\d+/],
];

for (const [name, content, why] of BAD) {
  test(`a file with ${name} is not a facts file`, async () => {
    await writeFile(file, content);
    const read = await readFacts(file, english);
    assert.match(read.kind === 'problem' ? read.why : 'accepted', why);
  });
}

test('a file without end is not read to its end', async () => {
  assert.deepEqual(await readFacts('/dev/zero', english), { kind: 'problem', why: 'it is larger than 32 MiB' });
});
