import { absent, type Fact, unknown } from '../../../model/fact.ts';
import type { AclEntry, PathNode } from '../../../model/host/facts.ts';
import { HostPath, textFromBytes } from '../../../model/host/host-path.ts';
import { linesOf } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import type { OutputField } from '../../frame/read-fields.ts';
import { readReason } from '../../frame/read-reason.ts';
import { parseInode } from './parse-inode.ts';

/** ACLs by path. */
export type Acls = ReadonlyMap<HostPath, Fact<AclEntry[]>>;

/** A file or directory that the walk reached, before its stat line is added. */
type Met =
  | { readonly state: 'met'; readonly path: HostPath; readonly target: string | null }
  | Exclude<PathNode, { state: 'present' }>;

/**
 * The files and directories on the path to the storage root, then those on the other paths, in the order in which the
 * kernel reaches them.
 *
 * @param stats one line of `stat` for each existing one, in the same order
 * @param aclsOf reads the ACLs, which were requested for directories and regular files
 * @throws MalformedOutput if the two do not match
 */
export function parseNodes(
  outputFields: readonly OutputField[],
  stats: Uint8Array,
  aclsOf: (paths: readonly HostPath[]) => Acls,
): PathNode[] {
  const met = nodesMet(outputFields);
  const lines = [...linesOf(stats)];
  if (lines.length !== met.filter((node) => node.state === 'met').length) {
    throw new MalformedOutput('incomplete', 'path nodes');
  }
  const nodes = onceEach(met.map((node) => (node.state === 'met' ? withInode(node, lines.shift() ?? '') : node)));
  const withPermissions = nodes.flatMap((node) => (hasPermissions(node) ? [node.path] : []));
  const acls = aclsOf(withPermissions);
  return nodes.map((node) => (hasPermissions(node) ? { ...node, acl: acls.get(node.path) ?? node.acl } : node));
}

/** A directory or regular file, for which ACL and attributes were requested. */
export function hasPermissions(node: PathNode): node is Extract<PathNode, { state: 'present' }> {
  return node.state === 'present' && (node.kind === 'directory' || node.kind === 'file');
}

/** Keeps each node once. Several paths can end at the same missing directory. */
function onceEach(nodes: readonly PathNode[]): PathNode[] {
  const byPath = new Map<HostPath, PathNode>();
  for (const node of nodes) {
    const before = byPath.get(node.path);
    if (before?.state === 'present' && node.state === 'present') {
      throw new MalformedOutput('repeated', 'path node');
    }
    if (before === undefined) byPath.set(node.path, node);
  }
  return [...byPath.values()];
}

function nodesMet(outputFields: readonly OutputField[]): Met[] {
  return outputFields.flatMap(({ key, value }, index): Met[] => {
    const next = () => companion(outputFields[index + 1], key);
    if (key === 'node-path') return [{ state: 'met', path: pathFrom(value), target: null }];
    if (key === 'link-path') return [{ state: 'met', path: pathFrom(value), target: textFromBytes(next()) }];
    if (key === 'node-missing') return [{ state: 'missing', path: pathFrom(value) }];
    if (key === 'node-unseen')
      return [{ state: 'unseen', path: pathFrom(value), why: readReason(textFromBytes(next())) }];
    return [];
  });
}

const COMPANIONS: Readonly<Record<string, string>> = { 'link-path': 'link-target', 'node-unseen': 'node-unseen-why' };

/** The value of the field that follows a field and belongs to it. */
function companion(field: OutputField | undefined, key: string): Uint8Array {
  if (field === undefined || field.key !== COMPANIONS[key]) throw new MalformedOutput('unexpected', key);
  return field.value;
}

/** @throws ZodError if the bytes are not an absolute path */
export function pathFrom(bytes: Uint8Array): HostPath {
  return HostPath.parse(textFromBytes(bytes));
}

function withInode(node: Extract<Met, { state: 'met' }>, line: string): PathNode {
  if (line === '-') return { state: 'unseen', path: node.path, why: { code: 'changed-meanwhile' } };
  const inode = parseInode(line);
  if ((inode.kind === 'symlink') !== (node.target !== null)) {
    return { state: 'unseen', path: node.path, why: { code: 'changed-meanwhile' } };
  }
  return {
    state: 'present',
    path: node.path,
    target: node.target,
    ...inode,
    acl: node.target === null ? unknown('not-asked-of-links') : absent,
    immutable: unknown('not-asked'),
    appendOnly: unknown('not-asked'),
  };
}
