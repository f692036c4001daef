import type { MuteSource } from '../../model/quiet/mute.ts';
import type { MuteNotice, MuteSummary } from '../../model/record/messages/notices.ts';
import { dateAndTime, grouped, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { COMMAND } from './commands.ts';
import { actorName } from './people.ts';
import { between } from './spacing.ts';

type Line = MuteSummary['hosts'][number];

/** The beginning of a mute by a person, in one line. */
export function mutedTitle({ host, until }: MuteNotice): Phrase {
  return say`${bold(`${host} 已静音`)}，至 ${dateAndTime(until)}`;
}

/** Who muted the host, and why. */
export function mutedBy({ source }: MuteNotice): Phrase {
  return say`${muteSource(source)}${muteReason(source)}。期间我不主动发送有关它的消息，结束时汇总。`;
}

/** How it is ended. */
export function unmuteAdvice({ host }: MuteNotice): Phrase {
  return say`用 ${code(`${COMMAND} unmute ${host}`)} 可提前解除。`;
}

/** The notification. */
export function mutedSentence({ host, until }: MuteNotice): Phrase {
  return say`${host} 已静音至 ${dateAndTime(until)}。`;
}

/** The end of a mute, in one line. */
export function unmutedTitle({ hosts }: MuteSummary): Phrase {
  return say`${bold(`${whichHosts(hosts)}已解除静音`)}`;
}

/** What muted the hosts, and from when to when. */
export function muteOrigin({ source, since, endedAt }: MuteSummary): Phrase {
  return say`${muteSource(source)}，自 ${dateAndTime(since)} 至 ${dateAndTime(endedAt)}${muteReason(source)}。`;
}

/** Who or what mutes a host, as the start of a line. */
export function muteSource(source: MuteSource): Phrase {
  switch (source.kind) {
    case 'person':
      return say`由${between(actorName(source.by))}静音`;
    case 'window':
      return say`维护窗口 ${code(source.every)}（${source.zone}）`;
    case 'silence':
      return say`${code(source.source)} 的静默规则 ${code(source.id)}`;
  }
}

/** The reason that the person gave, after a colon. */
export function muteReason(source: MuteSource): Phrase {
  return source.kind === 'person' && source.reason !== null ? say`：“${visibleText(source.reason)}”` : [];
}

/** What happened to one host meanwhile, and whether it still does. */
export function mutedHost(line: Line): Phrase {
  const sentences = [...faultSentences(line), ...notCheckedSentence(line)];
  return say`${code(line.host)}：${sentences.length === 0 ? say`未发现异常。` : separated(sentences, '')}`;
}

function faultSentences({ faults, alerts, firstAt, openIncident, isStillBroken }: Line): readonly Phrase[] {
  const open = openIncident === null ? [] : [say`故障 ${openIncident} 尚未关闭。`];
  if (firstAt === null) return open;
  const seen = [
    ...(faults === 0 ? [] : [`异常 ${grouped(faults)} 次`]),
    ...(alerts === 0 ? [] : [`告警 ${grouped(alerts)} 条`]),
  ].join('，');
  const end = isStillBroken ? say`尚未结束：如果持续，会创建故障。` : say`已结束。`;
  return [say`${seen}，首次于 ${timeOfDay(firstAt)}。`, ...(openIncident === null ? [end] : open)];
}

function notCheckedSentence({ notChecked }: Line): readonly Phrase[] {
  if (notChecked === null) return [];
  const from = timeOfDay(notChecked.since);
  return [notChecked.isOver ? say`曾有一段时间无法检查，首次于 ${from}。` : say`自 ${from} 起无法检查。`];
}

/** The notification. */
export function unmutedSentence({ hosts }: MuteSummary): Phrase {
  const broken = hosts.filter(({ isStillBroken }) => isStillBroken).length;
  const unseen = hosts.filter(({ notChecked }) => notChecked?.isOver === false).length;
  const still = say`${whichHosts(hosts)}已解除静音。仍然异常：${broken === 0 ? '无' : `${grouped(broken)} 台主机`}。`;
  return unseen === 0 ? still : say`${still}未能检查：${grouped(unseen)} 台主机。`;
}

function whichHosts(hosts: readonly Line[]): string {
  const [first] = hosts;
  return hosts.length === 1 && first !== undefined ? `${first.host} ` : `${grouped(hosts.length)} 台主机`;
}
