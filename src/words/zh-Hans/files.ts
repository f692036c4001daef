import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { IncidentId, Sha256 } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { GiveUpReason } from '../../model/record/messages/slack-failure.ts';
import type { FileMessage } from '../../model/record/messages/thread-message.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { slackFailureClause } from './slack-failure.ts';

/** The files in a thread: their titles, their buttons, and what is said where there are none. */

export const POST_RECORD = '发布记录';

/** Over a file in Slack. */
export function recordFileTitle({ incidentId, host, entries }: Extract<FileMessage, { about: 'record' }>): string {
  return `故障 ${incidentId}（${host}）的记录：${grouped(entries)} 条`;
}

export function planFileTitle({ id, host }: Plan): string {
  return `方案 ${id}（${host}）：全部命令`;
}

export function pictureTitle({ host }: Diagnosis): string {
  return `${host}：存储路径`;
}

/** How to get the record where no file can be posted. */
export function recordAtTerminal(id: IncidentId): Phrase {
  return say`导出记录：${code(`registry-doctor audit export ${id}`)}`;
}

/** In answer to the button, if no file can be posted (any more). */
export function cannotPostRecord(id: IncidentId): Phrase {
  return say`我无法在此工作区发布文件。请在机器人所在的机器上运行 ${code(`registry-doctor audit export ${id}`)}，或按 manifest.yml 添加权限 ${code('files:write')} 并重新安装应用。`;
}

/** In answer to the button, once the file is on its way. */
export function recordWaits({ incidentId, failedBefore }: Extract<PrivateAnswer, { kind: 'record-waits' }>): Phrase {
  const again = failedBefore === null ? [] : say`上次未能发布：${fileFailure(failedBefore)}。`;
  return say`我会把故障 ${incidentId} 的记录发布到其消息列，其他消息优先。${again}`;
}

/** In answer to the button, if nothing was added since. */
export function recordPosted(id: IncidentId): Phrase {
  return say`故障 ${id} 的记录已在其消息列中，包含目前的全部条目。`;
}

/** Why a file is not in its thread, as a clause. */
function fileFailure(why: GiveUpReason): string {
  switch (why.kind) {
    case 'not-made':
      return `无法生成文件（${why.said}）`;
    case 'unreadable':
      return '记录中的这条消息无法读取';
    default:
      return slackFailureClause(why);
  }
}

/** On the card of a plan with more commands than fit: where to read them all. */
export function planInFile(hidden: number, { name }: { readonly name: string }): Phrase {
  return say`此卡片有 ${grouped(hidden)} 步未显示。全部命令见上方的文件 ${code(name)}：批准前请先阅读。`;
}

/** Beside the hash of the plan. */
export function planFileMark(hash: Sha256): Phrase {
  return say`文件 SHA-256 ${code(hash.slice('sha256:'.length))}`;
}
