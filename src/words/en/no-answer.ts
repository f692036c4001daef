import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { OutputFault } from '../../model/connection/output-fault.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { guardReason } from './guard-reasons.ts';
import { sshProblem } from './ssh.ts';
import { duration } from './time.ts';

/** Why a host gave no answer that can be used: a clause, or the sentences of what went wrong with the connection. */
export function noAnswer(reason: NoAnswer): string {
  return visibleText(clause(reason));
}

/** What is wrong with the form of a host's output; parts are called by the guard's own names. */
const outputFault = sentences<OutputFault>({
  'not-begun': () => 'the guard’s answer does not begin',
  cut: () => 'the answer is cut off',
  'not-ended': () => 'the answer does not end as it began',
  'out-of-order': ({ part }) => `${part} of the answer is missing or out of order`,
  unreadable: ({ part }) => `${named(part)} can’t be read`,
  missing: ({ part }) => `“${part}” is missing in the answer`,
  repeated: ({ part }) => `“${part}” is in the answer more than once`,
  incomplete: ({ part }) => `“${part}” is not complete in the answer`,
  unexpected: ({ part }) => `“${part}” is in the answer where it does not belong`,
});

function named(part: string): string {
  return part === '' ? 'the answer' : `“${part}” in the answer`;
}

const clause = sentences<NoAnswer>({
  ssh: ({ problem }) => sshProblem(problem),
  'sudo-refused': ({ problem, said }) => {
    if (problem === 'missing') return 'there is no sudo on the host';
    if (problem === 'wants-terminal') return 'sudo on the host runs nothing without a terminal (requiretty)';
    return said === ''
      ? 'sudo on the host refused to run anything'
      : `sudo on the host refused to run anything: ${said}`;
  },
  'guard-refused': ({ why }) => `the guard on the host accepts nothing: ${guardReason(why)}`,
  'guard-not-expected': () => 'this key is forced to the installed guard, but the config has no “guard:” for this host',
  'guard-not-installed': ({ path, said }) =>
    `the config has “guard:” for this host, but no guard ran there as ${path}${said === '' ? '' : `: ${said}`}`,
  'timed-out': ({ timeoutMs }) => `no answer within ${duration(timeoutMs)}`,
  'too-long': () => 'the host printed more than an answer can have',
  'guard-failed': ({ exitCode, said }) => `the guard ended with status ${exitCode}${said === '' ? '' : `: ${said}`}`,
  malformed: ({ why }) => outputFault(why),
  'no-guard-began': ({ exitCode, said }) =>
    `no guard answered: the login ended with status ${exitCode}${said === '' ? '' : ` and said “${said}”`}`,
  'boot-unknown': () => 'it does not say in which boot it is',
  'bot-failed': ({ said }) => `the bot failed on it (${said})`,
  'root-changed': () => 'the storage root changed in the registry’s config while it was read',
});
