import type { SummaryMessage } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_LINE = 400;
const MAX_TEXT = 2_000;

/** The message about many hosts at once: which ones, and where their plans are. */
export function summaryCard(message: SummaryMessage, words: Words): Card {
  const { summary } = words;
  const lines = [
    summary.summaryTitle(message),
    ...message.incidents.map(summary.summaryHost),
    ...(message.more === 0 ? [] : [summary.moreIncidents(message.more)]),
    summary.summaryCause(message),
    summary.summaryAdvice(message),
  ].filter((line) => line !== null);
  return {
    text: mrkdwnText(clipMrkdwn(summary.summarySentence(message), MAX_TEXT, words)),
    blocks: [richText(...lines.map((line) => paragraph(clipPhrase(line, MAX_LINE, words))))],
  };
}
