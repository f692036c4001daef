import type { ThreadMessage } from '../../model/record/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { clipMrkdwn, clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './card.ts';

const MAX_LINE = 600;
const MAX_MARKS = 600;

/** An audit entry without a card of its own, on one line. However long its reason is, the line ends with the marks. */
export function recordCard(message: Extract<ThreadMessage, { kind: 'record' }>, words: Words): Card {
  const line = words.record.recordLine(message);
  const marks = words.record.entryMarks(message.earlier, message.entry);
  const marked = (clip: typeof clipPhrase) =>
    words.record.lineWithMarks(clip(line, MAX_LINE, words), clip(marks, MAX_MARKS, words));
  return { text: mrkdwnText(marked(clipMrkdwn)), blocks: [richText(paragraph(marked(clipPhrase)))] };
}
