import type { HostRow } from '../row.ts';
import { loginShell } from './shells.ts';

/** Hosts that imitate the guard or the bot's questions: none of it may be believed. */

/** A complete, well-formed beginning of an answer that calls the registry healthy, without the nonce of the request. */
const IMITATION = `printf "0 registry-doctor/1 probe\\\\0abcdefgh\\\\0001 end\\\\0abcdefgh 1\\\\000"; echo; echo 0; echo "uid-0 0"`;

/** A login shell that answers for the command that it was to run. */
const HOSTILE_SHELL = `
printf '%s\\n' '#!/bin/sh' ${JSON.stringify(IMITATION).replaceAll('$', '\\$')} 'exit 0' >/bin/hostile
chmod 755 /bin/hostile
sed -i -E 's#^(registry-doctor(-guard)?:.*):[^:]*$#\\1:/bin/hostile#' /etc/passwd
`;

/** sudo that changes what the guard prints on its way to the bot. */
function sudoThat(filter: string): string {
  return `
mv /usr/bin/sudo /usr/bin/sudo.real
printf '%s\\n' '#!/bin/sh' '/usr/bin/sudo.real "$@" | ${filter}' >/usr/bin/sudo
chmod 755 /usr/bin/sudo
`;
}

export const ATTACK_ROWS: readonly HostRow[] = [
  {
    id: 'noise-like-an-answer',
    group: 'attack',
    what: 'a start file prints what a guard’s answer looks like',
    afterSetup: loginShell('/bin/bash', '.bashrc', IMITATION),
  },
  {
    id: 'hostile-shell',
    group: 'attack',
    what: 'a login shell that answers in place of the guard',
    afterSetup: HOSTILE_SHELL,
  },
  {
    id: 'sudo-swaps',
    group: 'attack',
    what: 'a sudo that changes words in the guard’s answer',
    afterSetup: sudoThat('sed "s/denied/allowed/g"'),
  },
  {
    id: 'sudo-cuts',
    group: 'attack',
    what: 'a sudo that cuts the guard’s answer',
    afterSetup: sudoThat('head -c 3000'),
  },
  {
    id: 'sudo-adds',
    group: 'attack',
    what: 'a sudo that adds to the guard’s answer',
    afterSetup: sudoThat('cat - /etc/hostname'),
  },
];
