import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { recordLine } from '../../words/en/record.ts';
import { clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_LINE = 600;

/** An audit entry without a card of its own, on one line. */
export function recordCard(message: Extract<ThreadMessage, { kind: 'record' }>): Card {
  const line = clipPhrase(recordLine(message), MAX_LINE);
  return { text: mrkdwnText(line), blocks: [richText(paragraph(line))] };
}
