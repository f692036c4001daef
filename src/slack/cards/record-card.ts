import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import type { Phrase } from '../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './parts/card.ts';

const MAX_LINE = 600;
const MAX_MARKS = 600;

type RecordLine = Extract<ThreadMessage, { kind: 'record' }>;

/** An audit entry without a card of its own, on one line. */
export function recordCard(message: RecordLine, words: Words): Card {
  return recordLinesCard([message], words);
}

/** Several entries in one post, each on a line with its own marks. However long a reason is, its line ends with the marks. */
export function recordLinesCard(messages: readonly RecordLine[], words: Words): Card {
  return {
    text: messages.map((message) => mrkdwnText(marked(message, clipMrkdwn, words))).join('\n'),
    blocks: [richText(...messages.map((message) => paragraph(marked(message, clipPhrase, words))))],
  };
}

function marked(message: RecordLine, clip: typeof clipPhrase, words: Words): Phrase {
  const line = words.record.recordLine(message);
  const marks = words.record.entryMarks(message.earlier, message.entry);
  return words.record.lineWithMarks(clip(line, MAX_LINE, words), clip(marks, MAX_MARKS, words));
}
