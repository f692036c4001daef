import { listed, type Phrase } from '../phrase.ts';

/** British English has no comma before the last word, as we write. */
const ALL = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const ANY = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** `a`, `a and b`, `a, b and c`. */
export function allOf(phrases: readonly Phrase[]): Phrase {
  return listed(phrases, ALL);
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(phrases: readonly Phrase[]): Phrase {
  return listed(phrases, ANY);
}

/** {@link allOf} for bare words. */
export function allOfWords(words: Iterable<string>): string {
  return ALL.format(words);
}

/** {@link anyOf} for bare words. */
export function anyOfWords(words: Iterable<string>): string {
  return ANY.format(words);
}
