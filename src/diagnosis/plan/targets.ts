import type { PresentNode } from '../../model/host/facts.ts';
import type { AlsoUsed } from '../../model/plan/plan.ts';
import type { Blocker } from '../access/denial/file-trouble.ts';
import { grantOfFile, isSecret } from '../access/denial/grant-of-file.ts';
import { type JudgedPath, useOf } from '../access/judge/judge-path.ts';
import { deniedUses, LETTERS_FOR, type RootUse } from '../access/judge/judge-root.ts';
import type { JudgedVisit, Walk } from '../access/judge/judge-walk.ts';
import { areEndsOfParts } from '../access/judge/storage-part.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { isOpenToOwner, minimalGrant } from '../access/kernel/minimal-grant.ts';
import type { MissingPermission } from './grant-missing.ts';

/** One path that the service has to be able to use, and the permissions that are missing on it. */
export type Target = {
  /** The other path that the target is for. Null: the storage root. */
  readonly also: AlsoUsed | null;
  /** The missing permissions on the path. All of them are needed to reach its end. */
  readonly way: readonly MissingPermission[];
  /** The missing permission at the end of the path. Null: none is missing, or it can't be granted. */
  readonly end: MissingPermission | null;
  /**
   * The directory at the end, if it should belong to the service: a new filesystem, or a directory that someone made as
   * root.
   */
  readonly own: PresentNode | null;
};

/**
 * What is missing on the path to the storage root. Null: it is not proven what blocks the service, or something other
 * than permissions does.
 */
export function rootTarget({ walk, root, disk }: JudgedAccess): Target | null {
  if (!walk || !isProven({ walk, root, disk })) return null;
  const way = missingOnWay(walk);
  return way && { also: null, way, end: missingAt(root), own: null };
}

/** Each path inside the storage that is walked on its own, if nothing but permissions is missing. */
export function innerTargets(judged: JudgedAccess): Target[] {
  return judged.inner.flatMap(({ walk, root, disk, usedPath }): Target[] => {
    if (!walk || !usedPath || !isProven({ walk, root, disk })) return [];
    const way = missingOnWay(walk);
    const end = missingAt(root);
    if (way === null || (way.length === 0 && end === null)) return [];
    const own = root && end ? endToOwn(judged, root, end) : null;
    return [{ also: { use: 'directory', path: usedPath.path, secret: false }, way, end: own ? null : end, own }];
  });
}

/**
 * The directory at the end of a path, if the service should own it: only bits for others would open it, its owner could
 * use it, and nothing else below belongs to that owner. It is not the directory under an unmounted disk ({@link
 * isProven}).
 */
function endToOwn(judged: JudgedAccess, root: RootUse, { deciding, wanted }: MissingPermission): PresentNode | null {
  const { facts, identity } = judged;
  const { node } = root;
  if (facts.contents.state !== 'known' || node.uid === identity?.uid || !isOpenToOwner(node)) return null;
  const grant = minimalGrant(facts, node, deciding, wanted);
  if (grant.kind !== 'none' || grant.why !== 'would-open-to-all') return null;
  const pair = facts.contents.value.foreign.find(({ uid, gid }) => uid === node.uid && gid === node.gid);
  return pair && areEndsOfParts(judged, pair) ? node : null;
}

/**
 * Each file outside the storage that permissions close: those that stop the registry now, or if there are none, those
 * that will stop its next start.
 */
export function fileTargets(judged: JudgedAccess): Target[] {
  const candidates = judged.filesBeside.flatMap(({ path, trouble, breaksNow }) => {
    const blockers = isForPlan(path) ? (trouble?.blockers ?? []) : [];
    return blockers.length === 0 ? [] : [{ path, blockers, breaksNow }];
  });
  const now = candidates.filter(({ breaksNow }) => breaksNow);
  return (now.length > 0 ? now : candidates).flatMap(({ path, blockers }) => fileTarget(judged, path, blockers));
}

/**
 * Whether a plan can open this path. The host tests access as the service, not as another account. And a path that only
 * a log names could have been written there by anyone.
 */
function isForPlan({ used }: JudgedPath): boolean {
  return used.usedBy === null && used.role !== 'named-in-log';
}

function fileTarget({ facts }: JudgedAccess, path: JudgedPath, blockers: readonly Blocker[]): Target[] {
  const missing = blockers.map((blocker): MissingPermission | null => {
    const grant = grantOfFile(facts, path, blocker);
    if (grant.kind === 'none') return null;
    const { node, deciding, wanted } = blocker;
    return { directory: node, deciding, wanted, ...(grant.kind === 'entry' ? { byEntry: true } : {}) };
  });
  if (walkIsDoubtful(path.walk) || missing.includes(null)) return [];
  const also: AlsoUsed = {
    use: useOf(path.used) === 'write' || useOf(path.used) === 'entries' ? 'write' : 'read',
    path: path.used.path,
    secret: isSecret(path.used),
  };
  const isCapable = path.used.role !== 'log-directory';
  return isCapable ? [{ also, way: missing.filter((one) => one !== null), end: null, own: null }] : [];
}

/**
 * Whether the cause is proven to be permissions. A path that ends early shows the modes under an unmounted disk, and if
 * the kernel denies what the bits allow, something other than modes decides.
 */
function isProven({ walk, root, disk }: Pick<JudgedAccess, 'root' | 'disk'> & { readonly walk: Walk }): boolean {
  if (walk.end.kind !== 'directory' && walk.end.kind !== 'unseen') return false;
  if (!disk.isInPlace) return false;
  const isDeniedByOthers = [root?.list, root?.create].some(
    (use) => use?.reason.kind === 'disagreement' && use.reason.tried === 'denied',
  );
  return !isDeniedByOthers && !walkIsDoubtful(walk);
}

function walkIsDoubtful(walk: Walk): boolean {
  const isDoubtful = walk.visits.some(
    ({ step: { reason } }) => reason.kind === 'disagreement' && reason.tried === 'denied',
  );
  return isDoubtful || walk.contradiction !== null;
}

/** Returns the missing permissions on a path. Null: something other than permissions closes one of its directories. */
function missingOnWay(walk: Walk): readonly MissingPermission[] | null {
  const missing = walk.visits.filter(isBlocker).map(({ node, step }): MissingPermission | null => {
    if (node.state !== 'present' || step.reason.kind !== 'bits') return null;
    return { directory: node, deciding: step.reason.class, wanted: ['x'] };
  });
  return missing.includes(null) ? null : missing.filter((one) => one !== null);
}

/**
 * Whether this entry of the path blocks the service. A symlink that the kernel does not follow does, and no permission
 * fixes it.
 */
function isBlocker({ searched, step }: JudgedVisit): boolean {
  return (searched || step.kind === 'symlink') && step.access === 'denied';
}

function missingAt(root: RootUse | null): MissingPermission | null {
  const denied = root ? deniedUses(root) : [];
  const [first] = denied;
  if (!root || !first) return null;
  return { directory: root.node, deciding: first.class, wanted: denied.flatMap((use) => LETTERS_FOR[use.operation]) };
}
