import type { StatusMessage } from '../../model/record/thread-message.ts';
import { statusHeadline, statusOrigin, statusProgress, statusSentence } from '../../words/en/status.ts';
import { bold, say } from '../../words/phrase.ts';
import { clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_LINE = 1_000;
const MAX_TEXT = 2_000;

/** The incident's message in the channel. Only the name of somebody at a terminal can be long. */
export function statusCard(status: StatusMessage): Card {
  const headline = say`${bold(statusHeadline(status))} · incident ${status.incidentId}`;
  const lines = [headline, statusProgress(status), statusOrigin(status)].map((line) => clipPhrase(line, MAX_LINE));
  return {
    text: mrkdwnText(clipPhrase(statusSentence(status), MAX_TEXT)),
    blocks: [richText(...lines.map(paragraph))],
  };
}
