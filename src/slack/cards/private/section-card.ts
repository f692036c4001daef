import type { types } from '@slack/bolt';
import type { FleetSection } from '../../../words/fleet-section.ts';
import type { Words } from '../../../words/index.ts';
import { bold, type Phrase, say, separated } from '../../../words/phrase.ts';
import { type Bullet, bulletLists, fittingBullets } from '../../blocks/bullets.ts';
import { clipMrkdwn } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_TEXT = 3_000;
/** Below what Slack takes in all blocks of a message. */
const ROOM = { lines: 60, characters: 9_000 };

type Room = Parameters<typeof fittingBullets>[1];

/** A private answer that is a titled list. */
export function sectionCard(section: FleetSection, words: Words): Card {
  const sentence = separated([say`${section.title}:`, separated(linesOf(section), '; ')], ' ');
  return {
    text: mrkdwnText(clipMrkdwn(sentence, MAX_TEXT, words)),
    blocks: [richText(paragraph([bold(section.title)]), ...sectionLists(section, words))],
  };
}

/** The lines of the list, as many as there is room for, or what is said in place of none. */
export function sectionLists(
  section: FleetSection,
  words: Words,
  room: Room = ROOM,
): readonly (types.RichTextList | types.RichTextSection)[] {
  if (section.lines.length === 0) return [paragraph(say`${section.empty}`)];
  const { shown, hidden } = fittingBullets(bulletsOf(section), room);
  const more = hidden === 0 ? [] : [paragraph(say`${words.leftOut.linesLeftOut(hidden)}`)];
  return [...bulletLists(shown), ...more];
}

function bulletsOf({ lines }: FleetSection): readonly Bullet[] {
  return lines.flatMap(({ head, items }) => [
    { phrase: head, isInner: false },
    ...items.map((phrase) => ({ phrase, isInner: true })),
  ]);
}

function linesOf(section: FleetSection): readonly Phrase[] {
  return section.lines.length === 0 ? [say`${section.empty}`] : bulletsOf(section).map(({ phrase }) => phrase);
}
