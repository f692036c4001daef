import type { Run } from '../../../src/words/phrase.ts';
import { english } from './english.ts';

const KINDS: ReadonlySet<string> = new Set<Run['kind']>(['text', 'code', 'user', 'group', 'channel', 'time']);

const ACCENTED: Readonly<Record<string, string>> = Object.fromEntries(
  [...'áƀćđéƒǵĥíĵķĺḿńóṕɋŕśţúṽŵẋýź'].map((accented, index) => [String.fromCharCode(97 + index), accented]),
);

/**
 * English that shows where it comes from: each text of the catalogue in ［…］, with accents and 40 % longer. Text without
 * the brackets was not in the catalogue, and what is cut off would be cut off in a language of longer words.
 */
export const pseudo: typeof english = pseudoOf(english);

/** What is left of a text without the texts of the catalogue. A clipped one has no end. */
export function outsideCatalogue(text: string): string {
  let rest = text;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/［[^［］]*］/gu, '');
  }
  return rest.replace(/［.*$/su, '');
}

function pseudoOf<T>(value: T): T;
function pseudoOf(value: unknown): unknown {
  if (typeof value === 'string') return pseudoText(value);
  if (typeof value === 'function') return (...parts: unknown[]) => pseudoOf(Reflect.apply(value, undefined, parts));
  if (Array.isArray(value)) return value.map((one) => pseudoOf(one));
  if (typeof value !== 'object' || value === null) return value;
  if (isRun(value)) return value.kind === 'text' ? { ...value, text: pseudoText(value.text) } : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pseudoOf(inner)]));
}

function isRun(value: object): value is Run {
  return 'kind' in value && typeof value.kind === 'string' && KINDS.has(value.kind);
}

/** Text of only blanks stays: it is between two runs. */
function pseudoText(text: string): string {
  if (text.trim() === '') return text;
  const accented = text.replace(/[a-z]/g, (letter) => ACCENTED[letter] ?? letter);
  return `［${accented}${'~'.repeat(Math.ceil(text.length * 0.4))}］`;
}
