import type { types } from '@slack/bolt';
import type { Words } from '../../words/index.ts';
import { say } from '../../words/phrase.ts';
import { paragraph, richText } from './rich-text.ts';

/**
 * The most characters that one message holds. Slack refuses more than 13,200 (measured:
 * https://github.com/slackapi/bolt-js/issues/2509), and how it counts is not documented, so there is a margin.
 */
export const MESSAGE_BUDGET = 11_000;

/** A fold with fewer characters than this shows nothing worth opening. */
const MIN_ROOM = 200;
/** Characters kept free for the line that says how many folds are left out. */
const RESERVE = 60;

export type FoldedBlock = types.RichTextBlock | types.TableBlock;

/**
 * Foldable evidence that most readers don't need. Its title says the result. `blocks` returns blocks of at most `room`
 * characters.
 */
export type Fold = { readonly title: string; readonly blocks: (room: number) => readonly FoldedBlock[] };

/** The folds, first ones first, that fit into the message together with `shown`, its other blocks. */
export function foldsBeside(
  shown: readonly types.KnownBlock[],
  folds: readonly Fold[],
  words: Words,
): readonly types.KnownBlock[] {
  let room = MESSAGE_BUDGET - RESERVE - charactersIn(shown);
  const fitting: types.KnownBlock[] = [];
  for (const { title, blocks } of folds) {
    const inside = room - title.length;
    const block = inside < MIN_ROOM ? null : folded(title, blocks(inside));
    const used = charactersIn(block);
    if (block === null || used > room) continue;
    fitting.push(block);
    room -= used;
  }
  const missing = folds.length - fitting.length;
  return missing === 0 ? fitting : [...fitting, richText(paragraph(say`${words.leftOut.foldsLeftOut(missing)}`))];
}

function folded(title: string, blocks: readonly FoldedBlock[]): types.KnownBlock {
  return {
    type: 'container',
    title: { type: 'plain_text', text: title, emoji: false },
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [...blocks],
  };
}

/** The number of visible characters in a block. */
export function charactersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (typeof inner === 'string' ? (SEEN.has(key) ? inner.length : 0) : charactersIn(inner)),
    0,
  );
}

const SEEN: ReadonlySet<string> = new Set(['text', 'fallback']);
