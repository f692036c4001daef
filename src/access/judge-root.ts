import type { PermissionClass } from '../model/access.ts';
import type { Facts, Identity, PresentNode, TryResult } from '../model/facts.ts';
import type { HostPath } from '../model/host-path.ts';
import type { Walk } from './judge-walk.ts';
import { type Judgement, judge } from './judgement.ts';
import { isReadOnly, mountHolding } from './mount-table.ts';
import type { Letter } from './opening.ts';
import { evaluatePermission } from './permission.ts';
import { NO_TRIES, triesFor } from './tries.ts';

/** What the identity may do in the storage root, once it has got there. */
export type RootUse = {
  readonly node: PresentNode;
  readonly search: Judgement;
  readonly list: Judgement;
  readonly create: Judgement;
  /** Null: the filesystem takes writes, as far as is known. */
  readonly readOnlyMount: { readonly mountPoint: HostPath; readonly proof: 'kernel' | 'evaluated' } | null;
};

/** A use of the storage root that the bits deny to the service. */
export type DeniedUse = {
  readonly operation: 'search' | 'list' | 'create';
  readonly class: PermissionClass;
  readonly proof: Judgement['proof'];
};

/** The letters that each use needs. */
export const LETTERS_FOR: Readonly<Record<DeniedUse['operation'], readonly Letter[]>> = {
  search: ['x'],
  list: ['r'],
  create: ['w', 'x'],
};

/** EROFS, in the words of strerror(3). */
const READ_ONLY = /read-only file system/i;

/**
 * Judges listing and creating in the storage root. The tries of both went by the whole path, so they speak of the root
 * only when nothing before it is in the way, and stat got there too.
 */
export function judgeRoot(facts: Facts, walk: Walk, identity: Identity): RootUse | null {
  if (walk.end.kind !== 'directory') return null;
  const { root } = walk.end;
  const tries = triesFor(facts, identity);
  const gotThere = walk.passable === 'yes' && (tries.stat === null || tries.stat.result === 'allowed');
  const { list, create } = gotThere ? tries : NO_TRIES;
  const readOnlyMount = readOnlyMountOf(facts, root, identity, create);
  return {
    node: root,
    search: judge(evaluatePermission(root, identity, 'x'), tries.search(root.path)),
    list: mayList(root, identity, list),
    create: mayCreate(root, identity, readOnlyMount ? null : create),
    readOnlyMount,
  };
}

/** Listing a directory needs its `r` alone. */
export function mayList(directory: PresentNode, identity: Identity, tried: TryResult | null): Judgement {
  return judge(evaluatePermission(directory, identity, 'r'), tried);
}

/** Making an entry in a directory needs `w` and `x`, both from one class or one ACL entry. */
export function mayCreate(directory: PresentNode, identity: Identity, tried: TryResult | null): Judgement {
  return judge(evaluatePermission(directory, identity, 'wx'), tried);
}

/** What is denied by bits, and so may be mended by bits. */
export function deniedUses(root: RootUse): readonly DeniedUse[] {
  return (['search', 'list', 'create'] as const).flatMap((operation) => {
    const { access, reason, proof } = root[operation];
    return access === 'denied' && reason.kind === 'bits' ? [{ operation, class: reason.class, proof }] : [];
  });
}

/** access(2) answers EROFS for a read-only mount, which a shell's `test -w` tells as a plain no. */
function readOnlyMountOf(
  facts: Facts,
  root: PresentNode,
  identity: Identity,
  create: TryResult | null,
): RootUse['readOnlyMount'] {
  if (create?.result === 'allowed') return null;
  const mount = mountHolding(facts.mounts, root.path);
  if (create?.result === 'failed' && READ_ONLY.test(create.why)) {
    return { mountPoint: mount?.mountPoint ?? root.path, proof: 'kernel' };
  }
  if (!mount || !isReadOnly(mount)) return null;
  const onlyTheMountDenies = create !== null && mayCreate(root, identity, null).access === 'allowed';
  return { mountPoint: mount.mountPoint, proof: onlyTheMountDenies ? 'kernel' : 'evaluated' };
}
