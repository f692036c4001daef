import type { Words } from '../../words/index.ts';
import type { Phrase, Run } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { escapeMrkdwn, visibleLines } from './visible-text.ts';

/*
 * Invisible characters are written out before anything is clipped, as a block does: one character of a hostile name
 * becomes up to sixteen.
 */

/** The start of a text of at most `max` characters, and the number of characters left out. */
export function clipEnd(text: string, max: number, words: Words): string {
  return clipVisible(visibleText(text), max, words);
}

/** Like {@link clipEnd}, for text of several lines. */
export function clipLines(text: string, max: number, words: Words): string {
  return clipVisible(visibleLines(text), max, words);
}

function clipVisible(visible: string, max: number, words: Words): string {
  if (visible.length <= max) return visible;
  return `${startOf(visible, max, asItIs)}… (${words.leftOut.charactersLeftOut(visible.length - max)})`;
}

/** A path of at most `max` characters: its start and its end, with `…` between. */
export function clipMiddle(text: string, max: number): string {
  const visible = visibleText(text);
  if (visible.length <= max) return visible;
  const half = Math.floor((max - 1) / 2);
  return `${startOf(visible, half, asItIs)}…${endOf(visible, half)}`;
}

/** The start of a phrase of at most `max` characters, and the number of characters left out. */
export function clipPhrase(phrase: Phrase, max: number, words: Words): Phrase {
  return clipWritten(phrase, max, words, asItIs);
}

/** Like {@link clipPhrase}, for a message's `text`, in which `&`, `<` and `>` take several characters. */
export function clipMrkdwn(phrase: Phrase, max: number, words: Words): Phrase {
  return clipWritten(phrase, max, words, escapeMrkdwn);
}

function clipWritten(phrase: Phrase, max: number, words: Words, written: (text: string) => string): Phrase {
  const visible = phrase.map((run) => (isText(run) ? { ...run, text: visibleText(run.text) } : run));
  const kept: Run[] = [];
  let room = max;
  for (const run of visible) {
    if (room <= 0) break;
    if (!isText(run)) {
      kept.push(run);
      continue;
    }
    const text = startOf(run.text, room, written);
    if (text !== '') kept.push({ ...run, text });
    room = text === run.text ? room - written(text).length : 0;
  }
  const missing = lengthOf(visible) - lengthOf(kept);
  return missing === 0 ? visible : [...kept, { kind: 'text', text: `… (${words.leftOut.charactersLeftOut(missing)})` }];
}

type TextRun = Extract<Run, { kind: 'text' | 'code' }>;

function isText(run: Run): run is TextRun {
  return run.kind === 'text' || run.kind === 'code';
}

function lengthOf(phrase: Phrase): number {
  return phrase.reduce((sum, run) => sum + (isText(run) ? run.text.length : 0), 0);
}

/**
 * The longest start of the text that takes at most `room` characters once it is written, without splitting a character.
 */
function startOf(text: string, room: number, written: (text: string) => string): string {
  let used = 0;
  let end = 0;
  for (const [unit] of text.matchAll(WHOLE)) {
    used += written(unit).length;
    if (used > room) break;
    end += unit.length;
  }
  return text.slice(0, end);
}

/** The longest end of the text of at most `room` characters, without splitting a character. */
function endOf(text: string, room: number): string {
  let start = text.length;
  for (const unit of (text.match(WHOLE) ?? []).toReversed()) {
    if (text.length - start + unit.length > room) break;
    start -= unit.length;
  }
  return text.slice(start);
}

/** An escape, or a character of one or two UTF-16 units. */
const WHOLE = /\\x[0-9a-f]{2}|./gsu;

function asItIs(text: string): string {
  return text;
}
