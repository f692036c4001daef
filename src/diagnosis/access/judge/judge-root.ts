import type { PermissionClass } from '../../../model/diagnosis/access.ts';
import type { Facts, Identity, PresentNode, TryResult } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { evaluateUse } from '../kernel/evaluate-use.ts';
import type { Letter } from '../kernel/minimal-grant.ts';
import { isReadOnly, isStopped, mountHolding } from '../kernel/mount-table.ts';
import type { Want } from '../kernel/permission.ts';
import type { Walk } from './judge-walk.ts';
import { type Judgement, judge } from './judgement.ts';
import { NO_TRIES, type Tries, triesFor } from './tries.ts';

/** What the identity can do in the storage root once it has reached it. */
export type RootUse = {
  readonly node: PresentNode;
  readonly search: Judgement;
  readonly list: Judgement;
  readonly create: Judgement;
  /**
   * How it is known that the immutable attribute is set, which forbids creating anything whatever the modes say
   * (chattr(1)). Null: not set, as far as known.
   */
  readonly immutable: { readonly proof: 'kernel' | 'evaluated' } | null;
  /** The read-only mount that holds the storage root. Null: the filesystem is writable, as far as known. */
  readonly readOnlyMount: { readonly mountPoint: HostPath; readonly proof: 'kernel' | 'evaluated' } | null;
};

/** An operation on the storage root that the mode bits deny to the service. */
export type DeniedUse = {
  readonly operation: 'search' | 'list' | 'create';
  readonly class: PermissionClass;
  readonly proof: Judgement['proof'];
};

/** The permission letters that each operation needs. */
export const LETTERS_FOR: Readonly<Record<DeniedUse['operation'], readonly Letter[]>> = {
  search: ['x'],
  list: ['r'],
  create: ['w', 'x'],
};

/**
 * Judges listing and creating in the storage root. The tests of both used the whole path, so they count only if nothing
 * before the root blocks and stat reached it too.
 */
export function judgeRoot(
  facts: Facts,
  walk: Walk,
  identity: Identity,
  tries: Tries = triesFor(facts, identity),
): RootUse | null {
  if (walk.end.kind !== 'directory') return null;
  const { root } = walk.end;
  const gotThere = walk.passable === 'yes' && (tries.stat === null || tries.stat.result === 'allowed');
  const { list, create } = gotThere ? tries : NO_TRIES;
  const use = (want: Want, tried: TryResult | null) => judge(evaluateUse(facts, root, identity, want), tried);
  const readOnlyMount = readOnlyMountOf(facts, root, use('wx', null), create);
  const immutable = immutableOf(root, use('wx', null), create, readOnlyMount);
  return {
    node: root,
    search: use('x', tries.search(root.path)),
    list: use('r', list),
    // One class or one ACL entry has to grant both bits. If a mount or an attribute forbids writing, the test says
    // nothing about the bits.
    create: use('wx', readOnlyMount || immutable ? null : create),
    immutable,
    readOnlyMount,
  };
}

/** The operations that mode bits deny, and that a change of mode bits might therefore fix. */
export function deniedUses(root: RootUse): readonly DeniedUse[] {
  return (['search', 'list', 'create'] as const).flatMap((operation) => {
    const { access, reason, proof } = root[operation];
    return access === 'denied' && reason.kind === 'bits' ? [{ operation, class: reason.class, proof }] : [];
  });
}

/**
 * access(2) answers EROFS for a read-only mount, which a shell's `test -w` reports as a plain no. For a filesystem that
 * an error has stopped it answers yes.
 */
function readOnlyMountOf(
  facts: Facts,
  root: PresentNode,
  byBits: Judgement,
  create: TryResult | null,
): RootUse['readOnlyMount'] {
  const mount = mountHolding(facts.mounts, root.path);
  if (create?.result === 'allowed' && !(mount && isStopped(mount))) return null;
  if (create?.result === 'failed' && create.why.code === 'read-only-filesystem') {
    return { mountPoint: mount?.mountPoint ?? root.path, proof: 'kernel' };
  }
  if (!mount || !isReadOnly(mount)) return null;
  const onlyTheMountDenies = create !== null && create.result !== 'allowed' && byBits.access === 'allowed';
  return { mountPoint: mount.mountPoint, proof: onlyTheMountDenies ? 'kernel' : 'evaluated' };
}

/** inode_permission() in fs/namei.c: EPERM for each write, whatever capabilities the writer has. */
function immutableOf(
  root: PresentNode,
  byBits: Judgement,
  create: TryResult | null,
  readOnlyMount: RootUse['readOnlyMount'],
): RootUse['immutable'] {
  if (create?.result === 'allowed' || root.immutable.state !== 'known' || !root.immutable.value) return null;
  const onlyTheAttributeDenies = create !== null && byBits.access === 'allowed' && readOnlyMount === null;
  return { proof: onlyTheAttributeDenies ? 'kernel' : 'evaluated' };
}
