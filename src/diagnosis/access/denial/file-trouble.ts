import type { PermissionClass } from '../../../model/diagnosis/access.ts';
import type { FileCause } from '../../../model/diagnosis/findings/files.ts';
import { knownValue } from '../../../model/fact.ts';
import type { Facts, Identity, PresentNode, TryResult } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import { type JudgedPath, useOf } from '../judge/judge-path.ts';
import { deniedUses, LETTERS_FOR } from '../judge/judge-root.ts';
import type { Walk } from '../judge/judge-walk.ts';
import { type Judgement, judge } from '../judge/judgement.ts';
import { evaluateUse } from '../kernel/evaluate-use.ts';
import type { Letter } from '../kernel/minimal-grant.ts';
import { isReadOnly, mountHolding } from '../kernel/mount-table.ts';
import type { Evaluation } from '../kernel/permission.ts';

/** Permissions that are missing at one directory or file on the path, or at its end. */
export type Blocker = {
  readonly node: PresentNode;
  readonly deciding: PermissionClass;
  readonly wanted: readonly Letter[];
  readonly proof: Judgement['proof'];
};

/** Why a file or directory outside the storage can't be used by the account that needs it. */
export type FileTrouble = {
  readonly cause: FileCause;
  readonly at: HostPath;
  readonly proof: Judgement['proof'];
  /**
   * Every directory on the path, and its end, that permissions close, in path order. Empty: permissions are not the
   * cause.
   */
  readonly blockers: readonly Blocker[];
};

/** Finds the first fault on the path to a file. Null: no fault is known. */
export function troubleWith(facts: Facts, path: JudgedPath): FileTrouble | null {
  const { walk, identity } = path;
  if (identity === null) return null;
  const onWay = blockersOn(walk);
  const all = [...onWay, ...blockersAtEnd(path)];
  const [first] = all;
  const end = refusedLink(walk) ?? troubleAtEnd(facts, path, identity);
  // A missing file comes first: opening directories would not bring it back.
  if (end !== null && (first === undefined || facts.probe.uid === 0)) return end;
  if (first === undefined) return null;
  const cause = onWay.length > 0 ? 'directory-closed' : 'no-permission';
  return { cause, at: first.node.path, proof: first.proof, blockers: all };
}

/** Finds a symlink that the kernel does not follow, not even for root. No permission opens it. */
function refusedLink({ visits }: Walk): FileTrouble | null {
  for (const { step } of visits) {
    const { access, reason, proof, path } = step;
    if (access !== 'denied' || (reason.kind !== 'nosymfollow' && reason.kind !== 'protected-symlink')) continue;
    return { cause: reason.kind, at: path, proof, blockers: [] };
  }
  return null;
}

function blockersOn({ visits }: Walk): Blocker[] {
  return visits.flatMap(({ node, step, searched }): Blocker[] => {
    const { reason, access, proof } = step;
    if (node.state !== 'present' || !searched || access !== 'denied' || reason.kind !== 'bits') return [];
    return [{ node, deciding: reason.class, wanted: ['x'], proof }];
  });
}

function blockersAtEnd({ used, file, directory }: JudgedPath): Blocker[] {
  if (file) {
    const { node, judgement } = file;
    const { reason, access, proof } = judgement;
    const wanted: readonly Letter[] = useOf(used) === 'write' ? ['w'] : ['r'];
    return access === 'denied' && reason.kind === 'bits' ? [{ node, deciding: reason.class, wanted, proof }] : [];
  }
  if (!directory || useOf(used) === 'read' || useOf(used) === 'make') return [];
  const denied = deniedUses(directory).filter(({ operation }) => operation === 'create');
  return denied.map(({ class: deciding, proof, operation }) => ({
    node: directory.node,
    deciding,
    wanted: LETTERS_FOR[operation],
    proof,
  }));
}

function troubleAtEnd(facts: Facts, path: JudgedPath, identity: Identity): FileTrouble | null {
  const { walk, used, directory } = path;
  const { end } = walk;
  const because = (cause: FileCause, at: HostPath): FileTrouble => ({ cause, at, proof: proofOf(path), blockers: [] });
  switch (end.kind) {
    case 'loop':
      return because('symlink-loop', end.path);
    case 'not-a-directory':
      return because('not-a-directory', end.path);
    case 'missing':
      return end.link === null && (useOf(used) === 'make' || useOf(used) === 'write')
        ? troubleWithMaking(facts, path, identity)
        : because('missing', end.path);
    case 'directory':
      if (useOf(used) === 'read' || useOf(used) === 'make') return because('is-a-directory', end.root.path);
      if (directory?.readOnlyMount) return because('read-only', end.root.path);
      return directory?.immutable ? because('immutable', end.root.path) : null;
    case 'file':
      return useOf(used) === 'write' ? troubleWithWriting(facts, used, end.file, identity) : null;
    case 'unseen':
      return null;
  }
}

/**
 * What forbids writing whatever the modes allow (may_open() and inode_permission() in fs/namei.c). The host's test uses
 * access(2), which checks all of it except that an append-only file can be opened to append.
 */
function troubleWithWriting(facts: Facts, used: UsedPath, file: PresentNode, identity: Identity): FileTrouble | null {
  const tried = knownValue(used.tries.write);
  const trouble = troubleWithChanging(facts, file, tried, evaluateUse(facts, file, identity, 'w'));
  if (trouble !== null || file.appendOnly.state !== 'known' || !file.appendOnly.value) return trouble;
  return { cause: 'append-only', at: file.path, proof: 'evaluated', blockers: [] };
}

/** Why a missing file can't be created: its directory must let the service create it (open(2), O_CREAT). */
function troubleWithMaking(facts: Facts, { walk, used }: JudgedPath, identity: Identity): FileTrouble | null {
  const { end } = walk;
  if (end.kind !== 'missing') return null;
  const above = end.path.slice(0, end.path.lastIndexOf('/')) || '/';
  const parent = walk.visits.find(({ node }) => node.path === above)?.node;
  if (parent?.state !== 'present') return null;
  const tried = end.rest.length === 0 ? knownValue(used.tries.write) : null;
  const evaluation = evaluateUse(facts, parent, identity, 'wx');
  const trouble = troubleWithChanging(facts, parent, tried, evaluation);
  if (trouble !== null) return trouble;
  const { access, reason, proof } = judge(evaluation, tried);
  if (access !== 'denied' || reason.kind !== 'bits') return null;
  return { cause: 'cannot-be-made', at: parent.path, proof, blockers: [] };
}

/** Finds the mount or the attribute that lets no one write here. */
function troubleWithChanging(
  facts: Facts,
  node: PresentNode,
  tried: TryResult | null,
  byBits: Evaluation,
): FileTrouble | null {
  if (tried?.result === 'allowed') return null;
  const mount = mountHolding(facts.mounts, node.path);
  const isOnReadOnlyMount = mount !== null && isReadOnly(mount);
  const isImmutable = node.immutable.state === 'known' && node.immutable.value;
  if (!isOnReadOnlyMount && !isImmutable) return null;
  const onlyThisDenies = tried !== null && byBits.access === 'allowed';
  const cause = isOnReadOnlyMount ? 'read-only' : 'immutable';
  return { cause, at: node.path, proof: onlyThisDenies ? 'kernel' : 'evaluated', blockers: [] };
}

/** Returns the proof: the kernel's, if the service's own stat or read failed. */
function proofOf({ used }: JudgedPath): Judgement['proof'] {
  const { stat, read } = used.tries;
  const failed = [stat, read].some((fact) => fact.state === 'known' && fact.value.result === 'failed');
  return failed ? 'kernel' : 'evaluated';
}
