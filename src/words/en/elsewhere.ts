import type { ElsewhereNotice } from '../../model/record/messages/notices.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { COMMAND } from './commands.ts';
import { actorName } from './people.ts';

/** A fault of a host whose incident is in another channel: who noticed it, and when. */
export function elsewhereTitle({ host, noticedBy, at }: ElsewhereNotice): Phrase {
  return say`${bold(`${host}:`)} ${actorName(noticedBy)} noticed a fault at ${timeOfDay(at)}.`;
}

/** Where its incident is. */
export function elsewherePlace({ incidentId, channel }: ElsewhereNotice): Phrase {
  return say`Its incident ${incidentId} is open in ${{ kind: 'channel', channel }}. I didn’t open another.`;
}

/** What to do if this channel needs it. */
export function hereAdvice({ host, channel }: ElsewhereNotice): Phrase {
  return say`Run ${code(`${COMMAND} diagnose ${host}`)} here to open an incident in this channel. That replaces a plan that waits in ${{ kind: 'channel', channel }}.`;
}

/** The notification. */
export function elsewhereSentence({ host, noticedBy, incidentId, channel }: ElsewhereNotice): Phrase {
  return say`${host}: ${actorName(noticedBy)} noticed a fault. Its incident ${incidentId} is open in ${{ kind: 'channel', channel }}.`;
}
