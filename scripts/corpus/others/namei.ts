import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import type { Identity } from '../../../src/model/host/facts.ts';
import type { Accounts } from '../ground/accounts.ts';

/** What a reader of `namei -l PATH` would blame first: a directory, by the given path. Null for nothing. */
export type Blamed = { readonly path: string } | null;

/**
 * `namei -l`, read as its users read it: for each directory the owner's letters if the service is the owner, the
 * group's if it is in the group, otherwise those of others. That shows no ACL, no capability, no mount and no ENOSPC. A
 * missing `x` is the culprit, and on the last directory a missing `w` as well. The reader knows the service's groups
 * from id(1).
 */
export function readNamei(path: string, identity: Identity, accounts: Accounts): Blamed {
  const { stdout } = spawnSync('namei', ['-l', path], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  const lines = linesOf(stdout);
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'missing') return { path: line.path };
    if (line.kind !== 'directory') continue;
    const letters = lettersFor(line, identity, accounts);
    const isLast = index === lines.length - 1;
    if (!/[xst]/.test(letters) || (isLast && !(letters.includes('r') && letters.includes('w'))))
      return { path: line.path };
  }
  const last = lines.at(-1);
  return last && last.kind !== 'directory' ? { path: last.path } : null;
}

type Line = {
  readonly kind: 'directory' | 'link' | 'other' | 'missing';
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
};

/** Lines below a symlink are indented deeper and show the path of its target. */
function linesOf(text: string): readonly Line[] {
  let here = '/';
  const lines: Line[] = [];
  for (const line of text.split('\n').slice(1)) {
    const missing = /^ *(.+) - No such file or directory$/.exec(line);
    if (missing) {
      lines.push({ kind: 'missing', path: join(here, missing[1] ?? ''), mode: '', owner: '', group: '' });
      break;
    }
    const [, type, mode = '', owner = '', group = '', name = ''] =
      /^(.)(\S{9})\S? +(\S+) +(\S+) +(.*)$/.exec(line) ?? [];
    if (type === 'l') {
      const [shown = '', target = ''] = name.split(' -> ');
      lines.push({ kind: 'link', path: join(here, shown), mode, owner, group });
      if (target.startsWith('/')) here = '/';
    } else if (type !== undefined) {
      here = name === '/' ? '/' : name === '..' ? dirname(here) : join(here, basename(name));
      lines.push({ kind: type === 'd' ? 'directory' : 'other', path: here, mode, owner, group });
    }
  }
  return lines;
}

function lettersFor({ mode, owner, group }: Line, identity: Identity, accounts: Accounts): string {
  const { uid, gid } = accounts.owners(`${owner}:${group}`);
  if (uid === identity.uid) return mode.slice(0, 3);
  if (gid === identity.gid || identity.groups.includes(gid)) return mode.slice(3, 6);
  return mode.slice(6, 9);
}
