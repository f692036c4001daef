import type { StatusMessage } from '../../model/thread-message.ts';
import { statusHeadline, statusOrigin, statusProgress, statusSentence } from '../../words/en/status.ts';
import { bold, say } from '../../words/phrase.ts';
import type { Card } from './card.ts';
import { clipPhrase } from './clip.ts';
import { mrkdwnText, paragraph, richText } from './rich-text.ts';

const MAX_HEADLINE = 600;

/** The incident's message in the channel. Only the name of somebody at a terminal can be long. */
export function statusCard(status: StatusMessage): Card {
  const headline = clipPhrase(say`${bold(statusHeadline(status))} · ${statusOrigin(status)}`, MAX_HEADLINE);
  return {
    text: mrkdwnText(statusSentence(status)),
    blocks: [richText(paragraph(headline), paragraph(statusProgress(status)))],
  };
}
