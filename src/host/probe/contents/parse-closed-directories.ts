import { known } from '../../../model/fact.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import { Mode } from '../../../model/host/posix.ts';
import type { ClosedDirectory, ShutEntry, StorageContents } from '../../../model/host/storage-contents.ts';
import { decimal } from '../../frame/field-values.ts';
import type { Report } from './storage-report.ts';

/** The host's names of accounts and groups, by number. */
export type Names = { readonly users: ReadonlyMap<number, string>; readonly groups: ReadonlyMap<number, string> };

/** A mode as `find -printf %m` and `stat -c %a` write it, padded to four digits. */
export function modeOf(octal: string): Mode {
  return Mode.parse(octal.padStart(4, '0'));
}

/** A path that is reported relative to the storage root. */
export function pathAt(place: string, path: string): HostPath {
  return HostPath.parse(`${place}/${path}`);
}

/** The directories and files to which the kernel denied the service access in a test. */
export function closedIn(report: Report, names: Names, place: string): StorageContents['closed'] {
  const tries = report.told('tries');
  if (tries.state !== 'known') return tries;
  const [places, all, count] = tries.value.split(' ');
  const immutable = new Set(report.all('immutable'));
  const withAcl = new Set(report.all('acl'));
  const directories = report.all('closed').map((line): ClosedDirectory => {
    const [letters = '', inode, uid, gid, mode, ...words] = line.split(' ');
    const path = words.join(' ');
    const closed = closedDirectory({ lacking: lackingIn(letters), inode, uid, gid, mode, path }, names, place);
    return { ...closed, immutable: immutable.has(path), acl: withAcl.has(path) };
  });
  return known({
    count: decimal(count, 'closed'),
    directories: directories.slice(0, 64),
    complete: all === 'whole',
    writePlacesTried: places === 'whole' || all === 'whole',
  });
}

/** The service's own files that the kernel denied to it in the same test, and the symlinks to what it denied. */
export function shutIn(report: Report, place: string): StorageContents['shut'] {
  return {
    count: decimal(report.all('shut-count')[0] ?? '0', 'shut'),
    entries: report
      .all('shut')
      .slice(0, 16)
      .map((line) => shutEntry(line, place)),
  };
}

/** `KIND LETTER UID GID MODE PATH` */
function shutEntry(line: string, place: string): ShutEntry {
  const [kind, letter, uid, gid, mode = '', ...path] = line.split(' ');
  return {
    path: pathAt(place, path.join(' ')),
    kind: kind === 'file' ? 'file' : 'symlink',
    lacking: letter === 'r' ? 'read' : 'write',
    mode: modeOf(mode),
    uid: decimal(uid, 'uid'),
    gid: decimal(gid, 'gid'),
  };
}

const LACKING = { x: 'search', r: 'list', w: 'create' } as const;

function lackingIn(letters: string): ClosedDirectory['lacking'] {
  return (['x', 'r', 'w'] as const).flatMap((letter) => (letters.includes(letter) ? [LACKING[letter]] : []));
}

/** The service's own directories whose owner bits are too few. */
export function ownClosed(line: string, names: Names, place: string): ClosedDirectory {
  const [inode, uid, gid, mode = '', ...path] = line.split(' ');
  const bits = Number.parseInt(mode, 8) >> 6;
  const lacking = [bits & 1 ? '' : 'x', bits & 4 ? '' : 'r', bits & 2 ? '' : 'w'].join('');
  return closedDirectory({ lacking: lackingIn(lacking), inode, uid, gid, mode, path: path.join(' ') }, names, place);
}

type ClosedLine = { readonly [key in 'inode' | 'uid' | 'gid' | 'mode']: string | undefined } & {
  readonly lacking: ClosedDirectory['lacking'];
  readonly path: string;
};

function closedDirectory({ lacking, inode = '', uid, gid, mode = '', path }: ClosedLine, names: Names, place: string) {
  const owner = decimal(uid, 'uid');
  const group = decimal(gid, 'gid');
  return {
    path: pathAt(place, path),
    lacking,
    inode,
    mode: modeOf(mode),
    uid: owner,
    gid: group,
    owner: names.users.get(owner) ?? String(owner),
    group: names.groups.get(group) ?? String(group),
    immutable: false,
    acl: false,
  };
}

/** Keeps the first report of each path. */
export function uniquePaths(directories: readonly ClosedDirectory[]): ClosedDirectory[] {
  return [...new Map(directories.map((directory) => [directory.path, directory])).values()];
}
