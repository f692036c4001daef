import type { ThreadMessage } from '../../model/record/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_LINE = 600;

/** An audit entry without a card of its own, on one line. */
export function recordCard(message: Extract<ThreadMessage, { kind: 'record' }>, words: Words): Card {
  const line = clipPhrase(words.record.recordLine(message), MAX_LINE, words);
  return { text: mrkdwnText(line), blocks: [richText(paragraph(line))] };
}
