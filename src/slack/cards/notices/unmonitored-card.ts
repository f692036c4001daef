import type { UnmonitoredMessage } from '../../../model/record/messages/status-message.ts';
import type { Words } from '../../../words/index.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_LINE = 1_000;
const MAX_TEXT = 2_000;

/** The card of a monitored host that can’t be checked: since when, why and what to do. */
export function unmonitoredCard(message: UnmonitoredMessage, words: Words): Card {
  const { unmonitored } = words;
  const lines = [
    unmonitored.unmonitoredTitle(message),
    unmonitored.unmonitoredSince(message),
    unmonitored.unmonitoredCause(message),
    unmonitored.unmonitoredAdvice(message),
  ];
  const shown = lines.filter((line) => line !== null).map((line) => clipPhrase(line, MAX_LINE, words));
  return {
    text: mrkdwnText(clipMrkdwn(unmonitored.unmonitoredSentence(message), MAX_TEXT, words)),
    blocks: [richText(...shown.map(paragraph))],
  };
}
