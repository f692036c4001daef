import type { Decision } from '../../model/plan/decision.ts';
import type { Execution } from '../../model/plan/execution.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { IncidentRecord, MessageDelivery } from '../../model/record/record.ts';
import type * as English from '../en/incident-export.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { actorName } from './people.ts';
import { between } from './spacing.ts';
import { duration } from './time.ts';

/** The words around the four parts of an incident's export, for people who read it later. */

export function exportTitle({ id, host }: Incident): string {
  return `故障 ${id}：${host}`;
}

export function exportOrigin({ openedBy, openedAt, closedAt }: Incident): Phrase {
  const opened = say`由${between(actorName(openedBy))}于 ${dateAndTime(openedAt)} 创建。`;
  if (closedAt === null) return say`${opened}尚未关闭。`;
  const open = duration(Date.parse(closedAt) - Date.parse(openedAt));
  return say`${opened}于 ${dateAndTime(closedAt)} 关闭，距创建 ${open}。`;
}

export const EXPORT_PARTS = ['1. 方案', '2. 评审', '3. 执行', '4. 记录'] as const;

export const EXPORT_NONE: Readonly<Record<keyof typeof English.EXPORT_NONE, string>> = {
  diagnosis: '未做诊断。',
  plan: '未提出方案。',
  review: '没有需要评审的内容。',
  execution: '未执行任何操作。',
  entries: '没有记录。',
};

export function exportedPlanTitle({ id }: Plan): string {
  return `方案 ${id}`;
}

export function exportedPlanFacts({ hash, risk, createdAt, expiresAt, requestedBy }: Plan): Phrase {
  return say`由${between(actorName(requestedBy))}发起，生成于 ${dateAndTime(createdAt)}；有效期至 ${dateAndTime(expiresAt)}；权限风险：${RISKS[risk]}；哈希 ${code(hash)}。`;
}

const RISKS: Record<Plan['risk'], string> = { low: '低', high: '高' };

export function exportedDecision({ planId, planHash, verdict, by, at, reason }: Decision): Phrase {
  const because = reason === null ? [] : say`：${reason}`;
  return say`方案 ${planId}（${code(shortHash(planHash))}）：由${between(actorName(by))}于 ${dateAndTime(at)} ${VERDICTS[verdict]}${because}。`;
}

const VERDICTS: Record<Decision['verdict'], string> = { approved: '批准', rejected: '驳回' };

/** For a plan that was neither rejected nor approved by enough. */
export function exportedUndecided(plan: Plan, state: PlanState, hasApprovals: boolean): Phrase {
  const who = hasApprovals ? '批准的人数不足' : '没有人作出决定';
  return say`方案 ${plan.id}：${who}；${UNDECIDED[state] ?? '仍未结束'}。`;
}

const UNDECIDED: Partial<Record<PlanState, string>> = {
  proposed: '正在等待审批',
  expired: '已过期',
  superseded: '已被更新的诊断取代',
  stale: '已失效',
};

export function exportedExecution({ planId, intendedAt, finishedAt }: Execution): Phrase {
  const end = finishedAt === null ? say`结束时间未知` : say`执行于 ${dateAndTime(finishedAt)} 结束`;
  return say`方案 ${planId}：执行意图于 ${dateAndTime(intendedAt)} 写入记录；${end}。`;
}

export const ALERTS_HEADING = ['开始时间', '状态', '来源', '内容'] as const;

export const STEPS_HEADING = ['路径', '修改前', '修改后'] as const;

export const ENTRIES_HEADING = ['序号', '时间', '事项', '操作人', '方案', '结果', '哈希'] as const;

export function previousHash({ previousHash: hash }: AuditEntry): Phrase {
  return say`每条记录的哈希都涵盖前一条记录的哈希，所有故障的记录连成一条链；此处第一条之前的哈希是 ${code(hash)}。`;
}

/** How much of it the thread has shown. */
export function deliveries(messages: IncidentRecord['messages']): Phrase {
  const by = (kind: MessageDelivery['kind']) => messages.filter(({ delivery }) => delivery.kind === kind).length;
  const givenUp = by('given-up');
  const lost = givenUp === 0 ? '' : `，${grouped(givenUp)} 条被 Slack 拒收`;
  return say`Slack：${grouped(by('delivered'))} 条消息已送达，${by('waiting')} 条正在发送${lost}。`;
}
