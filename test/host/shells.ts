import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { skipUnless } from '../support/requirements.ts';

/** A shell that reads a program from its standard input. */
export type Shell = { readonly name: string; readonly command: readonly string[]; readonly skip: string | false };

/** Every shell that `/bin/sh` may be on a host. */
export const DASH: Shell = { name: 'dash', command: ['dash', '-s'], skip: skipUnless('linux') };
export const BUSYBOX: Shell = {
  name: 'busybox sh',
  command: ['busybox', 'sh', '-s'],
  skip: skipUnless('linux', 'busybox'),
};
export const SHELLS: readonly Shell[] = [
  DASH,
  { name: 'bash', command: ['bash', '--posix', '-s'], skip: skipUnless('linux', 'bash') },
  BUSYBOX,
];

/** A whole identity, as setpriv takes it. */
export type RunAs = { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };

const TIMEOUT_MS = 60_000;

/** Hands the script to the shell over its standard input, as sshd does. */
export function runScript(
  shell: Shell,
  script: string,
  options: { readonly as?: RunAs; readonly env?: Record<string, string> } = {},
): SpawnSyncReturns<Buffer> {
  const [program = '', ...args] = [...asIdentity(options.as), ...shell.command];
  return spawnSync(program, args, {
    input: script,
    timeout: TIMEOUT_MS,
    maxBuffer: 16 * 1024 * 1024,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent', ...options.env },
  });
}

/** The words before a command that is to run as somebody else. */
export function asIdentity(as: RunAs | undefined): readonly string[] {
  if (as === undefined) return [];
  const groups = as.groups.length > 0 ? ['--groups', as.groups.join(',')] : ['--clear-groups'];
  return ['setpriv', '--reuid', String(as.uid), '--regid', String(as.gid), ...groups, '--'];
}
