import type { CheckpointNotice } from '../../../model/record/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import { code } from '../../../words/phrase.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

/** A checkpoint of the record: what it is, and the line itself, ready to copy. */
export function checkpointCard(notice: CheckpointNotice, { record }: Words): Card {
  const title = record.checkpointTitle(notice);
  const line = [code(notice.line)];
  return { text: `${mrkdwnText(title)} ${mrkdwnText(line)}`, blocks: [richText(paragraph(title), paragraph(line))] };
}
