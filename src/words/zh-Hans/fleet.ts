import type { Verdict } from '../../model/diagnosis/diagnosis.ts';
import type {
  FleetAnswer,
  HomePage,
  HostStatus,
  OpenIncident,
  PastIncident,
  WaitingPlan,
  WatchSeen,
} from '../../model/fleet/fleet.ts';
import type { PlanState, Risk } from '../../model/plan/plan.ts';
import type { IncidentState } from '../../model/record/incident.ts';
import { type FleetSection, flatSection } from '../fleet-section.ts';
import { dateAndTime, timeOfDay } from '../moment.ts';
import { bold, linked, type Phrase, say } from '../phrase.ts';
import { muteReason, muteSource } from './mutes.ts';
import { duration } from './time.ts';

/** The answer to a question about hosts. */
export function fleetAnswer(answer: FleetAnswer): FleetSection {
  switch (answer.kind) {
    case 'hosts':
      return flatSection('主机', NO_HOSTS, answer.hosts.map(watched));
    case 'status':
      return { title: '状态', empty: NO_HOSTS, lines: answer.hosts.map(statusOfHost) };
    case 'incidents':
      return flatSection('未结束的故障', NO_INCIDENTS, answer.incidents.map(openIncident));
    case 'history': {
      const title = answer.host === null ? '最近的故障' : `${answer.host} 最近的故障`;
      return flatSection(title, '没有故障记录。', answer.incidents.map(pastIncident));
    }
  }
}

/** The home tab, part by part. It names no time of a check, so that it changes only when something happens. */
export function homeSections({ plans, incidents, hosts }: HomePage): readonly FleetSection[] {
  return [
    flatSection('待你审批的方案', '没有待你审批的方案。', plans.map(waitingPlan)),
    flatSection('未结束的故障', NO_INCIDENTS, incidents.map(openIncident)),
    flatSection('主机', NO_HOSTS, hosts.map(watchedNow)),
  ];
}

const NO_HOSTS = '没有你可以在此查看的主机。';
const NO_INCIDENTS = '没有未结束的故障。';

function statusOfHost(status: HostStatus): FleetSection['lines'][number] {
  const { mutes, incidents, plans } = status;
  return {
    head: watched(status),
    items: [...mutes.map(muted), ...incidents.map(openIncident), ...plans.map(waitingPlan)],
  };
}

type Watched = Pick<HostStatus, 'host' | 'watch'>;

function watched({ host, watch }: Watched): Phrase {
  const at = 'at' in watch ? say`（${timeOfDay(watch.at)}）` : [];
  return say`${bold(host)}：${watchState(watch)}${at}${way(watch)}`;
}

function watchedNow({ host, watch, mutes }: Watched & Pick<HostStatus, 'mutes'>): Phrase {
  return say`${bold(host)}：${watchState(watch)}${way(watch)}${mutes.length === 0 ? '' : '，已静音'}`;
}

/** Why nothing is posted of the host, and until when. */
function muted({ source, until }: HostStatus['mutes'][number]): Phrase {
  const end = until === null ? [] : say`，至 ${dateAndTime(until)}`;
  return say`${muteSource(source)}${end}${muteReason(source)}`;
}

function watchState(watch: WatchSeen): Phrase {
  switch (watch.kind) {
    case 'not-watched':
      return say`未监控`;
    case 'not-checked':
      return say`已监控，尚未检查`;
    case 'blind':
      return say`自 ${dateAndTime(watch.since)} 起无法检查`;
    case 'healthy':
      return say`正常`;
    case 'unhealthy':
      return say`异常`;
  }
}

function way(watch: WatchSeen): string {
  return 'way' in watch ? `，${WAYS[watch.way]}` : '';
}

const WAYS: Record<Extract<WatchSeen, { way: unknown }>['way'], string> = {
  'from-bot': '通过 HTTP 检查',
  'from-host': '经由 SSH 通过 HTTP 检查',
  guard: '由 guard 检查',
};

function openIncident({ id, host, state, verdict, openedAt, url }: OpenIncident): Phrase {
  const found = verdict === null ? '' : `，${VERDICTS[verdict]}`;
  return say`${linked(`故障 ${id}`, url)}（${host}）：${STATES[state]}${found}，创建于 ${dateAndTime(openedAt)}`;
}

function waitingPlan({ id, host, risk, expiresAt, url }: WaitingPlan): Phrase {
  return say`${linked(`方案 ${id}`, url)}（${host}）：待审批，${RISKS[risk]}，${timeOfDay(expiresAt)} 前有效`;
}

function pastIncident({ id, host, state, verdict, plan, openedAt, closedAt, url }: PastIncident): Phrase {
  const found = verdict === null ? '没有诊断结论' : VERDICTS[verdict];
  const fix = plan === null ? '没有方案' : `方案 ${plan.id} ${OUTCOMES[plan.state]}`;
  const after = closedAt === null ? '' : `，历时 ${duration(Date.parse(closedAt) - Date.parse(openedAt))}`;
  return say`${linked(`故障 ${id}`, url)}（${host}），${dateAndTime(openedAt)}：${found}，${fix}，${STATES[state]}${after}`;
}

const VERDICTS: Record<Verdict, string> = {
  healthy: '诊断为正常',
  faulty: '诊断为异常',
  inconclusive: '诊断未得出结论',
};

const RISKS: Record<Risk, string> = { low: '权限风险：低', high: '权限风险：高' };

const STATES: Record<IncidentState, string> = {
  diagnosing: '正在诊断',
  open: '未结束',
  executing: '正在执行方案',
  resolved: '已恢复',
  closed: '已关闭',
  unmonitored: '主机无法检查',
  'monitored-again': '主机已恢复检查',
};

/** What became of a plan, after its number. */
const OUTCOMES: Record<PlanState, string> = {
  proposed: '待审批',
  approved: '已批准',
  executing: '正在执行',
  applied: '已执行',
  undone: '已自动回滚',
  failed: '执行失败',
  stale: '已失效',
  rejected: '已驳回',
  withdrawn: '已撤回',
  expired: '已过期',
  superseded: '已被新方案取代',
};
