import assert from 'node:assert/strict';
import { type Phrase, plainText, type Run } from '../../../src/words/phrase.ts';

/** What a Chinese sentence must not have, by the rules of the house. */
const FLAWS: readonly [flaw: string, pattern: RegExp][] = [
  ['no space between Chinese and Latin', /\p{Script=Han}[\w/]|[\w/]\p{Script=Han}/u],
  ['a space beside Chinese punctuation', / [，。：；、（）]|[，。：；、（）] /u],
  ['a space between Chinese', /\p{Script=Han} +\p{Script=Han}/u],
  ['two spaces', / {2}/],
  ['doubled punctuation', /[，。：；、][，。：；、]/u],
  ['了 or 您', /[了您]/],
];
/** Only in words: a command can have it. */
const HALF_WIDTH = /[\p{Script=Han}）…] ?[,;:!?()]|[,;:!?(][\p{Script=Han}（…]/u;
const ENGLISH = /\b[a-z]+ [a-z]+ [a-z]+\b/i;
/** Error messages are quoted as the system writes them. A command, or the frame of a signature, is literal. */
const QUOTED = /“[^”]*”|`[^`]*`|-----[A-Z ]+-----/g;

/** Checks that a Chinese phrase keeps the rules of the house, and that no English is left in its words. */
export function assertChinese(phrase: Phrase): void {
  const whole = plainText(phrase);
  const flaws = FLAWS.filter(([, pattern]) => pattern.test(whole)).map(([flaw]) => flaw);
  assert.deepEqual(flaws, [], whole);
  const words = wordsOf(phrase).replace(QUOTED, '');
  assert.doesNotMatch(words, HALF_WIDTH, whole);
  assert.doesNotMatch(words, ENGLISH, whole);
}

/** Checks that both languages have the same paths, names, commands, people and moments, equally often. */
export function assertSameValues(actual: Phrase, expected: Phrase): void {
  assert.deepEqual(valuesOf(actual), valuesOf(expected), `${plainText(actual)}\n${plainText(expected)}`);
}

function valuesOf(phrase: Phrase): readonly string[] {
  return phrase
    .filter(({ kind }) => kind !== 'text')
    .map((run) => plainText([run]))
    .sort();
}

/** With a gap for each value. */
function wordsOf(phrase: Phrase): string {
  const text = (run: Run) => (run.kind === 'text' ? run.text : '…');
  return phrase.map(text).join('');
}
