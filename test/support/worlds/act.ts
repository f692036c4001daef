import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

/**
 * One action for making a world. `at` is a path in it, and `''` is its top. In `to` a leading `%` stands for the top.
 * An impossible action is left out, so any part of a list of actions makes a world as well.
 */
export type Act =
  | { readonly do: 'directory' | 'file'; readonly at: string }
  | { readonly do: 'tmpfs'; readonly at: string }
  | { readonly do: 'link'; readonly at: string; readonly to: string; readonly uid: number }
  | { readonly do: 'own'; readonly at: string; readonly uid: number; readonly gid: number }
  | { readonly do: 'mode'; readonly at: string; readonly mode: string }
  /** A complete ACL: `user::rwx,user:61001:--x,group::r-x,mask::r-x,other::---`. */
  | { readonly do: 'acl'; readonly at: string; readonly acl: string }
  /** See chattr(1): `i` immutable, `a` append-only. */
  | { readonly do: 'attribute'; readonly at: string; readonly letter: 'i' | 'a' }
  /** A directory over a directory, or a file over a file. */
  | { readonly do: 'bind'; readonly at: string; readonly from: string }
  /** Of a mount: its own options (`bind,ro`), or those of its filesystem (`ro`). */
  | { readonly do: 'remount'; readonly at: string; readonly options: string };

type ByShell = Extract<Act, { do: 'tmpfs' | 'attribute' | 'bind' | 'remount' }>;

/** Does them in order. Needs root, and for mounts a private mount namespace. */
export function perform(acts: readonly Act[], top: string): void {
  const pending: string[] = [];
  const acls: string[] = [];
  for (const act of acts) {
    const path = pathOf(top, act.at);
    if (act.do === 'acl') {
      acls.push(aclBlock(path, act.acl));
      continue;
    }
    restoreAcls(acls.splice(0));
    if (isByShell(act)) {
      pending.push(commandFor(act, top));
      continue;
    }
    runCommands(pending.splice(0));
    whereItCan(() => performByNode(act, path, top));
  }
  runCommands(pending);
  restoreAcls(acls);
}

/** The path in a world that the text names. `%` is its top. */
export function inWorld(top: string, text: string): string {
  return text.startsWith('%') ? `${top}${text.slice(1)}` : text;
}

function pathOf(top: string, at: string): string {
  return at === '' ? top : `${top}/${at}`;
}

function performByNode(act: Exclude<Act, ByShell | { do: 'acl' }>, path: string, top: string): void {
  switch (act.do) {
    case 'directory':
      mkdirSync(path);
      chmodSync(path, 0o755);
      break;
    case 'file':
      writeFileSync(path, '', { flag: 'wx' });
      chmodSync(path, 0o644);
      break;
    case 'link':
      symlinkSync(inWorld(top, act.to), path);
      lchownSync(path, act.uid, 0);
      break;
    case 'own':
      if (hasPermissions(path)) chownSync(path, act.uid, act.gid);
      break;
    case 'mode':
      if (hasPermissions(path)) chmodSync(path, Number.parseInt(act.mode, 8));
      break;
  }
}

function whereItCan(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}

function isByShell(act: Act): act is ByShell {
  return act.do === 'tmpfs' || act.do === 'attribute' || act.do === 'bind' || act.do === 'remount';
}

/** All paths are in one directory of a test's own, and have plain names. */
function commandFor(act: ByShell, top: string): string {
  const path = pathOf(top, act.at);
  const isNoLink = `[ ! -L '${path}' ] &&`;
  switch (act.do) {
    case 'tmpfs':
      return `${isNoLink} [ -d '${path}' ] && mount -t tmpfs -o mode=755,size=1m none '${path}'`;
    case 'bind':
      return `${isNoLink} [ ! -L '${pathOf(top, act.from)}' ] && mount --bind '${pathOf(top, act.from)}' '${path}'`;
    case 'remount':
      return `${isNoLink} mount -o 'remount,${act.options}' '${path}'`;
    case 'attribute':
      return `${isNoLink} chattr +${act.letter} '${path}'`;
  }
}

function runCommands(commands: readonly string[]): void {
  if (commands.length > 0) spawnSync('sh', ['-c', commands.join('\n')], { stdio: 'ignore' });
}

function aclBlock(path: string, acl: string): string {
  return hasPermissions(path) ? `# file: ${path}\n${acl.replaceAll(',', '\n')}\n` : '';
}

/** A directory or a file, not a symlink to one. */
function hasPermissions(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.isDirectory() || stats.isFile());
}

function restoreAcls(blocks: readonly string[]): void {
  const input = blocks.join('\n').trim();
  if (input !== '') spawnSync('setfacl', ['--restore=-'], { input: `${input}\n`, stdio: ['pipe', 'ignore', 'ignore'] });
}
