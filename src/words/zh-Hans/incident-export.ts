import type { Decision } from '../../model/plan/decision.ts';
import type { Execution } from '../../model/plan/execution.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { ClosingNumbers } from '../../model/record/closing-numbers.ts';
import type { ToldIncident, Uncovered } from '../../model/record/documents/exported-incident.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { MessageDelivery } from '../../model/record/record.ts';
import type * as English from '../en/incident-export.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { code, type Phrase, say, separated } from '../phrase.ts';
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

/** How long the registry was down, and what took how long. Empty: none of it is known. */
export function exportedNumbers(numbers: ClosingNumbers): Phrase {
  const { downSince, downMs, noticedAfterMs, countedFrom } = numbers;
  const down =
    downSince === undefined || downMs === undefined
      ? []
      : [say`Registry 中断 ${duration(downMs)}：首次检查失败于 ${dateAndTime(downSince)}。`];
  const noticed = noticedAfterMs === undefined ? [] : [say`首次检查失败后 ${duration(noticedAfterMs)}发现。`];
  const steps = stepsOf(numbers);
  const taken =
    countedFrom === undefined || steps.length === 0
      ? []
      : [say`自 ${dateAndTime(countedFrom)} 起：${steps.join('、')}。`];
  return separated([...down, ...noticed, ...taken], '');
}

function stepsOf({ verdictAfterMs, approvedAfterMs, recoveredAfterMs }: ClosingNumbers): readonly string[] {
  return [
    ...(verdictAfterMs === undefined ? [] : [`${duration(verdictAfterMs)}后得出结论`]),
    ...(approvedAfterMs === undefined ? [] : [`${duration(approvedAfterMs)}后获得批准`]),
    ...(recoveredAfterMs === undefined ? [] : [`${duration(recoveredAfterMs)}后恢复`]),
  ];
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

export function exportedDecision({ planId, planHash, verdict, by, at, reason, signature }: Decision): Phrase {
  const because = reason === null ? [] : say`：${reason}`;
  const signed = signature === undefined ? '' : '，并以本人的 SSH 密钥签名';
  return say`方案 ${planId}（${code(shortHash(planHash))}）：由${between(actorName(by))}于 ${dateAndTime(at)} ${PLACES[by.kind]}${VERDICTS[verdict]}${signed}${because}。`;
}

/** Through what people decided, unless their name says it. */
const PLACES: Record<Actor['kind'], string> = {
  'slack-user': '在 Slack 中',
  terminal: '',
  signal: '',
  alert: '',
  bot: '',
  erased: '',
};

const VERDICTS: Record<Decision['verdict'], string> = { approved: '批准', rejected: '驳回' };

/** For a plan that was neither rejected nor approved by enough. */
export function exportedUndecided(plan: Plan, state: PlanState, hasApprovals: boolean): Phrase {
  const who = hasApprovals ? '批准的人数不足' : '没有人作出决定';
  return say`方案 ${plan.id}：${who}；${UNDECIDED[state] ?? '仍未结束'}。`;
}

const UNDECIDED: Partial<Record<PlanState, string>> = {
  proposed: '正在等待审批',
  expired: '已过期',
  withdrawn: '已由发起人撤回',
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
export function deliveries(messages: ToldIncident['messages']): Phrase {
  const by = (kind: MessageDelivery['kind']) => messages.filter(({ delivery }) => delivery.kind === kind).length;
  const givenUp = by('given-up');
  const lost = givenUp === 0 ? '' : `，${grouped(givenUp)} 条被 Slack 拒收`;
  return say`Slack：${grouped(by('delivered'))} 条消息已送达，${by('waiting')} 条正在发送${lost}。`;
}

export const HTML_LANGUAGE = 'zh-Hans';
export const HTML_TITLE = 'Registry Doctor：故障记录';

/** Diagnoses that were erased, or dropped by age. */
export function diagnosesRemoved(diagnoses: number): string {
  return `${grouped(diagnoses)} 次诊断已从记录中删除。`;
}

/** Where the picture of a path is, in a document that has none. */
export function picturesElsewhere({ id }: Incident): Phrase {
  return say`路径图：${code(`registry-doctor audit export ${id} --format html`)}`;
}

type Coverage = { readonly entries: number; readonly uncovered: number; readonly why: Uncovered | null };

/** How far the checkpoint covers the entries. */
export function coverage({ entries, uncovered, why }: Coverage): string {
  if (uncovered === 0) return `下面是已签名的检查点，它覆盖这里全部 ${grouped(entries)} 条记录：`;
  const because = why === null ? '' : `：${UNCOVERED[why]}`;
  if (uncovered === entries) return `没有已签名的检查点覆盖这些记录${because}。`;
  return `下面已签名的检查点没有覆盖最后 ${grouped(uncovered)} 条记录${because}。`;
}

const UNCOVERED: Record<Uncovered, string> = {
  'no-key': '没有更新的检查点，也没有可用来签名的密钥',
  'not-signed': '签名密钥无法使用',
  contradicted: '审计记录与最新检查点签名时的内容不一致',
};

/** How to check the document, and what its proof leaves out. */
export function proofNotes(): readonly Phrase[] {
  return [
    say`本文件含有每条记录的证明，可离线验证：${code('registry-doctor audit verify FILE --key KEY')}。用 openssl 和 sha256sum 验证的步骤见 docs/record.md。`,
    say`证明不涵盖告警的原文和 Slack 中显示的内容。最后一条之后是否还有记录，只有更新的导出才能说明。`,
  ];
}
