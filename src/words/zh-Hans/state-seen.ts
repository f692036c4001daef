import { type TargetState, targetState } from '../../model/plan/target-state.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';

/** What a directory or file is or should be: `0750`, “不存在”. */
export function stateClause(text: string): Phrase {
  const state = targetState(text);
  switch (state.code) {
    case 'value':
      return [code(state.value)];
    case 'inode':
      return say`inode ${code(state.fileId)}`;
    case 'entries':
      return say`${code(state.ownerOrMode)} 的 ${grouped(state.count)} 个条目`;
    case 'other-entries':
      return say`清单之外的 ${grouped(state.count)} 个条目`;
    default:
      return say`${STATES[state.code]}`;
  }
}

type StateWithoutValue = Exclude<TargetState, { value: string } | { fileId: string } | { count: number }>['code'];

const STATES: Record<StateWithoutValue, string> = {
  'not-there': '不存在',
  unseen: '无法打开',
  unreadable: '无法读取',
  'other-directory': '另一个目录',
  'other-file': '另一个文件',
  mixed: '部分已更改',
  'no-acl': '没有 ACL',
  'other-entries-uncounted': '其他条目',
};
