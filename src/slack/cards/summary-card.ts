import type { SummaryMessage } from '../../model/record/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { clipMrkdwn, clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_LINE = 2_000;

/** The message about many hosts at once: which ones, and where their plans are. */
export function summaryCard(message: SummaryMessage, words: Words): Card {
  const title = words.summary.summaryTitle(message);
  const lines = [title, words.summary.summaryHosts(message), words.summary.summaryAdvice()];
  return {
    text: mrkdwnText(clipMrkdwn(words.summary.summarySentence(message), MAX_LINE, words)),
    blocks: [richText(...lines.map((line) => paragraph(clipPhrase(line, MAX_LINE, words))))],
  };
}
