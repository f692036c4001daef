import { z } from 'zod';
import { type Fact, unknown } from '../model/fact.ts';
import type { Identity, ServiceProcess } from '../model/facts.ts';
import { textFromBytes } from '../model/host-path.ts';
import { parseIdentity, words } from './parse-identity.ts';
import { decimal, type RecordFields } from './record-fields.ts';

const MountNamespace = z.enum(['same', 'other', 'unknown']);
const MAX_COMMAND_CHARACTERS = 1024;

/** The live registry process, `PID UID GID …` and what goes with it. */
export function parseProcess(fields: RecordFields): Fact<ServiceProcess> {
  return fields.fact('process', (value) => {
    const [pid, ...identity] = words(textFromBytes(value));
    return {
      pid: decimal(pid, 'pid'),
      command: commandFrom(fields.text('process-arguments')),
      identity: parseIdentity(identity, fields.text('process-user')),
      mountNamespace: MountNamespace.parse(fields.text('process-mounts')),
      userNamespace: 'unknown' as const,
      startedAt: unknown('not asked'),
      mounts: unknown('not asked'),
    };
  });
}

/** The account that the settings name; an account has no capabilities. */
export function parseAccount(fields: RecordFields): Fact<Identity> {
  return fields.fact('account', (value) => parseIdentity(words(textFromBytes(value)), fields.text('account-user')));
}

function commandFrom(lines: string): string {
  return lines
    .split('\n')
    .filter((argument) => argument !== '')
    .join(' ')
    .slice(0, MAX_COMMAND_CHARACTERS);
}
