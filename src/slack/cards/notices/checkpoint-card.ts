import type { CheckpointNotice } from '../../../model/record/messages/notices.ts';
import type { Words } from '../../../words/index.ts';
import { code } from '../../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

/** Several times what a checkpoint with its cosignatures has. */
const MAX_LINE = 2_000;

/** A checkpoint of the record: what it is, and the line itself, ready to copy. */
export function checkpointCard(notice: CheckpointNotice, words: Words): Card {
  const title = words.record.checkpointTitle(notice);
  const line = [code(notice.line)];
  return {
    text: `${mrkdwnText(title)} ${mrkdwnText(clipMrkdwn(line, MAX_LINE, words))}`,
    blocks: [richText(paragraph(title), paragraph(clipPhrase(line, MAX_LINE, words)))],
  };
}
