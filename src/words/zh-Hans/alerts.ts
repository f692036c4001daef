import type { ToldAlert } from '../../model/record/alert.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { AlertNotice } from '../../model/record/messages/notices.ts';
import type { AlertLine } from '../../model/record/messages/thread-message.ts';
import { grouped, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';

/** What an alert says in its sender's words, and where more is. */
export function alertQuote({ summary, link }: Pick<ToldAlert, 'summary' | 'link'>): Phrase {
  return link === null ? say`“${summary}”` : say`“${summary}” ${code(link)}`;
}

/** Over the alerts that joined an incident. */
export function alertsTitle(host: HostName): Phrase {
  return say`${bold(`${host} 的告警`)}`;
}

export const ALERT_STATUS: Record<AlertLine['status'], string> = { firing: '已触发', resolved: '已解除' };

/** One alert, as it is now. */
export function alertLine({ status, source, at, ...alert }: AlertLine): Phrase {
  return say`${bold(ALERT_STATUS[status])}（${timeOfDay(at)}，来自 ${code(source)}）：${alertQuote(alert)}`;
}

/** After the alerts that are shown. */
export function moreAlerts(more: number): Phrase {
  return say`另有 ${grouped(more)} 条告警`;
}

/** The message of an incident's alerts, for notifications and screen readers. */
export function alertsSentence(host: HostName, alerts: readonly AlertLine[], more: number): Phrase {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  const others = more === 0 ? '' : `，另有 ${grouped(more)} 条`;
  return say`${host} 的告警：${firing} 条已触发，${alerts.length - firing} 条已解除${others}。`;
}

/** What happened, in one line: the first of a notice. */
export function noticeTitle(notice: AlertNotice): string {
  switch (notice.about) {
    case 'no-host':
      return '有一条告警与配置中的任何主机都不匹配';
    case 'more-without-host':
      return `今天另有 ${grouped(notice.count)} 条告警与配置中的任何主机都不匹配`;
    case 'left-out':
      return `同一组中有 ${grouped(notice.count)} 条告警未发给我`;
  }
}

/** Under it: the alert or its source, and what to do. */
export function noticeDetails(notice: AlertNotice): readonly Phrase[] {
  switch (notice.about) {
    case 'no-host':
      return [
        say`来自 ${code(notice.alert.source)}：${alertQuote(notice.alert)}`,
        ...labelsLine(notice.labels),
        say`未做诊断。请在配置文件中把它的标签加到 ${code('hosts.NAME.alerts.match')}。`,
      ];
    case 'more-without-host':
      return [say`来自 ${code(notice.source)}。未做诊断。请检查配置文件中的 ${code('hosts.NAME.alerts.match')}。`];
    case 'left-out':
      return [
        say`告警源 ${code(notice.source)} 未发送这些告警。请调高它的上限（Alertmanager 中为 ${code('max_alerts')}），或缩小分组。`,
      ];
  }
}

function labelsLine(labels: Readonly<Record<string, string>>): readonly Phrase[] {
  const all = Object.entries(labels).map(([name, value]): Phrase => [code(`${name}=${value}`)]);
  return all.length === 0 ? [] : [say`标签：${separated(all, '、')}`];
}
