import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

type PlainWord = readonly [odd: RegExp, plain: string];

/** Words that are odd English, or that say less than the plain one. Left: what is not used; right: what is. */
const PLAIN: readonly PlainWord[] = [
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

/** For comments and test titles, which maintainers read: the words above, and the German ones among English words. */
const PLAIN_FOR_MAINTAINERS: readonly PlainWord[] = [
  ...PLAIN,
  [/\b(that|which|what) (is|are) none\b/i, 'is not a …, is invalid'],
  [/\bfor all that is known\b/i, 'as far as known'],
  [/\bin vain\b/i, 'without success'],
  [/\b(by now|put right)\b/i, 'now; fix'],
  [/\bwhat (is|was) met\b/i, 'name the thing'],
];

/** Quoted in documents and comments: commands, identifiers, and titles of tests. */
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
  return readFileSync(new URL(file, ROOT), 'utf8').split('\n');
}

function wordsIn(file: string): readonly string[] {
  const isCode = file.endsWith('.ts');
  return linesOf(file).map((line) => line.replaceAll(isCode ? NOT_WORDS : QUOTED, ''));
}

const COMMENT_IN_TYPESCRIPT = /^\s*(?:\/\*\*?|\*|\/\/) (.*)|\s\/\/ (.*)/;
const COMMENT_IN_SCRIPT = /^\s*# (.*)/;

/** The comments of a file, line by line; '' for a line without one. */
function commentsIn(file: string): readonly string[] {
  const form = /\.[jt]s$/.test(file) ? COMMENT_IN_TYPESCRIPT : COMMENT_IN_SCRIPT;
  return linesOf(file).map((line) => {
    const [, whole, trailing] = form.exec(line) ?? [];
    return (whole ?? trailing ?? '').replaceAll(QUOTED, '');
  });
}

const TITLE = /(?<![.\w])(?:test|describe)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

function titlesIn(file: string): readonly string[] {
  const titles = [...linesOf(file).join('\n').matchAll(TITLE)];
  return titles.map(([, single, double, template]) => (single ?? double ?? template ?? '').replaceAll(NOT_WORDS, ''));
}

/** `FILE:7: mends → fix`, for each odd word in the texts of these files. */
function oddWords(
  files: readonly string[],
  textsOf: (file: string) => readonly string[],
  plainWords: readonly PlainWord[],
): readonly string[] {
  return files.flatMap((file) =>
    textsOf(file).flatMap((text, index) =>
      plainWords.flatMap(([odd, plain]) => {
        const [found] = odd.exec(text) ?? [];
        return found === undefined ? [] : [`${file}:${index + 1}: ${found} → ${plain}`];
      }),
    ),
  );
}

for (const file of [...textsBelow('src/words/', '.ts'), ...DOCS, 'README.md', 'CONTRIBUTING.md', 'manifest.yml']) {
  test(`${file} uses no word that is on the list of words to avoid`, () => {
    assert.deepEqual(oddWords([file], wordsIn, PLAIN), []);
  });
}

for (const room of readdirSync(new URL('src/', ROOT))) {
  test(`the comments in src/${room} use no word that is on the list of words to avoid`, () => {
    const sources = /\.[jt]s$/.test(room)
      ? [`src/${room}`]
      : ['.ts', '.sh', '.awk'].flatMap((ending) => textsBelow(`src/${room}/`, ending));
    assert.deepEqual(oddWords(sources, commentsIn, PLAIN_FOR_MAINTAINERS), []);
  });
}

test('the titles of tests use no word that is on the list of words to avoid', () => {
  assert.deepEqual(oddWords(textsBelow('test/', '.test.ts'), titlesIn, PLAIN_FOR_MAINTAINERS), []);
});
