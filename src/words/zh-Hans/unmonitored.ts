import type { UnmonitoredMessage } from '../../model/record/messages/status-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { withStop } from './full-stop.ts';
import { recoveryDoubt } from './outcome-reasons.ts';
import { dotted } from './spacing.ts';
import { duration } from './time.ts';

/** A watched host that can't be checked, or can be again. */
function unmonitoredHeadline({ host, seenAgainAt }: UnmonitoredMessage): string {
  return seenAgainAt === null ? `${host}：无法检查 Registry` : `${host}：已可再次检查 Registry`;
}

/** The same over the message in the channel. */
export function unmonitoredTitle(message: UnmonitoredMessage): Phrase {
  return dotted([[bold(unmonitoredHeadline(message))], say`${message.incidentId}`]);
}

/** Since when, and what that means; at its end, when that was and after how long. */
export function unmonitoredSince({ since, lastSeenAt, seenAgainAt }: UnmonitoredMessage): Phrase {
  if (seenAgainAt !== null) {
    const afterMs = Date.parse(seenAgainAt) - Date.parse(since);
    return say`${timeOfDay(seenAgainAt)} 检查成功，距首次检查失败 ${duration(afterMs)}。如果 Registry 异常，会另行创建故障。`;
  }
  const last = lastSeenAt === null ? say`机器人启动后尚未检查成功` : say`最近一次检查成功：${timeOfDay(lastSeenAt)}`;
  return say`${last}，首次失败：${timeOfDay(since)}。Registry 是否正常：未知。`;
}

/** Why it can't be checked. Null: that is over, or not known. */
export function unmonitoredCause({ why, seenAgainAt }: UnmonitoredMessage): Phrase | null {
  if (why === null || seenAgainAt !== null) return null;
  return say`${bold('原因：')}${withStop(recoveryDoubt(why))}`;
}

/** What to do about it. Null: nothing any more. */
export function unmonitoredAdvice({ seenAgainAt }: UnmonitoredMessage): Phrase | null {
  if (seenAgainAt !== null) return null;
  return say`${bold('下一步：')}在机器人所在的机器上运行 ${{ kind: 'code', text: 'registry-doctor check' }}，查看哪项检查失败。我会继续尝试，可以检查后在这里说明。`;
}

/** The whole message as a sentence, for notifications and screen readers. */
export function unmonitoredSentence(message: UnmonitoredMessage): Phrase {
  return say`${unmonitoredHeadline(message)}（${message.incidentId}）。${unmonitoredSince(message)}`;
}
