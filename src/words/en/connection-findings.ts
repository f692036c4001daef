import type { NoAnswer, SudoProblem } from '../../model/connection/no-answer.ts';
import type { ConnectionFindingId, FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { code, type Phrase, say, withCode } from '../phrase.ts';
import { forHost } from '../setup-words.ts';
import { noAnswer } from './no-answer.ts';
import { sudoAdvice } from './sudo-advice.ts';

type ConnectionFinding = FindingOf<ConnectionFindingId>;

/** Words for what went wrong before there was anything to judge. The reason itself says what was not done. */
export const CONNECTION_WORDS = {
  'login-key-unusable': {
    headline: 'my SSH key can’t be used',
    words: connection(
      'was not checked: Registry Doctor’s SSH key can’t be used',
      (host) => say`Fix that on the bot’s machine; nothing has to change on ${host}. Then diagnose again.`,
    ),
  },
  'host-unreachable': {
    headline: 'the host is unreachable',
    // How to check it is said with the reason, which knows the address.
    words: connection('is unreachable', () => say`Fix the connection first. Then diagnose again.`),
  },
  'host-key-mismatch': {
    headline: 'the SSH host key couldn’t be verified, so I didn’t connect',
    words: connection(
      'has a host key that couldn’t be verified',
      (host) =>
        say`If the known hosts file has no key for this host yet, ${code(`registry-doctor host setup ${host}`)} shows the steps. If it has a different key, stop: compare the fingerprint on the host’s own console first.`,
    ),
  },
  'authentication-failed': {
    headline: 'SSH login failed',
    words: connection(
      'refused Registry Doctor’s SSH login',
      (host) =>
        say`Put the bot’s public key into the account’s authorized_keys: ${code(`registry-doctor host setup ${host}`)} prints the line.`,
    ),
  },
  'sudo-refused': {
    headline: 'sudo was refused on the host',
    words: connection('refused sudo', (host, why) =>
      withCode(`${sudoAdvice(sudoProblemIn(why), host)}, or set \`sudo: false\` and accept an incomplete diagnosis.`),
    ),
  },
  'guard-mismatch': {
    headline: 'the config and the host disagree about the guard',
    words: connection(
      'and the config disagree about the guard',
      (host) =>
        say`If the guard shall run there: set ${code('guard: {}')} for ${host} and ${code('signing:')} in the config, and install it as ${code(`registry-doctor host setup ${host}`)} says. If not: remove ${code('guard:')}, and replace the line in authorized_keys by the one that the same command then prints.`,
    ),
  },
  'guard-refused': {
    headline: 'the guard on the host refuses to run',
    words: connection(
      'has a guard that refuses to run',
      (host) => say`Nothing was changed. Correct that on ${host}. Then diagnose again.`,
    ),
  },
  'probe-timed-out': {
    headline: 'the checks timed out',
    words: connection(
      'didn’t finish the checks in time',
      () =>
        say`Something hangs there, often a network filesystem or a failing disk: check its load and its kernel log. Then diagnose again.`,
    ),
  },
  'probe-malformed': {
    headline: 'the host returned output that I can’t read',
    words: connection('returned output that I can’t read', (host, why) =>
      why.code === 'no-guard-began'
        ? say`Something else ran in its place, or ended the login. On ${host}, check ForceCommand in sshd_config, the account’s login shell and its start-up files. Then diagnose again.`
        : say`Nothing was changed. The log of Registry Doctor has what the host printed; often a login script prints something, or the connection broke. Diagnose again.`,
    ),
  },
} satisfies Partial<WordsById>;

function connection(title: string, remedy: (host: string, why: NoAnswer) => Phrase) {
  return ({ why }: ConnectionFinding, { host }: FindingContext): FindingWords => ({
    title: say`${host} ${title}`,
    because: withCode(forHost(asSentence(capitalised(noAnswer(why))), host)),
    remedy: remedy(host, why),
  });
}

function sudoProblemIn(why: NoAnswer): SudoProblem {
  return why.code === 'sudo-refused' ? why.problem : 'not-allowed';
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
