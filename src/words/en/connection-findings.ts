import type { ConnectionFindingId } from '../../model/finding.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { type Around, type FindingOf, type FindingWords, plain, type WordsById } from './finding-words.ts';

type ConnectionFinding = FindingOf<ConnectionFindingId>;

/** Words for what went wrong before there was anything to judge. The reason says by itself what was not done. */
export const CONNECTION_WORDS = {
  'host-unreachable': {
    headline: 'the host cannot be reached',
    words: connection(
      'cannot be reached',
      (host) =>
        say`See that the host is up and that its address in the config is right: ${code(`ssh ${host}`)} from where Registry Doctor runs tells. Then diagnose again.`,
    ),
  },
  'host-key-mismatch': {
    headline: 'the host key could not be confirmed, so I did not connect',
    words: connection(
      'has a host key that could not be confirmed',
      (host) =>
        say`Where no key of it was ever put into the known hosts file, ${code(`registry-doctor host setup ${host}`)} says how. Where another one is there, do not go on before you know why: compare the fingerprint on the host's own console, and only then correct the file.`,
    ),
  },
  'authentication-failed': {
    headline: 'the host does not let me log in',
    words: connection(
      'does not let Registry Doctor log in',
      (host) =>
        say`Put its public key into the account's authorized_keys: ${code(`registry-doctor host setup ${host}`)} prints what to install.`,
    ),
  },
  'sudo-refused': {
    headline: 'the host does not let me use sudo',
    words: connection(
      'does not let Registry Doctor use sudo',
      (host) =>
        say`Install the sudoers rule that ${code(`registry-doctor host setup ${host}`)} prints, or set ${code('sudo: false')} and take it that much stays out of sight.`,
    ),
  },
  'probe-timed-out': {
    headline: 'the host did not answer in time',
    words: connection(
      'did not finish the probe in time',
      () =>
        say`Something hangs there, often a network filesystem or a dying disk: look at its load and its kernel log. Then diagnose again.`,
    ),
  },
  'probe-malformed': {
    headline: 'the host gave an answer that I do not understand',
    words: connection(
      'gave an answer that cannot be judged',
      () =>
        say`Nothing was judged and nothing changed. What the host printed is kept for the operator; often a login script prints something, or the connection broke. Diagnose again.`,
    ),
  },
} satisfies Partial<WordsById>;

function connection(title: string, remedy: (host: string) => Phrase) {
  return ({ why }: ConnectionFinding, { host }: Around): FindingWords => ({
    title: say`${host} ${title}`,
    because: say`${asSentence(plain(why))}`,
    remedy: remedy(host),
  });
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
