import type { FileMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { say } from '../../words/phrase.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import type { Card } from './parts/card.ts';

/** What stands for a file where messages are read as text: a file itself is no card. */
export function fileCard(message: FileMessage, words: Words): Card {
  const title =
    message.about === 'record' ? words.files.recordFileTitle(message) : words.files.pictureTitle(message.diagnosis);
  return { text: mrkdwnText(say`${title}`), blocks: [richText(paragraph(say`${title}`))] };
}
