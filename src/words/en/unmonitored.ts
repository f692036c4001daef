import type { UnmonitoredMessage } from '../../model/record/messages/status-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { recoveryDoubt } from './outcome-reasons.ts';
import { duration } from './time.ts';

/** A watched host that can't be checked, or can be again. */
function unmonitoredHeadline({ host, seenAgainAt }: UnmonitoredMessage): string {
  return seenAgainAt === null ? `${host}: I can’t check the registry` : `${host}: I can check the registry again`;
}

/** The same over the message in the channel. */
export function unmonitoredTitle(message: UnmonitoredMessage): Phrase {
  return say`${bold(unmonitoredHeadline(message))} · ${message.incidentId}`;
}

/** Since when, and what that means; at its end, when that was and after how long. */
export function unmonitoredSince({ since, lastSeenAt, seenAgainAt }: UnmonitoredMessage): Phrase {
  if (seenAgainAt !== null) {
    const afterMs = Date.parse(seenAgainAt) - Date.parse(since);
    return say`First check at ${timeOfDay(seenAgainAt)}, ${duration(afterMs)} after the first failed one. If the registry is unhealthy, an incident of its own follows.`;
  }
  const last = lastSeenAt === null ? say`No check since the bot started` : say`Last check at ${timeOfDay(lastSeenAt)}`;
  return say`${last}, first failed one at ${timeOfDay(since)}. Unknown: whether the registry works.`;
}

/** Why it can't be checked. Null: that is over, or not known. */
export function unmonitoredCause({ why, seenAgainAt }: UnmonitoredMessage): Phrase | null {
  if (why === null || seenAgainAt !== null) return null;
  const reason = recoveryDoubt(why);
  return say`${bold('Why:')} ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`;
}

/** What to do about it. Null: nothing any more. */
export function unmonitoredAdvice({ seenAgainAt }: UnmonitoredMessage): Phrase | null {
  if (seenAgainAt !== null) return null;
  return say`${bold('Next:')} run ${{ kind: 'code', text: 'registry-doctor check' }} on the bot’s machine, which says what fails. I keep trying, and say here when I can check it again.`;
}

/** The whole message as a sentence, for notifications and screen readers. */
export function unmonitoredSentence(message: UnmonitoredMessage): Phrase {
  return say`${unmonitoredHeadline(message)} (${message.incidentId}). ${unmonitoredSince(message)}`;
}
