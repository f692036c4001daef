import type { Plan } from '../../model/plan/plan.ts';
import type { Act, AuditEntry } from '../../model/record/audit.ts';
import type { CheckpointNotice } from '../../model/record/messages/notices.ts';
import type { EntryMark, ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { grouped, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, type Run, say, separated } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { entryReason } from './entry-reason.ts';
import { actorName, actorNames } from './people.ts';
import { dotted, leading } from './spacing.ts';
import { flappingNote } from './status.ts';

/** Which plan something is about, by number and hash: `方案 142-1 9f2c…`. */
function planMark({ id, hash }: Pick<Plan, 'id' | 'hash'>): Phrase {
  return say`方案 ${id} ${code(shortHash(hash))}`;
}

/** The number and the hash of an audit entry, by which a message in the thread is a witness of it: `#7 c41a…`. */
export function entryMark(mark: EntryMark): Phrase {
  return say`#${mark.sequence} ${code(shortHash(mark.hash))}`;
}

/** All entries that one message covers, in order: `记录 #4 c41a…、#5 77e0…`. */
export function entryMarks(earlier: readonly EntryMark[] | undefined, last: EntryMark): Phrase {
  return say`记录 ${separated([...(earlier ?? []), last].map(entryMark), '、')}`;
}

/** The last line of a verdict: its audit entries, and how long the diagnosis took. */
export function verdictMarks({ earlier, record }: Extract<ThreadMessage, { kind: 'verdict' }>, took: string): Phrase {
  return dotted([entryMarks(earlier, record), say`${took}`]);
}

type OutcomeMessage = Extract<ThreadMessage, { kind: 'execution' | 'verification' }>;

/** Who approved the plan of an outcome, and when the last of them did. */
export function approvedBy({ by, at }: NonNullable<OutcomeMessage['approval']>): Phrase {
  return say`${leading(actorNames(by))}于 ${timeOfDay(at)} 批准`;
}

/** The last line of an outcome: who `approved` which plan, unless another message shows that, and its audit entries. */
export function outcomeMarks({ plan, earlier, record }: OutcomeMessage, approved: Phrase | null): Phrase {
  return dotted([...(approved === null ? [] : [approved]), planMark(plan), entryMarks(earlier, record)]);
}

/** An act that has no card of its own, in one line; its marks come after it. */
export function recordLine({ host, entry }: Extract<ThreadMessage, { kind: 'record' }>): Phrase {
  const plan = entry.planId === null ? [] : say`，方案 ${entry.planId}${hashOf(entry)}`;
  const because = entryReason(entry) ?? reasonGiven(entry) ?? flappingOf(entry);
  const act = say`${actLabel(entry.act)}${approvalCount(entry)}：${host}，${actorName(entry.actor)}，${timeOfDay(entry.at)}`;
  return say`${act}${plan}${because === null ? [] : say`：${because}`}`;
}

/** Adds the {@link entryMarks} to a line of a card. */
export function checkpointTitle({ entries }: CheckpointNotice): Phrase {
  return say`${bold('检查点')}：审计记录共 ${grouped(entries)} 条。请保留下面这一行，以后可用它验证审计记录。`;
}

export function lineWithMarks(line: Phrase, marks: Phrase): Phrase {
  return dotted([line, marks]);
}

/** Adds the {@link entryMarks} to the sentence of a message whose card is not shown. */
export function sentenceWithMarks(sentence: Phrase, marks: Phrase): Phrase {
  return say`${sentence}${marks}`;
}

/** How often the registry changed. Null: the act is not about that. */
function flappingOf({ act, outcome: { since, changes } }: AuditEntry): Phrase | null {
  const isTold = act === 'flapping-began' && typeof since === 'string' && typeof changes === 'number';
  return isTold ? flappingNote({ since, changes }) : null;
}

/** Returns the reason that a person gave for the act. Null: none. */
function reasonGiven({ outcome: { reason } }: AuditEntry): string | null {
  return typeof reason === 'string' ? reason : null;
}

/** Says which approval this one is, if the plan needs more than one. */
function approvalCount({ outcome: { approval, needed } }: AuditEntry): string {
  return typeof approval === 'number' && typeof needed === 'number' && needed > 1 ? `（${approval}/${needed}）` : '';
}

export function actLabel(act: Act): Run {
  return bold(ACTS[act]);
}

function hashOf({ planHash }: AuditEntry): Phrase {
  return planHash === null ? [] : say` ${code(shortHash(planHash))}`;
}

const ACTS: Record<Act, string> = {
  'incident-opened': '故障已创建',
  'diagnosis-requested': '已发起诊断',
  diagnosed: '诊断已完成',
  'plan-proposed': '方案已提出',
  'plan-superseded': '方案已被取代',
  'plan-expired': '方案已过期',
  'plan-endorsed': '方案获一次批准',
  'plan-approved': '方案已批准',
  'plan-rejected': '方案已驳回',
  'plan-withdrawn': '方案已撤回',
  'approvers-reminded': '已提醒审批人',
  'plan-escalated': '方案已升级',
  'break-glass-refused': '应急通道请求被拒绝',
  'execution-intended': '即将执行',
  'execution-sent-again': '已再次发送到主机',
  'execution-unresolved': '执行结果未知',
  'execution-finished': '执行已结束',
  verified: '已验证',
  'incident-acknowledged': '故障已有人处理',
  'incident-resolved': '故障已恢复',
  'incident-reopened': '故障已重新打开',
  'fault-noticed': '发现故障',
  'flapping-began': '开始反复变化',
  'flapping-ended': '反复变化已结束',
  muted: '已静音',
  unmuted: '已解除静音',
  'fault-muted': '静音期间出现异常',
  'muted-fault-over': '静音期间的异常已结束',
  'incident-closed': '故障已关闭',
  'record-exported': '已导出记录',
  'config-changed': '配置已更改',
  erased: '已抹去',
  'older-copy-found': '发现旧副本',
  'details-dropped': '明细已清除',
  'entries-not-sent': '部分条目未发送到收集器',
  'check-failed': '检查未完成',
  'monitoring-lost': '监控已中断',
  'monitoring-restored': '监控已恢复',
};
