import { z } from 'zod';
import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { Facts, Identity, ServiceProcess } from '../../../model/host/facts.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import { decimal, type FieldValues } from '../../frame/field-values.ts';
import { parseIdentity, words } from '../place/parse-identity.ts';

const Namespace = z.enum(['same', 'other', 'unknown']);
const MAX_COMMAND_CHARACTERS = 1024;

/** USER_HZ: the unit of clock ticks that Linux reports to programs, on every current processor (time(7)). */
const TICKS_PER_SECOND = 100;

/** The running registry process, from `PID UID GID ...` and its further fields. */
export function parseProcess(fields: FieldValues, bootedAt: Fact<number>): Fact<ServiceProcess> {
  return fields.fact('process', (value) => {
    const [pid, ...identity] = words(textFromBytes(value));
    const mountNamespace = Namespace.parse(fields.text('process-mounts'));
    return {
      pid: decimal(pid, 'pid'),
      command: commandFrom(fields.text('process-arguments')),
      identity: parseIdentity(identity, fields.text('process-user')),
      mountNamespace,
      userNamespace: Namespace.parse(fields.text('process-users')),
      startedAt: startedAt(fields.text('process-start'), bootedAt),
      mounts: mountNamespace === 'same' ? absent : unknown('not-looked-at'),
    };
  });
}

/** Processes of other accounts that look like the registry, each as `PID UID NAME`. */
export function parseForeignProcesses(fields: FieldValues): Facts['foreignProcesses'] {
  return fields.all('foreign-process').map((value) => {
    const [pid, uid, ...user] = textFromBytes(value).split(' ');
    return { pid: decimal(pid, 'pid'), uid: decimal(uid, 'uid'), user: user.join(' ') };
  });
}

/**
 * When the process started, from clock ticks since the boot (field 22 of /proc/PID/stat, proc_pid_stat(5)). Unknown if
 * the process was gone.
 */
function startedAt(ticks: string, bootedAt: Fact<number>): Fact<number> {
  if (bootedAt.state !== 'known') return bootedAt;
  if (ticks === '') return unknown('ended-meanwhile');
  return known(bootedAt.value + Math.floor(decimal(ticks, 'start of the process') / TICKS_PER_SECOND));
}

/** The account that the settings name. An account has no capabilities. */
export function parseAccount(fields: FieldValues): Fact<Identity> {
  return fields.fact('account', (value) => parseIdentity(words(textFromBytes(value)), fields.text('account-user')));
}

function commandFrom(lines: string): string {
  return lines
    .split('\n')
    .filter((argument) => argument !== '')
    .join(' ')
    .slice(0, MAX_COMMAND_CHARACTERS);
}
