import type { ExportProblem } from '../../model/record/documents/export-problem.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import { grouped } from '../moment.ts';
import { visibleText } from '../visible-text.ts';
import { recordProblem } from './store.ts';

/** The answers of `audit verify FILE`, which checks an exported document. */

/** One thing that is wrong with an exported incident, as a sentence. */
export function exportProblem(problem: ExportProblem): string {
  switch (problem.kind) {
    case 'not-in-tree':
      return `第 ${problem.sequence} 条记录不是检查点所覆盖的那一条：它被改动过，或来自另一份审计记录。`;
    case 'left-out':
      return problem.sequence === 0
        ? '文档中没有记录。'
        : `审计记录第 ${problem.sequence} 条之前缺少本次故障的第 ${problem.incidentEntry} 条。`;
    case 'of-other-incident':
      return `第 ${problem.sequence} 条记录属于另一次故障。`;
    case 'not-covered':
      return problem.sequence === problem.through
        ? `没有检查点覆盖第 ${problem.sequence} 条记录：请在有更新的检查点后重新导出。`
        : `没有检查点覆盖第 ${problem.sequence} 至 ${problem.through} 条记录：请在有更新的检查点后重新导出。`;
    case 'incident-disagrees':
      return `${INCIDENT_FIELDS[problem.field] ?? problem.field}与各条记录所述不符。`;
    case 'document-unknown':
      return `没有记录含有摘要 ${problem.digest}，或其内容与摘要不符。`;
    case 'text-differs':
      return `第 ${problem.line} 行与证明不符。`;
    case 'other-version':
      return `未对照文字与证明：文档由 Registry Doctor ${visibleText(problem.writtenBy)} 生成。请用该版本验证。`;
    default:
      return recordProblem(problem);
  }
}

const INCIDENT_FIELDS: Partial<Record<keyof Incident, string>> = {
  host: '主机',
  openedBy: '故障的发起人',
  openedAt: '故障的开始时间',
  closedAt: '故障的结束时间',
};

/** `size`: so many entries of the record are under its checkpoint. */
export function documentIntact(id: IncidentId, entries: number, size: number): string {
  return `故障 ${id} 已得到证明：共 ${grouped(entries)} 条记录，已签名的检查点覆盖审计记录的前 ${grouped(size)} 条。`;
}

export const NOT_IN_PROOF =
  '未得到证明的有：告警的原文、Slack 中显示的内容、故障的当前状态，以及最后一条之后是否还有记录。';

/** Names and texts of people, and diagnoses, of which the entries have the digest only. */
export function absent(values: number, diagnoses: number): string {
  const what = [
    ...(values === 0 ? [] : [`${grouped(values)} 个姓名或文字`]),
    ...(diagnoses === 0 ? [] : [`${grouped(diagnoses)} 次诊断`]),
  ].join('和');
  return `文档中没有${what}：已从审计记录中删除，或未放入文档。其摘要已得到证明。`;
}

export function documentBroken(file: string, problems: number): string {
  return `文档检查失败：${file} 中有 ${grouped(problems)} 个问题。请索取新的导出，并保留此文件作为证据。`;
}

export function documentUnreadable(file: string, why: string): string {
  return `无法读取 ${file}：${why}。未做任何验证。`;
}

export function notADocument(file: string): string {
  return `${file} 中没有证明，或证明不完整。未做任何验证。请指定由 \`registry-doctor audit export\` 写出的文件。`;
}

export const NO_KEY =
  '没有可用来验证签名的密钥。未做任何验证。请指定 `registry-doctor audit key` 打印的那一行，或含有它的文件：--key FILE';
