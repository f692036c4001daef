import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readFacts, writePrivately } from '../../../src/cli/files/facts-file.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';
import { english } from '../../support/words/english.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-facts-'));
  file = join(directory, 'facts.json');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('a facts file that diagnose saved is read back with the same facts', async () => {
  assert.equal(await writePrivately(file, JSON.stringify(incidentFacts()), english), null);
  assert.deepEqual(await readFacts(file, english), { kind: 'facts', facts: incidentFacts() });
});

test('a saved facts file is readable by its owner only, even if it replaces a file that everyone could read', async () => {
  await writeFile(file, 'old', { mode: 0o644 });
  assert.equal(await writePrivately(file, 'new', english), null);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await readFile(file, 'utf8'), 'new');
  assert.deepEqual(await readdir(directory), ['facts.json']);
});

test('diagnose that can’t write the facts file leaves no partial file and says why', async () => {
  assert.match((await writePrivately(directory, 'x', english)) ?? '', /EISDIR|directory/);
  assert.match((await writePrivately(join(directory, 'no', 'facts.json'), 'x', english)) ?? '', /^no such file$/);
  assert.deepEqual(await readdir(directory), []);
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', 'hello', /^it is not JSON$/],
  ['no content', '', /^it is not JSON$/],
  ['other JSON', '{}', /^version: /],
  ['facts with an unknown field', JSON.stringify({ ...incidentFacts(), extra: 1 }), /extra/],
  ['facts that are cut off', JSON.stringify(incidentFacts()).slice(0, -10), /^it is not JSON$/],
  ['facts of another version', JSON.stringify({ ...incidentFacts(), version: 2 }), /^version: /],
  ['an invalid mode', JSON.stringify(incidentFacts()).replace('"0750"', '"rwx"'), /^nodes\.\d+/],
];

for (const [name, content, why] of BAD) {
  test(`diagnose rejects as a facts file: a file with ${name}`, async () => {
    await writeFile(file, content);
    const read = await readFacts(file, english);
    assert.match(read.kind === 'problem' ? read.why : 'accepted', why);
  });
}

test('diagnose stops reading a facts file that never ends (/dev/zero), and rejects it', async () => {
  assert.deepEqual(await readFacts('/dev/zero', english), { kind: 'problem', why: 'it is larger than 32 MiB' });
});
