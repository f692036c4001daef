import type { PrivateAnswer } from '../../../model/record/messages/private-answer.ts';
import type { Words } from '../../../words/index.ts';
import { type Phrase, separated } from '../../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraphs, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_PARAGRAPH_LENGTH = 1_500;
const MAX_PARAGRAPHS = 16;
/** Of the text for notifications and screen readers. */
const MAX_PLAIN_TEXT_LENGTH = 3_000;

/** An ephemeral reply, one paragraph per phrase; phrases after the sixteenth are dropped. */
export function privateCard(phrases: readonly Phrase[], words: Words): Card {
  const shown = phrases.slice(0, MAX_PARAGRAPHS).map((phrase) => clipPhrase(phrase, MAX_PARAGRAPH_LENGTH, words));
  return {
    text: mrkdwnText(clipMrkdwn(separated(shown, ' '), MAX_PLAIN_TEXT_LENGTH, words)),
    blocks: [richText(...paragraphs(shown))],
  };
}

/** A private answer as a card. */
export function answerCard(answer: PrivateAnswer, words: Words): Card {
  return privateCard(words.answers.privateAnswer(answer), words);
}
