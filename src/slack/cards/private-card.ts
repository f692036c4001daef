import type { Words } from '../../words/index.ts';
import { type Phrase, separated } from '../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraphs, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_PARAGRAPH = 1_500;
const MAX_PARAGRAPHS = 12;
const MAX_TEXT = 3_000;

/** A private answer of a few paragraphs. */
export function privateCard(phrases: readonly Phrase[], words: Words): Card {
  const shown = phrases.slice(0, MAX_PARAGRAPHS).map((phrase) => clipPhrase(phrase, MAX_PARAGRAPH, words));
  return {
    text: mrkdwnText(clipMrkdwn(separated(shown, ' '), MAX_TEXT, words)),
    blocks: [richText(...paragraphs(shown))],
  };
}
