import type { AccessReason } from '../../../model/diagnosis/access.ts';
import type { Facts, Identity, TryResult } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { Reason } from '../../../model/reason.ts';
import { followsNoSymlinks, mountHolding } from '../kernel/mount-table.ts';
import type { Question, Way } from '../kernel/resolve-path.ts';
import { disagreement, type Judgement, unseen } from './judgement.ts';

type Follow = Extract<Question, { kind: 'follow' }>;

/** The symlinks that the kernel refuses to follow, each with its position on the path. */
export type Refusals = ReadonlyMap<Question, LinkRefusal>;

/** Why the kernel does not follow a symlink. No capability overrides it. */
export type LinkRefusal = Extract<AccessReason, { kind: 'nosymfollow' | 'protected-symlink' | 'undecided' }>;

const STICKY_AND_WRITABLE_BY_ALL = 0o1002;

export function refusalsOn(way: Way, facts: Facts, identity: Identity): Refusals {
  const refusals = new Map<Question, LinkRefusal>();
  for (const question of way.questions) {
    const refusal = question.kind === 'follow' ? refusalOf(question, facts, identity) : null;
    if (refusal) refusals.set(question, refusal);
  }
  return refusals;
}

/**
 * Judges one symlink on the path. Only a stat of the whole path tests it, and a failed stat proves something only if
 * nothing else can have caused the failure.
 */
export function judgeLink(
  path: HostPath,
  { questions, end }: Way,
  refusals: Refusals,
  { stat, allElseOpen }: { readonly stat: TryResult | null; readonly allElseOpen: boolean },
): Judgement {
  if (end.kind === 'loop' && end.path === path) {
    return { access: 'denied', reason: { kind: 'loop' }, proof: 'evaluated' };
  }
  if (end.kind === 'unseen' && end.path === path) return unseen(end.why);
  const passed = stat?.result === 'allowed';
  const refusal = worstOf(
    questions.flatMap((question) => (isFollow(question, path) ? (refusals.get(question) ?? []) : [])),
  );
  if (!refusal) return { access: 'allowed', reason: { kind: 'symlink' }, proof: passed ? 'kernel' : 'evaluated' };
  if (refusal.kind === 'undecided') {
    return passed
      ? { access: 'allowed', reason: refusal, proof: 'kernel' }
      : { access: 'unknown', reason: refusal, proof: 'unproven' };
  }
  if (passed) return disagreement('denied', 'allowed');
  const isKernelProof =
    refusal.kind === 'nosymfollow'
      ? stat?.result === 'failed' && stat.why.code === 'too-many-links'
      : stat?.result === 'denied' && allElseOpen;
  return { access: 'denied', reason: refusal, proof: isKernelProof ? 'kernel' : 'evaluated' };
}

function isFollow(question: Question, path: HostPath): boolean {
  return question.kind === 'follow' && question.link.path === path;
}

function worstOf(refusals: readonly LinkRefusal[]): LinkRefusal | undefined {
  return refusals.find(({ kind }) => kind !== 'undecided') ?? refusals[0];
}

/**
 * Whether the kernel refuses to follow this symlink (pick_link() in fs/namei.c): first for fs.protected_symlinks, then
 * for its mount. Null: it is followed, as far as known.
 */
function refusalOf(question: Follow, facts: Facts, identity: Identity): LinkRefusal | null {
  const byRule = protection(question, facts, identity);
  const byMount = refusalOfMount(question, facts);
  return byRule?.kind === 'undecided' ? (byMount ?? byRule) : (byRule ?? byMount);
}

/**
 * Whether fs.protected_symlinks forbids following the symlink (may_follow_link() in fs/namei.c). It does so only for
 * the last symlink of a path, in a sticky directory that everyone can write to, unless the follower or the directory's
 * owner owns the symlink.
 */
function protection({ link, from, trailing }: Follow, facts: Facts, identity: Identity): LinkRefusal | null {
  if (!trailing || link.uid === identity.uid || link.uid === from.uid) return null;
  const mode = Number.parseInt(from.mode, 8);
  if ((mode & STICKY_AND_WRITABLE_BY_ALL) !== STICKY_AND_WRITABLE_BY_ALL) return null;
  const isOn = facts.security.state === 'known' ? facts.security.value.protectedSymlinks : facts.security;
  if (isOn.state === 'unknown') {
    const why: Reason = { code: 'link-protection-unread', because: isOn.why };
    return { kind: 'undecided', by: 'link-protection-unread', why };
  }
  if (isOn.state === 'absent' || !isOn.value) return null;
  return { kind: 'protected-symlink', directory: from.path, directoryOwner: from.owner };
}

function refusalOfMount({ from }: Follow, { mounts }: Facts): LinkRefusal | null {
  const mount = mountHolding(mounts, from.path);
  return mount && followsNoSymlinks(mount) ? { kind: 'nosymfollow', mountPoint: mount.mountPoint } : null;
}
