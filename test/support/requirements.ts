import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { postgresPrograms } from './services/postgres-programs.ts';

/** Where daemons and administrators' tools are. An ordinary account's PATH often does not include it. */
const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

type Check = {
  /** Whether the machine has it. */
  readonly isThere: () => boolean;
  /** The Debian package with it. Null if there is none. */
  readonly debianPackage: string | null;
};

/** What a test can need on the machine, and how each is named and installed. */
export const REQUIREMENTS = {
  linux: { isThere: () => process.platform === 'linux', debianPackage: null },
  fuse: { isThere: () => existsSync('/dev/fuse'), debianPackage: null },
  root: { isThere: () => process.getuid?.() === 0, debianPackage: null },
  sshd: program('sshd', 'openssh-server'),
  'ssh-keygen': program('ssh-keygen', 'openssh-client'),
  'docker-registry': program('docker-registry', 'docker-registry'),
  'prometheus-alertmanager': program('prometheus-alertmanager', 'prometheus-alertmanager'),
  acl: program('setfacl', 'acl'),
  lsattr: program('lsattr', 'e2fsprogs'),
  'mkfs.ext4': program('mkfs.ext4', 'e2fsprogs'),
  script: program('script', 'bsdutils'),
  sqlite3: program('sqlite3', 'sqlite3'),
  sudo: program('sudo', 'sudo'),
  busybox: program('busybox', 'busybox'),
  setpriv: program('setpriv', 'util-linux'),
  bash: program('bash', 'bash'),
  nsenter: program('nsenter', 'util-linux'),
  useradd: program('useradd', 'passwd'),
  'mount-namespaces': { isThere: mayUnshareMounts, debianPackage: null },
  curl: program('curl', 'curl'),
  strace: program('strace', 'strace'),
  openssl: program('openssl', 'openssl'),
  jq: program('jq', 'jq'),
  xxd: program('xxd', 'xxd'),
  promtool: program('promtool', 'prometheus'),
  postgres: { isThere: () => postgresPrograms() !== null, debianPackage: 'postgresql' },
  shellcheck: program('shellcheck', 'shellcheck'),
} as const satisfies Record<string, Check>;

export type Requirement = keyof typeof REQUIREMENTS;

/** The requirements among `names` (default: all) that this machine does not have. */
export function missingRequirements(names: readonly Requirement[] = allRequirements()): readonly Requirement[] {
  return names.filter((name) => !REQUIREMENTS[name].isThere());
}

/**
 * For the `skip` of a test that needs parts of the machine: false if all are there, otherwise the reason. With CI=true
 * a missing part throws instead, because a test that does not run is a failure there.
 */
export function skipUnless(...names: readonly Requirement[]): string | false {
  const missing = missingRequirements(names);
  if (missing.length === 0) return false;
  const reason = `needs ${missing.join(', ')}`;
  if (process.env['CI'] === 'true')
    throw new Error(`${reason}, which this machine lacks (CI=true: no test may be skipped)`);
  return reason;
}

function allRequirements(): readonly Requirement[] {
  return Object.keys(REQUIREMENTS).filter((name): name is Requirement => name in REQUIREMENTS);
}

/** Containers often deny that even to root. */
function mayUnshareMounts(): boolean {
  return spawnSync('unshare', ['-m', 'true']).status === 0;
}

function program(name: string, debianPackage: string): Check {
  const isThere = () => directories().some((directory) => existsSync(join(directory, name)));
  return { isThere, debianPackage };
}

function directories(): readonly string[] {
  return [...(process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== ''), ...SYSTEM_DIRECTORIES];
}
