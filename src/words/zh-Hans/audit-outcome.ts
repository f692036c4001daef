import type { Verdict } from '../../model/diagnosis/diagnosis.ts';
import type { ApplyOutcome, Verification } from '../../model/plan/execution.ts';
import type { Risk } from '../../model/plan/plan.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import { ClosingNumbers } from '../../model/record/closing-numbers.ts';
import { isErased } from '../../model/record/erasable.ts';
import { FileDigests } from '../../model/settings/config-change.ts';
import { grouped } from '../moment.ts';
import { shortHash } from '../short-hash.ts';
import { entryReason } from './entry-reason.ts';
import { duration } from './time.ts';

type Value = AuditEntry['outcome'][string];

/**
 * The result of an action, in a few words for a line of `audit list`: 异常，untraversable-ancestor，用时 0.3 秒. Hashes, signatures and
 * states stay with `audit export`, which has the whole entry.
 */
export function auditOutcome(entry: Pick<AuditEntry, 'act' | 'outcome'>): string {
  const { outcome } = entry;
  const { approval, needed } = outcome;
  const parts = Object.entries(SHOWN).map(([key, show]) => {
    const value = outcome[key];
    return value === undefined ? '' : show(value);
  });
  const approvals =
    typeof approval === 'number' && typeof needed === 'number' ? `第 ${approval} 个批准，共需 ${needed} 个` : '';
  return [...parts, entryReason(entry) ?? '', approvals].filter((part) => part !== '').join('，');
}

const VERDICTS: Readonly<Record<Verdict, string>> = { healthy: '正常', faulty: '异常', inconclusive: '未得出结论' };

const KINDS: Readonly<Record<ApplyOutcome['kind'], string>> = {
  applied: '已执行',
  stale: '已失效',
  undone: '已自动回滚',
  refused: '被拒绝',
  'undo-failed': '回滚失败',
  'never-started': '未开始执行',
  running: '执行中',
  unknown: '结果未知',
};

const REGISTRY: Readonly<Record<Verification['kind'], string>> = {
  well: 'Registry 正常',
  'not-well': 'Registry 异常',
  'not-asked': '未询问 Registry',
};

const RISKS: Readonly<Record<Risk, string>> = { low: '权限风险：低', high: '权限风险：高' };

/** In the order in which they are shown. */
const SHOWN: Readonly<Record<string, (value: Value) => string>> = {
  host: plain,
  verdict: oneOf(VERDICTS),
  kind: oneOf(KINDS),
  registry: oneOf(REGISTRY),
  findings: (value) => (Array.isArray(value) ? value.map(plain).join('、') : plain(value)),
  steps: (value) => `${grouped(Array.isArray(value) ? value.length : Number(value))} 步`,
  risk: oneOf(RISKS),
  undoes: (value) => `撤销方案 ${plain(value)}`,
  breakGlass: () => '应急通道',
  window: (value) => `维护窗口 ${plain(value)}`,
  silence: (value) => `静默规则 ${plain(value)}`,
  noticed: () => '无法检查',
  until: (value) => `至 ${plain(value)}`,
  changes: (value) => `变化 ${grouped(Number(value))} 次`,
  checkpointOutside: (value) => `外部检查点覆盖 ${plain(value)} 个条目`,
  since: (value) => `自 ${plain(value)} 起`,
  reason: plain,
  refused: (value) => (isErased(value) ? plain(value) : ''),
  called: named('已通知'),
  foundAt: oneOf({ start: '启动时发现' }),
  digests: fileChange,
  added: named('新增'),
  removed: named('移除'),
  changed: named('更改'),
  keys: named('其他配置项'),
  atRestart: named('重启后生效'),
  durationMs: (value) => (typeof value === 'number' ? `用时 ${duration(value)}` : plain(value)),
  afterMs: (value) => (typeof value === 'number' ? `${duration(value)}后` : plain(value)),
  numbers: downTime,
};

/** A word of the record in Chinese; one that is not known stays as it is. */
function oneOf(words: Readonly<Record<string, string>>): (value: Value) => string {
  return (value) => (typeof value === 'string' ? (words[value] ?? value) : plain(value));
}

/** Which file took the place of which, by their digests. */
function fileChange(value: Value): string {
  const digests = FileDigests.safeParse(value).data;
  if (digests === undefined) return plain(value);
  const { before, after } = digests;
  if (before === undefined) return `文件 ${shortHash(after)}，此前无已知文件`;
  return before === after ? `文件 ${shortHash(after)} 未变` : `文件 ${shortHash(before)} → ${shortHash(after)}`;
}

/** Of the numbers of an incident only the first: `audit export` has them all. */
function downTime(value: Value): string {
  const downMs = ClosingNumbers.safeParse(value).data?.downMs;
  return downMs === undefined ? '' : `Registry 中断 ${duration(downMs)}`;
}

function named(what: string): (value: Value) => string {
  return (value) => `${what}：${Array.isArray(value) ? value.map(plain).join('、') : plain(value)}`;
}

function plain(value: Value): string {
  if (isErased(value)) return '已抹去';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
