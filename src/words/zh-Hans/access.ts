import type { AccessReason, PermissionClass, WalkStep } from '../../model/diagnosis/access.ts';
import { plainText } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { reasonClause } from './reasons.ts';

/** Why a step on the path is accessible or blocked, as a clause: 不是属主，不在 ops 组，其他用户没有 x 权限. */
export function accessClause({ reason, group }: Pick<WalkStep, 'reason' | 'group'>): string {
  switch (reason.kind) {
    case 'bits':
      return reason.granted ? granted(reason.class, group) : lacking(reason.class, group);
    case 'capability':
      return `${reason.capability} 可绕过权限位`;
    case 'symlink':
      return '符号链接（自身的权限位不起作用）';
    case 'missing':
      return '不存在';
    case 'not-a-directory':
      return '不是目录';
    case 'loop':
      return '路径上的符号链接超过 40 个';
    case 'nosymfollow':
      return '所在挂载不跟随符号链接（nosymfollow）';
    case 'protected-symlink':
      return '所有人可写的目录中属于其他账号的符号链接（fs.protected_symlinks）';
    case 'undecided':
    case 'unseen':
      return plainText(reasonClause(reason.why));
    case 'disagreement':
      return disagreement(reason);
  }
}

/** The same for a missing `x`, for the class that the kernel picked. */
export function lacking(deciding: PermissionClass, group: string | null, letters = 'x'): string {
  const none = letters === '' ? '没有所需的权限' : `没有 ${letters} 权限`;
  switch (deciding) {
    case 'owner':
      return `属主${none}`;
    case 'group':
      return `在${groupName(group)}中，而该组${none}`;
    case 'other':
      return `不是属主，不在${groupName(group)}，其他用户${none}`;
    case 'named-user':
      return `该用户的 ACL 条目${none}`;
    case 'named-group':
      return `该用户所在组的 ACL 条目${none}`;
  }
}

function granted(deciding: PermissionClass, group: string | null): string {
  switch (deciding) {
    case 'owner':
      return '是属主，有 x 权限';
    case 'group':
      return `在${groupName(group)}中，有 x 权限`;
    case 'other':
      return '其他用户有 x 权限';
    case 'named-user':
      return '该用户的 ACL 条目有 x 权限';
    case 'named-group':
      return '该用户所在组的 ACL 条目有 x 权限';
  }
}

function groupName(group: string | null): string {
  return group === null ? '属组' : ` ${visibleText(group)} 组`;
}

function disagreement({ evaluated, tried }: Extract<AccessReason, { kind: 'disagreement' }>): string {
  return `按权限位判断为${ANSWERS[evaluated]}，实测结果为${ANSWERS[tried]}`;
}

const ANSWERS = { allowed: '允许', denied: '拒绝' } as const;
