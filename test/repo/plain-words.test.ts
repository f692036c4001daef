import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** Words that are odd English, or that say less than the plain one. Left: what is not used; right: what is. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\b(un|not |is )well\b(?! known)/i, 'healthy, unhealthy'],
  [/\bwell again\b/i, 'healthy again'],
  [/\breally tried\b/i, 'tested as'],
  [/\b(some|no|every|any)body\b/i, 'someone, no one, everyone, anyone'],
  [/\bwhoever\b/i, 'anyone who'],
  [/\bmay not\b/i, 'can’t, or might not'],
  [/\blacks?\b/i, 'has no, is missing'],
  [/\bno way through\b|\bleads nowhere\b/i, 'blocked, broken'],
  [/\banew\b/i, 'again'],
  [/\ball the same\b/i, 'still, anyway'],
  [/\bby itself\b/i, 'on its own, automatically'],
  [/\b(look|looks) whether\b/i, 'check whether'],
  [/\bset aside\b|\btaken back\b/i, 'replaced, undone'],
  [/\bplays? (a|no) part\b/i, 'is (not) involved'],
];

/** Quoted in documents: commands, and titles of tests. */
const QUOTED = /`[^`]*`/g;
/** In code: what is filled in, and identifiers. */
const NOT_WORDS = /\$\{[^}]*\}|registry-?[uU]nwell|opens-to-everybody|nobody-used-it|code\('nobody'\)|not-well/g;

const ROOT = new URL('../../', import.meta.url);

function textsBelow(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}${name}`);
}

/** Decisions are kept as they were made, and the changelog tells of what was said then. */
const DOCS = textsBelow('docs/', '.md').filter((name) => !name.startsWith('docs/decisions/'));

function linesOf(file: string): readonly string[] {
  const isCode = file.endsWith('.ts');
  const lines = readFileSync(new URL(file, ROOT), 'utf8').split('\n');
  return lines.map((line) => line.replaceAll(isCode ? NOT_WORDS : QUOTED, ''));
}

for (const file of [...textsBelow('src/words/', '.ts'), ...DOCS, 'README.md', 'CONTRIBUTING.md', 'manifest.yml']) {
  test(`${file} uses the plain words`, () => {
    const odd = linesOf(file).flatMap((line, index) =>
      PLAIN.filter(([word]) => word.test(line)).map(
        ([word, plain]) => `${file}:${index + 1}: ${word.exec(line)?.[0]} → ${plain}`,
      ),
    );
    assert.deepEqual(odd, []);
  });
}
