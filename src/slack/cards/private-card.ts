import type { Words } from '../../words/index.ts';
import { type Phrase, separated } from '../../words/phrase.ts';
import { clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraphs, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_PARAGRAPH = 1_500;
const MAX_PARAGRAPHS = 6;

/** A private answer of a few paragraphs. */
export function privateCard(phrases: readonly Phrase[], words: Words): Card {
  const shown = phrases.slice(0, MAX_PARAGRAPHS).map((phrase) => clipPhrase(phrase, MAX_PARAGRAPH, words));
  return { text: mrkdwnText(separated(shown, ' ')), blocks: [richText(...paragraphs(shown))] };
}
