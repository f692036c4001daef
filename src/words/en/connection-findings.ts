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
  'host-unreachable': {
    title: 'cannot be reached',
    remedy: (host) =>
      say`See that the host is up and that its address in the config is right: ${code(`ssh ${host}`)} from where Registry Doctor runs tells. Then diagnose again.`,
  },
  'host-key-mismatch': {
    title: 'has a host key that could not be confirmed',
    remedy: (host) =>
      say`Where no key of it was ever put into the known hosts file, ${code(`registry-doctor host setup ${host}`)} says how. Where another one is there, do not go on before you know why: compare the fingerprint on the host's own console, and only then correct the file.`,
  },
  'authentication-failed': {
    title: 'does not let Registry Doctor log in',
    remedy: (host) =>
      say`Put its public key into the account's authorized_keys: ${code(`registry-doctor host setup ${host}`)} prints what to install.`,
  },
  'sudo-refused': {
    title: 'does not let Registry Doctor use sudo',
    remedy: (host) =>
      say`Install the sudoers rule that ${code(`registry-doctor host setup ${host}`)} prints, or set ${code('sudo: false')} and take it that much stays out of sight.`,
  },
  'probe-timed-out': {
    title: 'did not finish the probe in time',
    remedy: () =>
      say`Something hangs there, often a network filesystem or a dying disk: look at its load and its kernel log. Then diagnose again.`,
  },
  'probe-malformed': {
    title: 'gave an answer that cannot be judged',
    remedy: () =>
      say`Nothing was judged and nothing changed. What the host printed is kept for the operator; often a login script prints something, or the connection broke. Diagnose again.`,
  },
};
