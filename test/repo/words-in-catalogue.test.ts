import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
/** Where things are shown to people; what is said there comes from src/words. */
const SHOWING = [
  'src/telling/',
  'src/slack/cards/',
  'src/slack/blocks/',
  'src/slack/requests/',
  'src/slack/people/',
  'src/cli/',
];

/** Literals of three or more words that may stay, and why. */
const EXCUSED: readonly (readonly [text: string, why: string])[] = [
  ['did not start', 'the log is English'],
  ['slack can’t be reached: trying until it can', 'the log is English'],
  ['config reloaded: nothing has changed', 'the log is English'],
  ['config not reloaded; the bot goes on with the one that it has', 'the log is English'],
  ['shutting down: finishing current work', 'the log is English'],
  ['stopped before all work was finished; the next start takes it up', 'the log is English'],
];

/** Lines that write the log, which is not translated, and what else is no text for people. */
const NOT_SHOWN = /\blog\.(debug|info|warn|error)\(|new Error\(|^import |^export \{|addIssue\(/;
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;
const THREE_WORDS = /\p{L}[\p{L}’']*(?:[,;:.]? \p{L}[\p{L}’']*){2,}/u;

function sources(): string[] {
  return SHOWING.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}${name}`),
  );
}

/** The code without comments, which are English, and without what is filled into templates. */
function sentencesIn(code: string): string[] {
  const bare = code
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*\/\//.test(line) && !NOT_SHOWN.test(line))
    .join('\n')
    .replace(/\$\{[^{}]*\}/g, '…')
    // A character class with quotes in it would start a literal.
    .replace(/= \/.*\/[a-z]*;$/gm, '= 0;');
  return [...bare.matchAll(LITERAL)]
    .map(([, quoted, template]) => quoted ?? template ?? '')
    .filter((text) => THREE_WORDS.test(text));
}

test('text for people comes only from the words catalogue', () => {
  const excused = new Set(EXCUSED.map(([text]) => text.toLowerCase()));
  const found = sources().flatMap((file) =>
    sentencesIn(readFileSync(new URL(file, ROOT), 'utf8'))
      .filter((text) => !excused.has(text.toLowerCase()))
      .map((text) => `${file}: ${text}`),
  );
  assert.deepEqual(found, []);
});

test('the search for text outside the words catalogue finds a sentence in any literal, and skips comments and log lines', () => {
  assert.deepEqual(sentencesIn("const a = 'Nothing was changed here.';"), ['Nothing was changed here.']);
  assert.deepEqual(sentencesIn(['say`$', '{x} is not here`'].join('')), ['… is not here']);
  assert.deepEqual(sentencesIn("// it's what we say\n/** isn't it nice */\nlog.warn({}, 'it was not there');"), []);
  assert.deepEqual(sentencesIn("import { a } from 'a b c d';"), []);
});
