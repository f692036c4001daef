import type { AlertNotice } from '../../../model/record/messages/notices.ts';
import type { ThreadMessage } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import { bold, type Phrase, say } from '../../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_LINE = 400;
const MAX_TEXT = 2_000;

/** The card of an incident's alerts, one per line. */
export function alertsCard({ host, alerts, more }: Extract<ThreadMessage, { kind: 'alerts' }>, words: Words): Card {
  const lines = [
    words.alerts.alertsTitle(host),
    ...alerts.map(words.alerts.alertLine),
    ...(more === 0 ? [] : [words.alerts.moreAlerts(more)]),
  ];
  return card(words.alerts.alertsSentence(host, alerts, more), lines, words);
}

/** The card about alerts that belong to no incident. */
export function alertNoticeCard(notice: AlertNotice, words: Words): Card {
  const title = words.alerts.noticeTitle(notice);
  const details = words.alerts.noticeDetails(notice);
  return card(say`${title}`, [say`${bold(title)}`, ...details], words);
}

function card(sentence: Phrase, lines: readonly Phrase[], words: Words): Card {
  return {
    text: mrkdwnText(clipMrkdwn(sentence, MAX_TEXT, words)),
    blocks: [richText(...lines.map((line) => paragraph(clipPhrase(line, MAX_LINE, words))))],
  };
}
