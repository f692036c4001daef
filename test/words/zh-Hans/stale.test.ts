import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { declarationsIn, type Stamps, staleSince, stampsOf } from '../../../scripts/words/declarations.ts';

const ENGLISH = new URL('../../../src/words/en/', import.meta.url);

test('the Chinese words of every changed English sentence were reviewed', async () => {
  const stamped: Stamps = JSON.parse(await readFile(new URL('stamps.json', import.meta.url), 'utf8'));
  const stale = staleSince(stamped, await declarationsIn(ENGLISH));
  const advice = stale.map(
    (name) =>
      `English changed in src/words/en/${name}. Compare src/words/zh-Hans, then: npm run words:stamp -- ${name.replace(': ', ':')}`,
  );
  assert.deepEqual(advice, []);
});

const SOURCE = `import { say } from '../phrase.ts';

type Row = string;

/** What it says. */
export function greeting(name: string): string {
  return \`Good morning, \${name}.\`;
}

const RISKS = { low: 'low', high: 'high' } as const;
`;

test('the check for outdated Chinese words tracks each top-level declaration, but no types, imports, comments and line breaks', () => {
  const stamps = stampsOf(SOURCE);
  assert.deepEqual(Object.keys(stamps), ['greeting', 'RISKS']);
  assert.deepEqual(stampsOf(SOURCE.replace('What it says.', 'How it greets.')), stamps);
  assert.deepEqual(
    stampsOf(SOURCE.replace("{ low: 'low', high: 'high' }", "{\n  low: 'low',\n  high: 'high' }")),
    stamps,
  );
});

test('the check for outdated Chinese words reports an English declaration that is new, changed or gone', () => {
  const before = { 'a.ts': stampsOf(SOURCE) };
  const change = (from: string, to: string) => ({ 'a.ts': stampsOf(SOURCE.replace(from, to)) });
  assert.deepEqual(staleSince(before, change('Good morning', 'Hello')), ['a.ts: greeting']);
  assert.deepEqual(staleSince(before, change('RISKS', 'DANGERS')), ['a.ts: DANGERS', 'a.ts: RISKS']);
  assert.deepEqual(staleSince(before, before), []);
});
