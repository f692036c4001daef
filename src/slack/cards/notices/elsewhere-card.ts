import type { ElsewhereNotice } from '../../../model/record/messages/notices.ts';
import type { Words } from '../../../words/index.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_LINE = 1_000;
const MAX_TEXT = 2_000;

/** That the incident of a broken host is in another channel, and who is on call: the post notifies them. */
export function elsewhereCard(notice: ElsewhereNotice, words: Words): Card {
  const { status, elsewhere } = words;
  const onCall = notice.onCall === undefined ? null : status.onCallLine(notice.onCall);
  const lines = [
    elsewhere.elsewhereTitle(notice),
    elsewhere.elsewherePlace(notice),
    onCall,
    elsewhere.hereAdvice(notice),
  ];
  const shown = lines.filter((line) => line !== null).map((line) => clipPhrase(line, MAX_LINE, words));
  return {
    text: mrkdwnText(clipMrkdwn(elsewhere.elsewhereSentence(notice), MAX_TEXT, words)),
    blocks: [richText(...shown.map(paragraph))],
  };
}
