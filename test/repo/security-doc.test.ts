import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const REPO = new URL('../../', import.meta.url);
const DOC = readFileSync(new URL('docs/security.md', REPO), 'utf8');
const TITLE = /(?<![.\w])(test|describe)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`|[a-z])/g;

/** The tests that the document names: file and title, in which `…` stands for what is filled in. */
const NAMED = [...DOC.matchAll(/`(test\/[\w/-]+\.test\.ts) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

/** The titles that stand in a test file, with `…` for what is filled in. */
function titlesIn(file: string): string[] {
  const source = readFileSync(new URL(file, REPO), 'utf8');
  const titles = [...source.matchAll(TITLE)].filter(([, call]) => call === 'test').map((match) => match.slice(2));
  return titles.map(([single, double, template]) =>
    (single ?? double ?? template ?? 'nothing but a variable').replace(/\$\{[^}]*\}/g, '…'),
  );
}

describe('docs/security.md', () => {
  test('docs/security.md names only tests that exist', () => {
    assert.ok(NAMED.length > 20);
    for (const { file, title } of NAMED) {
      assert.ok(existsSync(new URL(file, REPO)), file);
      assert.ok(titlesIn(file).includes(title), `${file} has no test "${title}"`);
    }
  });

  test('docs/security.md names every test of the attack suite', () => {
    const files = readdirSync(new URL('test/attacks/', REPO)).filter((name) => name.endsWith('.test.ts'));
    const told = new Set(NAMED.map(({ file, title }) => `${file} › ${title}`));
    const all = files.flatMap((name) =>
      titlesIn(`test/attacks/${name}`).map((title) => `test/attacks/${name} › ${title}`),
    );
    assert.deepEqual(
      all.filter((name) => !told.has(name)),
      [],
    );
  });

  test('docs/security.md gives for each threat the defense, the test and the remaining risk', () => {
    const rows = DOC.split('\n').filter((line) => /^\| (?!threat|---)/.test(line));
    for (const row of rows) {
      const cells = row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
      assert.equal(cells.length, 4, row);
      assert.ok(
        cells.every((cell) => cell !== ''),
        row,
      );
      assert.match(cells[2] ?? '', /test\.ts › /, row);
    }
  });
});
