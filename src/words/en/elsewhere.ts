import type { ElsewhereNotice } from '../../model/record/messages/thread-message.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { COMMAND } from './commands.ts';
import { actorName } from './people.ts';

/** A broken host whose incident is in another channel, in one line. */
export function elsewhereTitle({ host, incidentId }: ElsewhereNotice): Phrase {
  return say`${bold(`${host} is broken`)} · ${incidentId}`;
}

/** Who noticed it, and where its incident is. */
export function elsewherePlace({ noticedBy, incidentId, channel }: ElsewhereNotice): Phrase {
  return say`Noticed by ${actorName(noticedBy)}. Its incident ${incidentId} is open in ${{ kind: 'channel', channel }}, with the diagnosis and any plan, so I open no other.`;
}

/** What to do if this channel needs it. */
export function hereAdvice({ host }: ElsewhereNotice): Phrase {
  return say`${code(`${COMMAND} diagnose ${host}`)} here opens an incident in this channel; a plan that waits there is then replaced.`;
}

/** The notification. */
export function elsewhereSentence({ host, incidentId, channel }: ElsewhereNotice): Phrase {
  return say`${host} is broken: its incident ${incidentId} is open in ${{ kind: 'channel', channel }}.`;
}
