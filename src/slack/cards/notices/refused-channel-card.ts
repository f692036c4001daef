import type { ChannelRefusedNotice } from '../../../model/record/messages/notices.ts';
import type { Words } from '../../../words/index.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

/** That Slack takes nothing in another channel, what waits for it, and what to do; or that it takes messages again. */
export function refusedChannelCard(notice: ChannelRefusedNotice, words: Words): Card {
  const { refusedChannel } = words;
  const lines =
    notice.overAt === null
      ? [
          refusedChannel.refusedTitle(notice),
          refusedChannel.waitingLine(notice),
          refusedChannel.refusedAdvice(notice.why),
        ]
      : [refusedChannel.takenTitle(notice, notice.overAt)];
  return {
    text: mrkdwnText(refusedChannel.refusedSentence(notice)),
    blocks: [richText(...lines.map(paragraph))],
  };
}
