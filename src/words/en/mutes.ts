import type { MuteSource } from '../../model/record/mute.ts';
import type { MuteSummary } from '../../model/record/thread-message.ts';
import { dateAndTime, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { actorName } from './people.ts';
import { count } from './time.ts';

type Line = MuteSummary['hosts'][number];

/** The end of a mute, in one line. */
export function unmutedTitle({ hosts }: MuteSummary): Phrase {
  const [first] = hosts;
  if (hosts.length === 1 && first !== undefined) return say`${bold(`${first.host} is no longer muted`)}`;
  return say`${bold(`${hosts.length} hosts are no longer muted`)}`;
}

/** What muted the hosts, and from when to when. */
export function muteOrigin({ source, since, endedAt }: MuteSummary): Phrase {
  return say`${muteSource(source)}, from ${dateAndTime(since)} to ${dateAndTime(endedAt)}${muteReason(source)}.`;
}

/** Who or what mutes a host, as the start of a line. */
export function muteSource(source: MuteSource): Phrase {
  switch (source.kind) {
    case 'person':
      return say`Muted by ${actorName(source.by)}`;
    case 'window':
      return say`Maintenance window ${code(source.every)} (${source.zone})`;
    case 'silence':
      return say`Silence ${code(source.id)} of ${code(source.source)}`;
  }
}

/** The reason that the person gave, after a colon. */
export function muteReason(source: MuteSource): Phrase {
  return source.kind === 'person' && source.reason !== null ? say`: “${visibleText(source.reason)}”` : [];
}

/** What happened to one host meanwhile, and whether it still does. */
export function mutedHost({ host, faults, alerts, firstAt, isStillBroken }: Line): Phrase {
  if (firstAt === null) return say`${code(host)}: nothing happened.`;
  const seen = [
    ...(faults === 0 ? [] : [`unhealthy ${count(faults, 'time')}`]),
    ...(alerts === 0 ? [] : [count(alerts, 'alert')]),
  ].join(', ');
  const now = isStillBroken ? 'Not over: if it lasts, an incident follows.' : 'Over.';
  return say`${code(host)}: ${seen}, first at ${timeOfDay(firstAt)}. ${now}`;
}

/** The notification. */
export function unmutedSentence({ hosts }: MuteSummary): Phrase {
  const [first] = hosts;
  const who = hosts.length === 1 && first !== undefined ? `${first.host} is` : `${hosts.length} hosts are`;
  const broken = hosts.filter(({ isStillBroken }) => isStillBroken).length;
  return say`${who} no longer muted. Still broken: ${broken === 0 ? 'none' : count(broken, 'host')}.`;
}
