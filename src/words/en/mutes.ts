import type { MuteSource } from '../../model/quiet/mute.ts';
import type { MuteNotice, MuteSummary } from '../../model/record/messages/notices.ts';
import { dateAndTime, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { COMMAND } from './commands.ts';
import { actorName } from './people.ts';
import { count } from './time.ts';

type Line = MuteSummary['hosts'][number];

/** The beginning of a mute by a person, in one line. */
export function mutedTitle({ host, until }: MuteNotice): Phrase {
  return say`${bold(`${host} is muted`)} until ${dateAndTime(until)}`;
}

/** Who muted the host, and why. */
export function mutedBy({ source }: MuteNotice): Phrase {
  return say`${muteSource(source)}${muteReason(source)}. I post nothing of it on my own and sum up at the end.`;
}

/** How it is ended. */
export function unmuteAdvice({ host }: MuteNotice): Phrase {
  return say`${code(`${COMMAND} unmute ${host}`)} ends it.`;
}

/** The notification. */
export function mutedSentence({ host, until }: MuteNotice): Phrase {
  return say`${host} is muted until ${dateAndTime(until)}.`;
}

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
export function mutedHost(line: Line): Phrase {
  const sentences = [...faultSentences(line), ...notCheckedSentence(line)];
  return say`${code(line.host)}: ${sentences.length === 0 ? say`I noticed nothing.` : separated(sentences, ' ')}`;
}

function faultSentences({ faults, alerts, firstAt, openIncident, isStillBroken }: Line): readonly Phrase[] {
  const open = openIncident === null ? [] : [say`Incident ${openIncident} is open.`];
  if (firstAt === null) return open;
  const seen = [
    ...(faults === 0 ? [] : [`unhealthy ${count(faults, 'time')}`]),
    ...(alerts === 0 ? [] : [count(alerts, 'alert')]),
  ].join(', ');
  const end = isStillBroken ? say`Not over: if it lasts, an incident follows.` : say`Over.`;
  return [say`${seen}, first at ${timeOfDay(firstAt)}.`, ...(openIncident === null ? [end] : open)];
}

function notCheckedSentence({ notChecked }: Line): readonly Phrase[] {
  if (notChecked === null) return [];
  const from = timeOfDay(notChecked.since);
  return [
    notChecked.isOver
      ? say`I couldn’t check it for some time, first at ${from}.`
      : say`I have not been able to check it since ${from}.`,
  ];
}

/** The notification. */
export function unmutedSentence({ hosts }: MuteSummary): Phrase {
  const [first] = hosts;
  const who = hosts.length === 1 && first !== undefined ? `${first.host} is` : `${hosts.length} hosts are`;
  const broken = hosts.filter(({ isStillBroken }) => isStillBroken).length;
  const unseen = hosts.filter(({ notChecked }) => notChecked?.isOver === false).length;
  const still = say`${who} no longer muted. Still broken: ${broken === 0 ? 'none' : count(broken, 'host')}.`;
  return unseen === 0 ? still : say`${still} Not checked: ${count(unseen, 'host')}.`;
}
