import type { Words } from '../../words/index.ts';
import type { Phrase } from '../../words/phrase.ts';

/** The start of a text, and in words how much is missing. At most `max` characters plus these words. */
export function clipEnd(text: string, max: number, words: Words): string {
  if (text.length <= max) return text;
  return `${sliceWhole(text, 0, max)}… (${words.leftOut.charactersLeftOut(text.length - max)})`;
}

/** A path keeps both its ends: where it starts and what it names. At most `max` characters. */
export function clipMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 1) / 2);
  return `${sliceWhole(text, 0, half)}…${sliceWhole(text, text.length - half, text.length)}`;
}

/** The start of a phrase, and in words how much is missing. */
export function clipPhrase(phrase: Phrase, max: number, words: Words): Phrase {
  let room = max;
  const kept = [];
  for (const run of phrase) {
    if (room <= 0) break;
    if (run.kind !== 'text' && run.kind !== 'code') {
      kept.push(run);
      continue;
    }
    kept.push({ ...run, text: sliceWhole(run.text, 0, room) });
    room -= run.text.length;
  }
  const missing = lengthOf(phrase) - lengthOf(kept);
  return missing === 0 ? phrase : [...kept, { kind: 'text', text: `… (${words.leftOut.charactersLeftOut(missing)})` }];
}

function lengthOf(phrase: Phrase): number {
  return phrase.reduce((sum, run) => sum + (run.kind === 'text' || run.kind === 'code' ? run.text.length : 0), 0);
}

/** A slice that splits no character (UTF-16 writes some as a pair). */
function sliceWhole(text: string, from: number, to: number): string {
  const start = isSecondOfPair(text, from) ? from + 1 : from;
  const end = isSecondOfPair(text, to) ? to - 1 : to;
  return text.slice(start, end);
}

function isSecondOfPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && /[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(at - 1, at + 1));
}
