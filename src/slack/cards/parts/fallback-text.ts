import type { EntryMark } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import type { Phrase } from '../../../words/phrase.ts';
import { clipMrkdwn } from '../../blocks/clip.ts';
import { mrkdwnText } from '../../blocks/rich-text.ts';

/** Slack's `chat.update` refuses a text of more than 4,000 characters. */
const MAX_SENTENCE = 1_500;
const MAX_MARKS = 1_500;

/** A message about audit entries: the last one, and earlier ones that no earlier message covered. */
type Marked = { readonly record: EntryMark; readonly earlier?: readonly EntryMark[] | undefined };

/**
 * The `text` of a message: its sentence and its record marks, so that it is a witness of the record even without its
 * blocks.
 */
export function fallbackText(sentence: Phrase, { earlier, record }: Marked, words: Words): string {
  const said = clipMrkdwn(sentence, MAX_SENTENCE, words);
  const marks = clipMrkdwn(words.record.entryMarks(earlier, record), MAX_MARKS, words);
  return mrkdwnText(words.record.sentenceWithMarks(said, marks));
}
