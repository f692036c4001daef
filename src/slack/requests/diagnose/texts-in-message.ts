import { typedText } from '../forms/typed-text.ts';

/** More than a message can show. */
const MAX_CHARACTERS = 40_000;
const MAX_DEPTH = 12;

/** The fields of a message, its blocks and its attachments that hold words. */
const WORDS: ReadonlySet<string> = new Set(['text', 'fallback', 'pretext', 'title', 'value', 'author_name', 'footer']);

/** All words that a message shows, as lines. The fields of an attachment become `title: value`, as they are read. */
export function textsInMessage(message: unknown): string {
  return typedText(textsIn(message, 0).join('\n').slice(0, MAX_CHARACTERS));
}

function textsIn(part: unknown, depth: number): readonly string[] {
  if (typeof part !== 'object' || part === null || depth > MAX_DEPTH) return [];
  const entries = Object.entries(part);
  const own = entries.flatMap(([key, value]) => (WORDS.has(key) && typeof value === 'string' ? [value] : []));
  return [...own, ...fieldIn(part), ...entries.flatMap(([, value]) => textsIn(value, depth + 1))];
}

function fieldIn(part: object): readonly string[] {
  if (!('title' in part && 'value' in part)) return [];
  const { title, value } = part;
  return typeof title === 'string' && typeof value === 'string' ? [`${title}: ${value}`] : [];
}
