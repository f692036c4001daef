import type { NoAnswer } from '../../model/host/no-answer.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { guardReason } from './guard-reasons.ts';
import { sshProblem } from './ssh.ts';
import { duration } from './time.ts';

/** Why a host gave no answer that can be used: a clause, or the sentences of what went wrong with the connection. */
export function noAnswer(reason: NoAnswer): string {
  return visibleText(clause(reason));
}

const clause = sentences<NoAnswer>({
  ssh: ({ problem }) => sshProblem(problem),
  'sudo-refused': ({ said }) =>
    said === '' ? 'sudo on the host refused to run anything' : `sudo on the host refused to run anything: ${said}`,
  'guard-refused': ({ why }) => `the guard on the host accepts nothing: ${guardReason(why)}`,
  'timed-out': ({ timeoutMs }) => `no answer within ${duration(timeoutMs)}`,
  'too-long': () => 'the host printed more than an answer can have',
  'guard-failed': ({ exitCode, said }) => `the guard ended with status ${exitCode}${said === '' ? '' : `: ${said}`}`,
  malformed: ({ detail }) => detail,
  'boot-unknown': () => 'it does not say in which boot it is',
  'bot-failed': ({ said }) => `the bot failed on it (${said})`,
  'root-changed': () => 'the storage root changed in the registry’s config while it was read',
});
