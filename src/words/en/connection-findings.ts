import type { ConnectionFindingId, FindingId } from '../../model/finding.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { type Around, type FindingOf, type FindingWords, plain } from './finding-words.ts';

type ConnectionFinding = FindingOf<ConnectionFindingId>;

/** Words for what went wrong before there was anything to judge. The reason says by itself what was not done. */
export function connectionWords({ id, why }: ConnectionFinding, { host }: Around): FindingWords {
  const { title, remedy } = WORDS[id];
  return { title: say`${host} ${title}`, because: say`${asSentence(plain(why))}`, remedy: remedy(host) };
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const WORDS: Readonly<
  Record<Extract<FindingId, ConnectionFinding['id']>, { title: string; remedy: (host: string) => Phrase }>
> = {
  'login-key-unusable': {
    title: 'was not checked: Registry Doctor’s SSH key can’t be used',
    remedy: (host) => say`Fix that on the bot’s machine; nothing has to change on ${host}. Then diagnose again.`,
  },
  'host-unreachable': {
    title: 'cannot be reached',
    // How to check it is said with the reason, which knows the address.
    remedy: () => say`Fix the connection first. Then diagnose again.`,
  },
  'host-key-mismatch': {
    title: 'has a host key that could not be confirmed',
    remedy: (host) =>
      say`If the known hosts file has no key for this host yet, ${code(`registry-doctor host setup ${host}`)} shows the steps. If it has a different key, stop: compare the fingerprint on the host’s own console first.`,
  },
  'authentication-failed': {
    title: 'refused Registry Doctor’s SSH login',
    remedy: (host) =>
      say`Put the bot’s public key into the account’s authorized_keys: ${code(`registry-doctor host setup ${host}`)} prints the line.`,
  },
  'sudo-refused': {
    title: 'does not let Registry Doctor use sudo',
    remedy: (host) =>
      say`Install the sudoers rule that ${code(`registry-doctor host setup ${host}`)} prints, or set ${code('sudo: false')} and accept an incomplete diagnosis.`,
  },
  'probe-timed-out': {
    title: 'did not finish the checks in time',
    remedy: () =>
      say`Something hangs there, often a network filesystem or a dying disk: look at its load and its kernel log. Then diagnose again.`,
  },
  'probe-malformed': {
    title: 'returned output that can’t be read',
    remedy: () =>
      say`Nothing was judged and nothing changed. What the host printed is kept for the operator; often a login script prints something, or the connection broke. Diagnose again.`,
  },
};
