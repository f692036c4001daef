import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Root } from './row.ts';

/** What was fetched is kept here, outside the checkout, and used again by the next run. */
export const CACHE = '/var/cache/rd-hosts';

/** As `dpkg -x`, which would replace the symlinks /bin, /sbin and /lib of the root by the package's own directories. */
const UNPACK = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"';

/** Adds the files of Debian packages to a root. Their scripts don't run, so nothing starts and nothing is configured. */
export function addPackages(names: readonly string[], from: Root, root: string): void {
  for (const name of names) run(['sh', '-ec', UNPACK, 'sh', packageFile(name, from), root]);
}

/** Fetches a package with the apt of its Debian, and nothing that it depends on. */
function packageFile(name: string, from: Root): string {
  const directory = join(CACHE, 'packages', from, name);
  mkdirSync(directory, { recursive: true });
  const kept = () => readdirSync(directory).find((file) => file.endsWith('.deb'));
  if (kept() === undefined) {
    const apt = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root'];
    const at = from === 'here' ? [] : ['chroot', debianRoot(from)];
    const place = from === 'here' ? directory : join(debianRoot(from), 'tmp');
    const inPlace = from === 'here' ? [] : ['env', '-C', '/tmp'];
    const download = [...at, ...inPlace, ...apt, 'download', name];
    if (!ran(download, place)) {
      run([...at, ...apt, 'update'], place);
      run(download, place);
    }
    if (from !== 'here') run(['sh', '-c', 'mv -- "$1"/*.deb "$2"', 'sh', place, directory]);
  }
  return join(directory, kept() ?? '');
}

/** The root of a minimal Debian of that name, with what a registry's host has. Made once. */
export function debianRoot(suite: Exclude<Root, 'here'>): string {
  const directory = join(CACHE, suite);
  if (existsSync(join(directory, 'etc/debian_version')) && !existsSync(join(directory, 'debootstrap')))
    return directory;
  mkdirSync(CACHE, { recursive: true });
  const packages = 'openssh-server,openssh-client,sudo,acl,curl,e2fsprogs,busybox-static,mawk';
  run(['debootstrap', '--variant=minbase', `--include=${packages}`, suite, directory]);
  return directory;
}

function run(command: readonly string[], directory = '/'): void {
  if (!ran(command, directory)) throw new Error(`${command.join(' ')} failed`);
}

function ran([program = '', ...words]: readonly string[], cwd: string): boolean {
  return spawnSync(program, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
