import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** The import rules and the linter keep Node out of these; what is left are the language's own clock and dice. */
const CLOCK_OR_DICE = /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)|\bMath\.random\b|\bTemporal\.Now\b/;

const PURE = ['model', 'words', 'diagnosis', 'approval', 'incident', 'record'];

for (const folder of PURE) {
  test(`the code in ${folder}/ reads no clock and uses no randomness`, async () => {
    const names = (await readdir(join(SRC, folder), { recursive: true })).filter((name) => name.endsWith('.ts'));
    assert.ok(names.length > 0, 'no files were found');
    for (const name of names) {
      assert.doesNotMatch(await readFile(join(SRC, folder, name), 'utf8'), CLOCK_OR_DICE, `${folder}/${name}`);
    }
  });
}
