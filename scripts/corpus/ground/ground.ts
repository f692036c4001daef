import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { bytesFromText, HostPath } from '../../../src/model/host/host-path.ts';
import type { Accounts } from './accounts.ts';
import type { Prepared } from './prepared.ts';

/**
 * `MODE [OWNER:GROUP [ACL]]`, for example `0750 root:ops u:registry:--x,m::r-x`. The ACL is setfacl(1)'s argument after
 * `-m`. The default is `root:root` without an ACL.
 */
export type Permissions = string;

/** `OWNER:GROUP` */
type Owners = string;

/**
 * The ground of one scenario: a directory of its own, whose ancestors everyone can pass. All paths are relative to it,
 * in the form of {@link HostPath}. {@link Ground.clear} undoes it all.
 */
export class Ground {
  readonly top: HostPath;
  readonly accounts: Accounts;
  readonly prepared: Prepared;
  readonly #undo: (() => void)[] = [];

  constructor(accounts: Accounts, prepared: Prepared) {
    this.accounts = accounts;
    this.prepared = prepared;
    this.top = HostPath.parse(mkdtempSync('/var/tmp/rd-corpus-'));
    chmodSync(this.top, 0o755);
  }

  at(relative: string): HostPath {
    return HostPath.parse(`${this.top}/${relative}`);
  }

  /** Creates the directory, and missing ones above it (0755 root:root). */
  dir(relative: string, permissions: Permissions = '0755'): HostPath {
    const path = this.at(relative);
    makeDirectories(path, this.top);
    this.permit(relative, permissions);
    return path;
  }

  permit(relative: string, permissions: Permissions): void {
    const [mode = '', owners = 'root:root', acl] = permissions.split(' ');
    const { uid, gid } = this.accounts.owners(owners);
    const path = bytes(this.at(relative));
    chownSync(path, uid, gid);
    chmodSync(path, Number.parseInt(mode, 8));
    if (acl !== undefined) execFileSync('setfacl', ['-m', acl, this.at(relative)]);
  }

  /** Copies the content of the directory `from` of this machine, with owners, modes and times. */
  copy(from: string, relative: string): void {
    const to = this.at(relative);
    makeDirectories(to, this.top);
    execFileSync('cp', ['-a', '--', `${from}/.`, to]);
  }

  move(from: string, to: string): HostPath {
    const path = this.at(to);
    makeDirectories(HostPath.parse(path.slice(0, path.lastIndexOf('/'))), this.top);
    renameSync(bytes(this.at(from)), bytes(path));
    return path;
  }

  /** Gives everything from there on to these owners, without following symlinks. */
  own(relative: string, owners: Owners): void {
    const { uid, gid } = this.accounts.owners(owners);
    execFileSync('chown', ['-R', '-h', `${uid}:${gid}`, this.at(relative)]);
  }

  /** `chmod -R 777`, the wrong fix that people try first. */
  open(relative: string): void {
    execFileSync('chmod', ['-R', '777', this.at(relative)]);
  }

  file(relative: string, text = '', permissions: Permissions = '0644'): HostPath {
    const path = this.at(relative);
    makeDirectories(HostPath.parse(path.slice(0, path.lastIndexOf('/'))), this.top);
    writeFileSync(bytes(path), text);
    this.permit(relative, permissions);
    return path;
  }

  /** `target` is written into the symlink as it is. */
  link(relative: string, target: string): HostPath {
    const path = this.at(relative);
    makeDirectories(HostPath.parse(path.slice(0, path.lastIndexOf('/'))), this.top);
    symlinkSync(bytes(target), bytes(path));
    return path;
  }

  bind(from: string, to: string): HostPath {
    return this.#mount(['--bind', this.at(from)], to);
  }

  tmpfs(relative: string, options = 'mode=0755'): HostPath {
    return this.#mount(['-t', 'tmpfs', '-o', options, 'tmpfs'], relative);
  }

  /** A disk of its own: an ext4 filesystem in a file, mounted there. */
  disk(relative: string, options = 'rw', mebibytes = 16, mkfs: readonly string[] = []): HostPath {
    const image = this.image(`disk-${relative.replaceAll('/', '-')}.img`, mebibytes, mkfs);
    return this.#mount(['-o', `loop,${options}`, image], relative);
  }

  /** The file of a disk that is not mounted. */
  image(name: string, mebibytes = 16, mkfs: readonly string[] = []): HostPath {
    const image = this.file(name);
    execFileSync('truncate', ['-s', `${mebibytes}M`, image]);
    execFileSync('mkfs.ext4', ['-q', '-F', ...mkfs, image]);
    return image;
  }

  remount(relative: string, options: string): void {
    execFileSync('mount', ['-o', `remount,${options}`, this.at(relative)]);
  }

  unmount(relative: string): void {
    execFileSync('umount', [this.at(relative)]);
  }

  /** Has the kernel find an error on the ext4 disk that is mounted there. */
  fail(relative: string): void {
    const source = execFileSync('findmnt', ['-n', '-o', 'SOURCE', this.at(relative)], { encoding: 'utf8' });
    writeFileSync(`/sys/fs/ext4/${source.trim().replace('/dev/', '')}/trigger_fs_error`, '1');
  }

  /** chattr(1), reverted at the end. */
  attribute(relative: string, flag: 'i' | 'a'): void {
    execFileSync('chattr', [`+${flag}`, this.at(relative)]);
    this.#undo.push(() => execFileSync('chattr', [`-${flag}`, this.at(relative)]));
  }

  /** Takes all the space that the filesystem of this directory has left. */
  fill(relative: string): void {
    const file = openSync(`${this.at(relative)}/ballast`, 'w');
    try {
      for (const size of [1024 * 1024, 4096, 1]) fillWith(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  /** Takes all the inodes that the filesystem of this directory has left. */
  useUpInodes(relative: string): void {
    const directory = `${this.at(relative)}/many`;
    mkdirSync(directory);
    for (let index = 0; ; index += 1) {
      try {
        writeFileSync(`${directory}/${index}`, '');
      } catch {
        return;
      }
    }
  }

  /** Appends the text to a file of the machine's /etc, which is this process's own (see `machine.ts`). */
  etc(file: string, text: string): void {
    const path = `/etc/${file}`;
    const before = execFileSync('cat', [path], { encoding: 'utf8' });
    writeFileSync(path, `${before}\n${text}\n`);
    this.#undo.push(() => writeFileSync(path, before));
  }

  atEnd(undo: () => void): void {
    this.#undo.push(undo);
  }

  clear(): void {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) undo();
    execFileSync('rm', ['-rf', '--one-file-system', '--', this.top]);
  }

  #mount(words: readonly string[], relative: string): HostPath {
    const path = this.at(relative);
    makeDirectories(path, this.top);
    execFileSync('mount', [...words, path]);
    this.#undo.push(() => execFileSync('sh', ['-c', 'umount -l "$1" 2>/dev/null || true', 'sh', path]));
    return path;
  }
}

function makeDirectories(path: HostPath, top: HostPath): void {
  const names = path.slice(top.length + 1).split('/');
  let directory: string = top;
  for (const name of names.filter((part) => part !== '')) {
    directory = `${directory}/${name}`;
    if (isThere(directory)) continue;
    mkdirSync(bytes(directory));
    chmodSync(bytes(directory), 0o755);
  }
}

function isThere(path: string): boolean {
  try {
    readdirSync(bytes(path));
    return true;
  } catch {
    return false;
  }
}

function fillWith(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch {
    // No space left, as wanted.
  }
}

/** The argument of node:fs for a path in its text form. */
export function bytes(text: string): Buffer {
  return Buffer.from(bytesFromText(text));
}
