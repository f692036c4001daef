import type { MuteNotice, MuteSummary } from '../../../model/record/messages/notices.ts';
import type { Words } from '../../../words/index.ts';
import { say } from '../../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

const MAX_LINE = 400;
const MAX_HOSTS = 30;
const MAX_TEXT = 2_000;

/** That someone muted a host. */
export function muteNoticeCard(notice: MuteNotice, words: Words): Card {
  const { mutes } = words;
  const lines = [mutes.mutedTitle(notice), mutes.mutedBy(notice), mutes.unmuteAdvice(notice)];
  return {
    text: mrkdwnText(mutes.mutedSentence(notice)),
    blocks: [richText(...lines.map((line) => paragraph(clipPhrase(line, MAX_LINE, words))))],
  };
}

/** What happened to hosts while they were muted. */
export function muteCard(summary: MuteSummary, words: Words): Card {
  const { mutes } = words;
  const lines = [
    mutes.unmutedTitle(summary),
    mutes.muteOrigin(summary),
    ...summary.hosts.slice(0, MAX_HOSTS).map(mutes.mutedHost),
  ];
  const hidden = summary.hosts.length - MAX_HOSTS;
  if (hidden > 0) lines.push(say`${words.leftOut.linesLeftOut(hidden)}`);
  return {
    text: mrkdwnText(clipMrkdwn(mutes.unmutedSentence(summary), MAX_TEXT, words)),
    blocks: [richText(...lines.map((line) => paragraph(clipPhrase(line, MAX_LINE, words))))],
  };
}
