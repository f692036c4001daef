import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import { type AclEntry, Mode, type PathNode, PresentNode } from '../../../src/model/host/facts.ts';

/**
 * The inodes from `/` down to everything below `top`, as facts. ACLs are read with getfacl(1) if `withAcls` says that
 * there might be some.
 */
export function nodesOfTree(top: string, withAcls: boolean): PathNode[] {
  const acls = withAcls ? readAcls(top) : new Map<string, AclEntry[]>();
  return [...ancestorsOf(top), ...everythingIn(top)].map((path) => nodeAt(path, acls.get(path) ?? []));
}

const NOT_LOOKED = unknown('not-looked-at');

function nodeAt(path: string, acl: AclEntry[]): PathNode {
  const stats = lstatSync(path);
  return PresentNode.parse({
    state: 'present',
    path,
    kind: kindOf(stats),
    target: stats.isSymbolicLink() ? readlinkSync(path) : null,
    mode: Mode.parse((stats.mode & 0o7777).toString(8).padStart(4, '0')),
    uid: stats.uid,
    gid: stats.gid,
    owner: `u${stats.uid}`,
    group: `g${stats.gid}`,
    device: String(stats.dev),
    inode: String(stats.ino),
    changedAt: Math.floor(stats.ctimeMs / 1000),
    modifiedAt: NOT_LOOKED,
    bornAt: absent,
    acl: known(acl),
    immutable: NOT_LOOKED,
    appendOnly: NOT_LOOKED,
  });
}

function kindOf(stats: Stats): PresentNode['kind'] {
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isDirectory()) return 'directory';
  return stats.isFile() ? 'file' : 'other';
}

function ancestorsOf(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)];
}

function everythingIn(top: string): string[] {
  const below = readdirSync(top, { withFileTypes: true }).flatMap((entry) => {
    const path = join(top, entry.name);
    return entry.isDirectory() ? everythingIn(path) : [path];
  });
  return [top, ...below];
}

function readAcls(top: string): Map<string, AclEntry[]> {
  const text = execFileSync('getfacl', ['-R', '-P', '-n', '-p', '-s', top], { encoding: 'utf8' });
  const blocks = text.split('\n\n').filter((block) => block.startsWith('# file: '));
  return new Map(blocks.map((block) => [block.slice('# file: '.length, block.indexOf('\n')), entriesIn(block)]));
}

function entriesIn(block: string): AclEntry[] {
  const matches = block.matchAll(/^(user|group|mask|other):(\d*):([r-][w-][x-])/gm);
  return [...matches].map(([, tag, id, permissions]) => {
    if (tag !== 'user' && tag !== 'group' && tag !== 'mask' && tag !== 'other') throw new Error(block);
    return { tag, id: id ? Number(id) : null, permissions: permissions ?? '---' };
  });
}
