import type { ToldAlert } from '../../model/record/alert.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { AlertNotice } from '../../model/record/messages/notices.ts';
import type { AlertLine } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { count } from './time.ts';

/** What an alert says in its sender's words, and where more is. */
export function alertQuote({ summary, link }: Pick<ToldAlert, 'summary' | 'link'>): Phrase {
  return link === null ? say`“${summary}”` : say`“${summary}” ${code(link)}`;
}

/** Over the alerts that joined an incident. */
export function alertsTitle(host: HostName): Phrase {
  return say`${bold(`Alerts about ${host}`)}`;
}

export const ALERT_STATUS: Record<AlertLine['status'], string> = { firing: 'Firing', resolved: 'Resolved' };

/** One alert, as it is now. */
export function alertLine({ status, source, at, ...alert }: AlertLine): Phrase {
  return say`${bold(ALERT_STATUS[status])} at ${timeOfDay(at)}, from ${code(source)}: ${alertQuote(alert)}`;
}

/** After the alerts that are shown. */
export function moreAlerts(more: number): Phrase {
  return say`and ${count(more, 'more alert')}`;
}

/** The message of an incident's alerts, for notifications and screen readers. */
export function alertsSentence(host: HostName, alerts: readonly AlertLine[], more: number): Phrase {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  return say`Alerts about ${host}: ${firing} firing, ${alerts.length - firing} resolved${more === 0 ? '' : `, ${count(more, 'more alert')}`}.`;
}

/** What happened, in one line: the first of a notice. */
export function noticeTitle(notice: AlertNotice): string {
  switch (notice.about) {
    case 'no-host':
      return 'An alert matches no host in the config';
    case 'more-without-host':
      return `${count(notice.count, 'more alert')} today ${notice.count === 1 ? 'matches' : 'match'} no host in the config`;
    case 'left-out':
      return `${count(notice.count, 'alert')} of a group ${notice.count === 1 ? 'was' : 'were'} not sent to me`;
  }
}

/** Under it: the alert or its source, and what to do. */
export function noticeDetails(notice: AlertNotice): readonly Phrase[] {
  switch (notice.about) {
    case 'no-host':
      return [
        say`From ${code(notice.alert.source)}: ${alertQuote(notice.alert)}`,
        ...labelsLine(notice.labels),
        say`Nothing was diagnosed. Add its labels to ${code('hosts.NAME.alerts.match')} in the config file.`,
      ];
    case 'more-without-host':
      return [
        say`From ${code(notice.source)}. Nothing was diagnosed. Check ${code('hosts.NAME.alerts.match')} in the config file.`,
      ];
    case 'left-out':
      return [
        say`The alert source ${code(notice.source)} left them out. Increase its limit, ${code('max_alerts')} in Alertmanager, or use smaller groups.`,
      ];
  }
}

function labelsLine(labels: Readonly<Record<string, string>>): readonly Phrase[] {
  const all = Object.entries(labels).map(([name, value]): Phrase => [code(`${name}=${value}`)]);
  return all.length === 0 ? [] : [say`Labels: ${separated(all, ', ')}`];
}
