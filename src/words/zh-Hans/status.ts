import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { OnCall } from '../../model/record/messages/people.ts';
import type { StatusMessage } from '../../model/record/messages/status-message.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { grouped, timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { alertQuote } from './alerts.ts';
import { headlineOf } from './findings.ts';
import { actorName, actorNames, peopleList } from './people.ts';
import { between, dotted, leading } from './spacing.ts';
import { duration } from './time.ts';

/** What is broken and where, in one line: the first thing that anyone reads. */
export function statusHeadline(status: StatusMessage): string {
  return `${status.host}：${stateOfRegistry(status)}`;
}

export const HEALTHY_AGAIN = 'Registry 已恢复正常';

/** The same over the incident's message in the channel. */
export function statusTitle(status: StatusMessage): Phrase {
  return dotted([[bold(statusHeadline(status))], say`故障 ${status.incidentId}`]);
}

function stateOfRegistry({ stage, diagnosis, resolvedAt, alert, flapping }: StatusMessage): string {
  const wasAlarmed = alert !== undefined && diagnosis?.verdict === 'healthy';
  if (resolvedAt !== null && !wasAlarmed) return HEALTHY_AGAIN;
  if (flapping) return 'Registry 反复异常又恢复';
  if (stage === 'done') return diagnosis === null ? '诊断未完成' : diagnosisHeadline(diagnosis);
  return '正在诊断 Registry';
}

/** The verdict of a diagnosis in one clause, without the host's name. */
export function diagnosisHeadline({ verdict, findings, v2 }: Diagnosis): string {
  const first = findings[0];
  if (verdict === 'healthy') return 'Registry 正常';
  const clause = first === undefined ? null : headlineOf(first);
  if (verdict === 'inconclusive') return clause ?? '诊断未得出结论';
  const status = v2 !== null && v2.status >= 500 ? `（${v2.status}）` : '';
  return `${clause ?? 'Registry 异常'}${status}`;
}

/** Under the headline: who opened the incident and when; at its end, when that was and after how long. */
export function statusOrigin({ openedBy, openedAt, resolvedAt, reopened }: StatusMessage): Phrase {
  if (resolvedAt !== null) {
    return say`已于 ${timeOfDay(resolvedAt)} 恢复，距故障创建 ${timeOpen(openedAt, resolvedAt)}`;
  }
  const first = say`由${between(actorName(openedBy))}于 ${timeOfDay(openedAt)} ${OPENED[openedBy.kind]}${despiteHealth(openedBy)}`;
  if (reopened === undefined) return first;
  return dotted([first, say`由${between(actorName(reopened.by))}于 ${timeOfDay(reopened.at)} 重新打开`]);
}

function despiteHealth(openedBy: Actor): string {
  const isDeep = openedBy.kind === 'bot' && openedBy.part === 'deep-look';
  return isDeep ? '，当时 Registry 自报正常' : '';
}

const OPENED: Record<Actor['kind'], string> = {
  bot: '发现',
  alert: '上报',
  'slack-user': '发起',
  terminal: '发起',
  signal: '发起',
  erased: '发起',
};

/** How long the registry was down, for a line and for a sentence. Null: not known. */
export function statusDown({ numbers }: StatusMessage): Phrase | null {
  if (numbers?.downSince === undefined || numbers.downMs === undefined) return null;
  const end = new Date(Date.parse(numbers.downSince) + numbers.downMs).toISOString();
  return say`${bold(`中断 ${duration(numbers.downMs)}`)}：${timeOfDay(numbers.downSince)} 至 ${timeOfDay(end)}`;
}

/** How long it took to notice, to find the cause and to approve, as far as that is known. Null: none of it is. */
export function statusTimes({ numbers, openedAt }: StatusMessage): Phrase | null {
  if (numbers === undefined) return null;
  const { noticedAfterMs, verdictAfterMs, approvedAfterMs, countedFrom } = numbers;
  const steps = [
    ...(verdictAfterMs === undefined ? [] : [`${duration(verdictAfterMs)}得出结论`]),
    ...(approvedAfterMs === undefined ? [] : [`${duration(approvedAfterMs)}获得批准`]),
  ];
  const from = countedFrom === openedAt ? '故障创建后' : '重新发起诊断后';
  const parts = [
    ...(noticedAfterMs === undefined ? [] : [`首次检查失败后 ${duration(noticedAfterMs)}发现`]),
    ...(steps.length === 0 ? [] : [`${from} ${steps.join('、')}`]),
  ];
  return parts.length === 0 ? null : say`${parts.join('；')}`;
}

/** Who is on it, or else who is on call for its host; null: no one, or it is over. */
export function statusPeople({ isOpen, resolvedAt, onCall, acknowledged }: StatusMessage): Phrase | null {
  if (!isOpen || resolvedAt !== null) return null;
  if (acknowledged) return say`${leading(actorName(acknowledged.by))}自 ${timeOfDay(acknowledged.at)} 起正在处理`;
  return onCall === undefined ? null : onCallLine(onCall);
}

/** Who is on call. Null: no one. */
export function onCallLine(onCall: OnCall): Phrase | null {
  if (onCall.isQuiet)
    return say`值班：${(onCall.names ?? [...onCall.users, ...onCall.groups]).join('、')}（免打扰时段）`;
  const people = peopleList(onCall.users, onCall.groups);
  return people === null ? null : say`值班：${people}`;
}

/** The fault is back: noticed by whom, and who is on call. */
export function reopenedLine({ host, incidentId, by, at, onCall }: Reopened): Phrase {
  const people = onCall === undefined ? null : onCallLine(onCall);
  const line = say`${bold(`${host} 再次出现故障`)}：由${between(actorName(by))}于 ${timeOfDay(at)} 发现，故障 ${incidentId} 已重新打开。`;
  return people === null ? line : say`${line}${people}。`;
}

type Reopened = Extract<ThreadMessage, { kind: 'reopened' }>;

export const ACKNOWLEDGE = '接手';

/** What the same button says once someone is on it. */
export const TAKE_OVER = '改由我处理';

/** How often the registry was reported as changed, and until when that is not told each time. Null: it does not flap. */
export function statusFlapping({ flapping, resolvedAt }: StatusMessage): Phrase | null {
  return flapping && resolvedAt === null ? say`${flappingNote(flapping)}。` : null;
}

/** The same as a clause. */
export function flappingNote({ since, changes }: NonNullable<StatusMessage['flapping']>): Phrase {
  return say`自 ${timeOfDay(since)} 起正常与异常的报告交替变化 ${grouped(changes)} 次；之后不再逐次说明，30 分钟没有变化后重新诊断`;
}

/** What the alert says that opened the incident; null: none did. */
export function statusAlert({ alert }: StatusMessage): Phrase | null {
  return alert === undefined ? null : say`告警内容：${alertQuote(alert)}`;
}

function timeOpen(openedAt: string, resolvedAt: string): string {
  return duration(Date.parse(resolvedAt) - Date.parse(openedAt));
}

/** How far plan, review, execution and record are, and who is waited for. */
export function statusProgress(status: StatusMessage): Phrase {
  const record = say`记录：${grouped(status.recordEntries)} 条`;
  if (status.stage !== 'done') return dotted([say`诊断：${STAGES[status.stage]}`, record]);
  const { plan, review, execution } = partsOf(status);
  return dotted([say`方案：${plan}`, say`评审：${review}`, say`执行：${execution}`, record]);
}

const STAGES: Record<Exclude<StatusMessage['stage'], 'done'>, string> = {
  queued: '排队中',
  connecting: '正在检查主机（第 1 步，共 2 步）',
  judging: '正在分析结果（第 2 步，共 2 步）',
};

type Parts = { readonly plan: string; readonly review: Phrase; readonly execution: string };
type PlanInStatus = NonNullable<StatusMessage['plan']>;

function partsOf({ plan, diagnosis }: StatusMessage): Parts {
  if (plan !== null) return partsOfPlan(plan);
  const none = diagnosis?.verdict === 'healthy' ? '无需方案' : '无';
  return { plan: none, review: say`–`, execution: '–' };
}

function partsOfPlan(status: PlanInStatus): Parts {
  const { plan = status.id, execution } = PLAN_PARTS[status.state];
  const waiting = status.waitsFor === undefined ? execution : `等待方案 ${status.waitsFor}`;
  return { plan, review: reviewOf(status), execution: waiting };
}

function reviewOf(status: PlanInStatus): Phrase {
  switch (status.state) {
    case 'proposed':
      return waitingFor(status);
    case 'rejected':
      return decided('驳回', status);
    case 'expired':
    case 'superseded':
    case 'withdrawn':
      return say`–`;
    default:
      return decided('批准', status);
  }
}

function decided(verdict: '批准' | '驳回', { decidedBy = [] }: PlanInStatus): Phrase {
  return decidedBy.length === 0 ? say`已${verdict}` : say`已由${between(actorNames(decidedBy))}${verdict}`;
}

function waitingFor({ approvals, approvers }: PlanInStatus): Phrase {
  const people = approvers === undefined ? null : peopleList(approvers.users, approvers.groups, 'or');
  const waiting = say`待${between(people ?? say`审批人`)}批准`;
  if (approvals === undefined) return waiting;
  return say`需要 ${approvals.needed} 人批准，已有 ${approvals.given} 人，${waiting}`;
}

/** Without `plan`: its number. */
const PLAN_PARTS: Record<PlanInStatus['state'], { readonly plan?: string; readonly execution: string }> = {
  proposed: { plan: '已就绪', execution: '未开始' },
  approved: { execution: '即将开始' },
  executing: { execution: '执行中' },
  applied: { execution: '已完成' },
  undone: { execution: '已自动回滚' },
  failed: { execution: '失败，见消息列' },
  stale: { plan: '已失效（主机状态有变）', execution: '未执行，未做任何修改' },
  rejected: { execution: '–' },
  expired: { plan: '执行前已过期', execution: '–' },
  superseded: { plan: '已被新方案取代', execution: '–' },
  withdrawn: { plan: '已撤回', execution: '–' },
};

/** The whole message as a sentence, for notifications and screen readers. */
export function statusSentence(status: StatusMessage): Phrase {
  const alert = statusAlert(status);
  const people = statusPeople(status);
  const said = [people, alert].flatMap((part) => (part === null ? [] : say`${part}。`));
  return say`${statusHeadline(status)}（故障 ${status.incidentId}）。${sentenceOfProgress(status)}${said}`;
}

function sentenceOfProgress(status: StatusMessage): Phrase {
  const { openedAt, resolvedAt, stage, plan } = status;
  if (resolvedAt !== null) return say`已恢复，距故障创建 ${timeOpen(openedAt, resolvedAt)}。${downSentence(status)}`;
  if (stage !== 'done') return say`诊断结论稍后发到消息列中。`;
  if (plan === null) return say`详情见消息列。`;
  const parts = partsOfPlan(plan);
  return say`方案：${parts.plan}；评审：${parts.review}；执行：${parts.execution}。`;
}

function downSentence({ numbers }: StatusMessage): string {
  return numbers?.downMs === undefined ? '' : `Registry 中断 ${duration(numbers.downMs)}。`;
}
