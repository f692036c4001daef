import type { types } from '@slack/bolt';
import { type Phrase, plainText } from '../../words/phrase.ts';
import { paragraph } from './rich-text.ts';

/** One line of a list; an inner one belongs to the line above it. */
export type Bullet = { readonly phrase: Phrase; readonly isInner: boolean };

/** The lines as lists, of which Slack takes one depth each. */
export function bulletLists(bullets: readonly Bullet[]): types.RichTextList[] {
  const lists: types.RichTextList[] = [];
  for (const { phrase, isInner } of bullets) {
    const indent = isInner ? 1 : 0;
    const last = lists.at(-1);
    if (last?.indent === indent) last.elements.push(paragraph(phrase));
    else lists.push({ type: 'rich_text_list', style: 'bullet', indent, elements: [paragraph(phrase)] });
  }
  return lists;
}

/** As many lines from the start as fit, and how many do not. */
export function fittingBullets(
  bullets: readonly Bullet[],
  room: { readonly lines: number; readonly characters: number },
): { readonly shown: readonly Bullet[]; readonly hidden: number } {
  let characters = 0;
  const end = bullets.findIndex(({ phrase }, index) => {
    characters += plainText(phrase).length;
    return index >= room.lines || characters > room.characters;
  });
  const shown = end === -1 ? bullets : bullets.slice(0, end);
  return { shown, hidden: bullets.length - shown.length };
}
