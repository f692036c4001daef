import type { ThreadMessage } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import { clipPhrase } from '../../blocks/clip.ts';
import { paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';
import { fallbackText } from '../parts/fallback-text.ts';

const MAX_LINE = 2_000;
const MAX_MARKS = 600;

/** Calls people to a plan that waits: its post notifies them. */
export function callCard(message: Extract<ThreadMessage, { kind: 'call' }>, words: Words): Card {
  const call = words.planCall.planCall(message);
  const marks = words.record.entryMarks(message.earlier, message.record);
  return {
    text: fallbackText(call, message, words),
    blocks: [
      richText(
        paragraph(words.record.lineWithMarks(clipPhrase(call, MAX_LINE, words), clipPhrase(marks, MAX_MARKS, words))),
      ),
    ],
  };
}
