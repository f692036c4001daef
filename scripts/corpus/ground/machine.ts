import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Accounts, GROUP_LINES, PASSWD_LINES } from './accounts.ts';

/** The words that start a program in mounts and processes of its own. Everything in there ends with it. */
export const APART = [
  'unshare',
  '--mount',
  '--propagation',
  'private',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
];

/**
 * Makes this process's own copy of what scenarios change on a machine: /etc (accounts, fstab), /opt, /var/log, and
 * /var/lib, where hosts keep the record of plans. Only for a process that {@link APART} has started: nothing of it is
 * visible outside, or stays.
 */
export function setUpMachine(): Accounts {
  const scratch = mkdtempSync(`${tmpdir()}/rd-machine-`);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', scratch]);
  for (const place of ['etc', 'opt', 'var/lib', 'var/log']) {
    for (const part of ['changed', 'work']) mkdirSync(`${scratch}/${place}/${part}`, { recursive: true });
    const options = `lowerdir=/${place},upperdir=${scratch}/${place}/changed,workdir=${scratch}/${place}/work`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, `/${place}`]);
  }
  // The mounts keep it. Its directory is on the machine's own disk.
  execFileSync('umount', ['-l', scratch]);
  rmdirSync(scratch);
  appendFileSync('/etc/passwd', `${PASSWD_LINES.join('\n')}\n`);
  appendFileSync('/etc/group', `${GROUP_LINES.join('\n')}\n`);
  return new Accounts();
}
