import { absent, known, unknown } from '../../../model/fact.ts';
import { aclEntries, bitsOfEntry } from '../../../model/host/acl.ts';
import { type AclEntry, Facts, Mode, type PathNode, type PresentNode } from '../../../model/host/facts.ts';
import type { PlanStep } from '../../../model/plan/plan.ts';
import { hasExtendedAcl } from '../kernel/permission.ts';
import { contentsAfter } from './contents-after.ts';

/**
 * The facts as they would be after these steps. Test results from before the steps are removed, so everything that is
 * concluded from the result is a prediction.
 */
export function applySteps(facts: Facts, steps: readonly PlanStep[]): Facts {
  return Facts.parse({
    ...facts,
    nodes: steps.reduce(applyStep, facts.nodes),
    contents: contentsAfter(facts.contents, steps),
    paths: facts.paths.map((path) => ({ ...path, tries: NOT_TRIED })),
    triedAs: absent,
    searchTries: [],
    rootTries: { stat: UNTRIED, list: UNTRIED, create: UNTRIED },
  });
}

const UNTRIED = unknown('not-tried-after-change');
const NOT_TRIED = { stat: UNTRIED, list: UNTRIED, create: UNTRIED, read: UNTRIED, write: UNTRIED };

function applyStep(nodes: readonly PathNode[], step: PlanStep): PathNode[] {
  return nodes.map((node) => {
    if (node.state !== 'present' || !isInodeOf(step, node)) return node;
    return changed(node, step);
  });
}

function changed(node: PresentNode, step: PlanStep): PresentNode {
  switch (step.action) {
    case 'chmod':
      return withMode(node, step.to);
    case 'setfacl':
      return withAcl(node, aclEntries(step.to));
    case 'chown':
      return step.tree ? node : withOwners(node, step.to);
  }
}

/** Compares by inode, as the host does: a bind mount gives one directory several paths. */
function isInodeOf({ precondition }: PlanStep, node: PresentNode): boolean {
  return precondition.device === node.device && precondition.inode === node.inode;
}

/**
 * Sets a mode as chmod(1) does. With an ACL the group bits set its mask, and the others set user:: and other::
 * (acl(5)).
 */
function withMode(node: PresentNode, mode: Mode): PresentNode {
  if (node.acl.state !== 'known' || !hasExtendedAcl(node)) return { ...node, mode };
  const entries = node.acl.value.map((entry) => ({ ...entry, permissions: permissionsOf(entry, mode) }));
  return { ...node, mode, acl: { state: 'known', value: entries } };
}

/**
 * Sets an ACL, and the mode that it shows: the entries of owner and others, and the mask as the group bits (acl(5)).
 */
function withAcl(node: PresentNode, entries: AclEntry[]): PresentNode {
  const bits = (tag: AclEntry['tag']) => {
    const entry = entries.find((one) => one.tag === tag && one.id === null);
    return entry ? bitsOfEntry(entry) : 0;
  };
  const special = Number.parseInt(node.mode, 8) & 0o7000;
  const mode = special | (bits('user') << 6) | (bits('mask') << 3) | bits('other');
  return { ...node, mode: Mode.parse(mode.toString(8).padStart(4, '0')), acl: known(entries) };
}

function permissionsOf(entry: AclEntry, mode: Mode): string {
  if (entry.tag === 'user' && entry.id === null) return letters(mode, 6);
  if (entry.tag === 'mask') return letters(mode, 3);
  if (entry.tag === 'other') return letters(mode, 0);
  return entry.permissions;
}

function letters(mode: Mode, shift: number): string {
  const bits = Number.parseInt(mode, 8) >> shift;
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}

/** Sets the owners by their numbers, because the names of new owners are unknown here. */
function withOwners(node: PresentNode, owners: string): PresentNode {
  const [uid = '', gid = ''] = owners.split(':');
  return {
    ...node,
    uid: Number(uid),
    gid: Number(gid),
    owner: Number(uid) === node.uid ? node.owner : uid,
    group: Number(gid) === node.gid ? node.group : gid,
  };
}
