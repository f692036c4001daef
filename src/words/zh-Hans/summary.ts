import type { GroupCause } from '../../model/quiet/group.ts';
import type { SummaryLine, SummaryMessage } from '../../model/record/messages/thread-message.ts';
import { grouped, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { listOf } from './list.ts';
import { dotted } from './spacing.ts';

/** Many incidents at once: how many, as a number of hosts, and since when. */
export function summaryTitle(summary: SummaryMessage): Phrase {
  return dotted([[bold(`${countHosts(summary)} 台主机出现新故障`)], say`始于 ${timeOfDay(summary.openedAt)}`]);
}

/** What the hosts have in common. Null: not known. */
export function summaryCause({ cause }: SummaryMessage): Phrase | null {
  return cause === null ? null : say`${bold('很可能的原因：')}${causeInCommon(cause)}`;
}

function causeInCommon(cause: GroupCause): Phrase {
  switch (cause.kind) {
    case 'share':
      return say`存储位于同一个共享目录 ${code(cause.source)}`;
    case 'server':
      return say`存储位于同一台文件服务器 ${code(cause.server)}`;
    case 'boot':
      return say`从 ${timeOfDay(cause.at)} 起，在一分钟内先后启动`;
  }
}

/** One host: how it is, and how far its plan is. */
export function summaryHost({ id, host, state, plan }: SummaryLine): Phrase {
  const progress = plan === null ? [] : say`，方案 ${plan.id} ${PLANS[plan.state]}`;
  return dotted([say`${code(host)}：${STATES[state]}${progress}`, say`故障 ${id}`]);
}

const STATES: Record<SummaryLine['state'], string> = {
  diagnosing: '正在诊断',
  broken: '异常',
  healthy: '正常',
  unclear: '未知，见其诊断结果',
};

const PLANS: Record<NonNullable<SummaryLine['plan']>['state'], string> = {
  proposed: '已就绪',
  approved: '已批准',
  executing: '执行中',
  applied: '已应用',
  undone: '已自动回滚',
  failed: '已失败',
  stale: '已失效',
  rejected: '已驳回',
  withdrawn: '已撤回',
  expired: '已过期',
  superseded: '已被取代',
};

/** After the hosts that are shown. */
export function moreIncidents(more: number): Phrase {
  return say`另有 ${grouped(more)} 个故障`;
}

/** Where to look, and where to click. */
export function summaryAdvice({ cause }: SummaryMessage): Phrase {
  const first = cause === null ? '请先查找共同的原因：共享存储、网络或电源。' : '请先检查这个原因。';
  return say`${first}方案在本消息列中；最先出现故障的主机有各自的消息列。`;
}

/** The notification. */
export function summarySentence(summary: SummaryMessage): Phrase {
  const more = summary.more === 0 ? [] : [say`另外 ${grouped(summary.more)} 台`];
  const hosts = listOf([...hostsOf(summary).map((host): Phrase => [code(host)]), ...more]);
  return say`${countHosts(summary)} 台主机出现新故障：${hosts}。`;
}

function countHosts(summary: SummaryMessage): string {
  return grouped(hostsOf(summary).length + summary.more);
}

function hostsOf({ incidents }: SummaryMessage): readonly string[] {
  return [...new Set(incidents.map(({ host }) => host))];
}
