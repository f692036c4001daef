import type { ThreadMessage } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import { clipPhrase } from '../../blocks/clip.ts';
import { paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';
import { fallbackText } from '../parts/fallback-text.ts';

const MAX_LINE = 2_000;
const MAX_MARKS = 600;

/** The fault of an incident is back. Its post notifies who is on call. */
export function reopenedCard(message: Extract<ThreadMessage, { kind: 'reopened' }>, words: Words): Card {
  const line = words.status.reopenedLine(message);
  const marks = words.record.entryMarks(message.earlier, message.record);
  const shown = words.record.lineWithMarks(clipPhrase(line, MAX_LINE, words), clipPhrase(marks, MAX_MARKS, words));
  return { text: fallbackText(line, message, words), blocks: [richText(paragraph(shown))] };
}
