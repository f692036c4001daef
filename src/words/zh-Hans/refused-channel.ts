import type { ChannelRefusal, ChannelRefusedNotice } from '../../model/record/messages/notices.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';

/** Slack takes nothing in another channel. */
export function refusedTitle({ channel, why }: ChannelRefusedNotice): Phrase {
  return say`${bold('我无法发布到')} ${{ kind: 'channel', channel }}：${REASONS[why]}。`;
}

/** What waits for it, and since when. */
export function waitingLine({ waiting, since }: ChannelRefusedNotice): Phrase {
  return say`有 ${waiting} 条消息待发布，自 ${timeOfDay(since)} 起等待。没有消息丢失。`;
}

/** What to do. */
export function refusedAdvice(why: ChannelRefusal): Phrase {
  return say`${ADVICE[why]}我每分钟重试一次，并按顺序发布等待中的消息。`;
}

/** The channel takes messages again. */
export function takenTitle({ channel, since }: ChannelRefusedNotice, overAt: string): Phrase {
  return say`${bold('我可以重新发布到')} ${{ kind: 'channel', channel }}：Slack 从 ${timeOfDay(since)} 到 ${timeOfDay(overAt)} 一直拒绝发布。等待中的消息会按顺序发布。`;
}

/** The notification. */
export function refusedSentence(notice: ChannelRefusedNotice): Phrase {
  const { channel, why, waiting, overAt } = notice;
  return overAt === null
    ? say`我无法发布到 ${{ kind: 'channel', channel }}：${REASONS[why]}。有 ${waiting} 条消息等待发布。`
    : say`我可以重新发布到 ${{ kind: 'channel', channel }}。`;
}

const REASONS: Readonly<Record<ChannelRefusal, string>> = {
  archived: '该频道已归档',
  'no-access': '我不在该频道中，或该频道已被删除',
  restricted: '该频道的设置不允许我发布',
};

const ADVICE: Readonly<Record<ChannelRefusal, Phrase>> = {
  archived: say`请取消归档该频道。`,
  'no-access': say`请在该频道输入 ${code('/invite @registry-doctor')}。`,
  restricted: say`请在该频道的发布权限设置中允许我发布。`,
};
