import type { AccessReason, PermissionClass, WalkStep } from '../../model/diagnosis/access.ts';
import { plainText } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { reasonClause } from './reasons.ts';

/** Why a step on the path is accessible or blocked, as a clause: "not owner, not in group ops, others have no x". */
export function accessClause({ reason, group }: Pick<WalkStep, 'reason' | 'group'>): string {
  switch (reason.kind) {
    case 'bits':
      return reason.granted ? granted(reason.class, group) : lacking(reason.class, group);
    case 'capability':
      return `${reason.capability} bypasses the mode`;
    case 'symlink':
      return 'symlink (its own mode is ignored)';
    case 'missing':
      return 'it doesn’t exist';
    case 'not-a-directory':
      return 'it is not a directory';
    case 'loop':
      return 'more than 40 symlinks on the path';
    case 'nosymfollow':
      return 'its mount follows no symlinks (nosymfollow)';
    case 'protected-symlink':
      return 'another account’s symlink in a world-writable directory (fs.protected_symlinks)';
    case 'undecided':
    case 'unseen':
      return plainText(reasonClause(reason.why));
    case 'disagreement':
      return disagreement(reason);
  }
}

/** The same for a missing `x`, for the class that the kernel picked. */
export function lacking(deciding: PermissionClass, group: string | null, letters = 'x'): string {
  switch (deciding) {
    case 'owner':
      return `the owner has no ${letters}`;
    case 'group':
      return `${inGroup(group)}, and the group has no ${letters}`;
    case 'other':
      return `not owner, not ${inGroup(group)}, others have no ${letters}`;
    case 'named-user':
      return `the ACL entry for this user has no ${letters}`;
    case 'named-group':
      return `the ACL entry for one of its groups has no ${letters}`;
  }
}

function granted(deciding: PermissionClass, group: string | null): string {
  switch (deciding) {
    case 'owner':
      return 'owner, with x';
    case 'group':
      return `${inGroup(group)}, with x`;
    case 'other':
      return 'others have x';
    case 'named-user':
      return 'the ACL entry for this user has x';
    case 'named-group':
      return 'the ACL entry for one of its groups has x';
  }
}

function inGroup(group: string | null): string {
  return group === null ? 'in its group' : `in group ${visibleText(group)}`;
}

function disagreement({ evaluated, tried }: Extract<AccessReason, { kind: 'disagreement' }>): string {
  return `${ANSWERS[evaluated]} by its mode, but ${ANSWERS[tried]} when tested`;
}

const ANSWERS = { allowed: 'allowed', denied: 'denied' } as const;
