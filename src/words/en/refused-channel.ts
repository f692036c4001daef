import type { ChannelRefusal, ChannelRefusedNotice } from '../../model/record/messages/notices.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { count } from './time.ts';

/** Slack takes nothing in another channel. */
export function refusedTitle({ channel, why }: ChannelRefusedNotice): Phrase {
  return say`${bold('I can’t post in')} ${{ kind: 'channel', channel }}: ${REASONS[why]}.`;
}

/** What waits for it, and since when. */
export function waitingLine({ waiting, since }: ChannelRefusedNotice): Phrase {
  return say`${count(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'} for it, the first since ${timeOfDay(since)}. Nothing is lost.`;
}

/** What to do. */
export function refusedAdvice(why: ChannelRefusal): Phrase {
  return say`${ADVICE[why]} I try again every minute, and post what waits in order.`;
}

/** The channel takes messages again. */
export function takenTitle({ channel, since }: ChannelRefusedNotice, overAt: string): Phrase {
  return say`${bold('I can post again in')} ${{ kind: 'channel', channel }}: Slack refused it from ${timeOfDay(since)} to ${timeOfDay(overAt)}. What waited follows in order.`;
}

/** The notification. */
export function refusedSentence(notice: ChannelRefusedNotice): Phrase {
  const { channel, why, waiting, overAt } = notice;
  return overAt === null
    ? say`I can’t post in ${{ kind: 'channel', channel }}: ${REASONS[why]}. ${count(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'}.`
    : say`I can post again in ${{ kind: 'channel', channel }}.`;
}

const REASONS: Readonly<Record<ChannelRefusal, string>> = {
  archived: 'the channel is archived',
  'no-access': 'I’m not in the channel, or it was deleted',
  restricted: 'its settings don’t let me post',
};

const ADVICE: Readonly<Record<ChannelRefusal, Phrase>> = {
  archived: say`Unarchive the channel.`,
  'no-access': say`Type ${code('/invite @registry-doctor')} in that channel.`,
  restricted: say`Let me post in its settings, under posting permissions.`,
};
