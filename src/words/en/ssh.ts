import type {
  KnownKey,
  OfferedKey,
  OneSshProblem,
  ShownKey,
  SshDetail,
  SshPlace,
  SshProblem,
} from '../../model/connection/ssh-problem.ts';
import type { KeyProblem } from '../../model/key-problem.ts';
import { isDenied } from '../../model/system-problem.ts';
import { withoutStop } from '../from-host.ts';
import { fingerprintCommand, keyscanCommand } from '../host-setup.ts';
import { octal } from '../mode.ts';
import { sentences } from '../sentences.ts';
import { keyOfBot, readableByBot, shellWord } from '../setup-words.ts';
import { systemClause } from './system-error.ts';
import { count, duration } from './time.ts';

/** Why a host could not be reached or entered, or what went wrong with a script there: a few sentences that end with what to do. */
export function sshProblem(problem: SshProblem): string {
  if (problem.code !== 'at-jump-host') return oneProblem(problem);
  return `On the way there, at the jump host ${place(problem.jump)}: ${oneProblem(problem.problem)}`;
}

/** What an SSH server and its client choose together (sshd_config(5)), and one that the bot knows. */
const COMMON = {
  'key-exchange': { name: 'key exchange', key: 'KexAlgorithms', known: 'curve25519-sha256' },
  cipher: { name: 'cipher', key: 'Ciphers', known: 'aes256-gcm@openssh.com' },
  mac: { name: 'MAC', key: 'MACs', known: 'hmac-sha2-256-etm@openssh.com' },
} as const;

const oneProblem = sentences<OneSshProblem>({
  // Reaching the host.
  'connection-refused': ({ at }) =>
    `${place(at)} refused the connection. Nothing was run. Check that sshd is running there and that address and port in the config are correct: \`${keyscanCommand(at)}\` from the bot’s machine.`,
  'connect-timed-out': ({ at, timeoutMs }) =>
    `${place(at)} did not answer within ${duration(timeoutMs)}. Nothing was run. Check that the host is up and that no firewall is in the way: \`${keyscanCommand(at)}\` from the bot’s machine.`,
  'name-not-resolved': ({ at }) =>
    `The name ${at.address} could not be resolved. Nothing was run. Check the host’s address in the config, and DNS on the bot’s machine.`,
  'connect-failed': ({ at, error }) =>
    `Can’t connect to ${place(at)}: ${systemClause(error)}. Nothing was run. Check the network: \`${keyscanCommand(at)}\` from the bot’s machine.`,
  'handshake-timed-out': ({ at, timeoutMs }) =>
    `${place(at)} took the connection, but the login was not through within ${duration(timeoutMs)}. Nothing was run. Check that it is an SSH server and not overloaded.`,
  'handshake-failed': ({ at, detail }) =>
    `${place(at)} took the connection, but the SSH login broke off: ${clause(detail)}. Nothing was run. Check that it is an SSH server, and look into its log.`,
  'nothing-in-common': ({ at, kind }) =>
    `${place(at)} offers no ${COMMON[kind].name} that Registry Doctor knows. Nothing was run. Add ${COMMON[kind].known} to ${COMMON[kind].key} in its sshd_config.`,
  'session-refused': ({ at, detail }) =>
    `${place(at)} let ${at.user} in, but opened no session: ${clause(detail)}. Nothing was run. Check MaxSessions and ForceCommand in its sshd_config.`,
  'lost-before-start': ({ at, detail }) =>
    `The connection to ${place(at)} was lost before the script could be sent: ${clause(detail)}. Nothing was run. Try again.`,
  'not-forwarded': ({ next, detail }) =>
    `It did not open the way to ${place(next)}: ${clause(detail)}. Nothing was run. Check that it reaches that address, and AllowTcpForwarding and PermitOpen in its sshd_config.`,
  'forwarding-forbidden': ({ at, to, detail }) =>
    `sshd on ${place(at)} doesn’t forward to ${to}: ${clause(detail)}. Nothing was run. To permit it, add port-forwarding,permitopen="${to}" to the key’s line in authorized_keys, and check AllowTcpForwarding and PermitOpen in sshd_config.`,
  'forwarding-failed': ({ at, to, detail }) =>
    `sshd on ${place(at)} opened no connection to ${to}: ${clause(detail)}. Nothing was run. Check that the registry listens there.`,
  'too-many-waiting': ({ waiting }) =>
    `${waiting} scripts for this host wait for their turn already. Nothing was run. Try again in a moment.`,
  'no-session-left': ({ sessions, waitedMs }) =>
    `The bots already had ${count(sessions, 'session')} on this host, and none of them ended within ${duration(waitedMs)}. Nothing was run. Try again in a moment.`,
  'shutting-down': () =>
    'Registry Doctor is shutting down and takes no new work. Nothing was run. Try again when it is back.',
  // The host key.
  'known-hosts-unreadable': ({ file, error }) =>
    `Can’t read the known hosts file ${file}: ${systemClause(error)}. Nothing was run, because the host could not be verified. ${
      isDenied(error)
        ? `If the bot’s user can’t read it, run as root: \`${readableByBot(file)}\``
        : 'Check ssh.knownHosts in the config; `registry-doctor host setup HOST` shows how to create the file'
    }.`,
  'host-key-unknown': ({ at, shown, file, name, ...notes }) =>
    `The host key of ${place(at)} is unknown: ${file} has no key for ${name}. The host showed ${key(shown)}.${knownHostsNotes(notes)} No login was tried and nothing was run. Compare that fingerprint with the one on the host's own console (\`${fingerprintCommand(shown.type)}\`). Only if they are the same, add the key to the file: \`registry-doctor host setup HOST\` shows the lines.`,
  'host-key-changed': ({ at, shown, known, file, name }) =>
    `The host key of ${place(at)} has changed. The host showed ${key(shown)}; ${file} knows ${known.map(knownKey).join(', ')}. Either the host was reinstalled, or something else answers in its place. No login was tried and nothing was run. Compare the fingerprint on the host's own console (\`${fingerprintCommand(shown.type)}\`). Only if it is the same, replace the key: run \`ssh-keygen -f ${shellWord(file)} -R ${shellWord(name)}\`, then add the new one as \`registry-doctor host setup HOST\` shows.`,
  'host-key-revoked': ({ at, shown, file, line }) =>
    `The host key that ${place(at)} showed, ${key(shown)}, is revoked (${file}, line ${line}). No login was tried and nothing was run. Find out why it was revoked, and give the host a new key.`,
  // Logging in.
  'key-unusable': (problem) => loginKeyProblem(problem.key),
  'no-key': () =>
    'There is no identityFile for this host in the config, and no ssh-agent (SSH_AUTH_SOCK is not set). Nothing was run. Set one of the two.',
  'agent-failed': ({ socket, said }) =>
    `The ssh-agent at ${socket} did not help: ${withoutStop(said)}. Nothing was run. Check that it runs and that SSH_AUTH_SOCK is right.`,
  'key-refused': ({ at, offered }) =>
    `${place(at)} did not let ${at.user} in with ${offer(offered)}. Nothing was run. Check that the account and its login shell exist there, that its authorized_keys has the public key and that sshd lets it in: \`registry-doctor host setup HOST\` prints the commands for the account and the key.`,
  'login-ended': ({ at, offered, said }) =>
    `${place(at)} ended the login of ${at.user} with ${offer(offered)}: ${withoutStop(said)}. Nothing was run. An agent with many keys is one cause: name one key as identityFile.`,
  'key-not-enough': ({ at, offered, wanted }) =>
    `${place(at)} took ${offer(offered)} from ${at.user}, but wants more: ${wanted}. Registry Doctor logs in with a key only. Nothing was run. Relax AuthenticationMethods for this account.`,
  // Results of a script.
  'connection-lost': ({ detail }) =>
    `The connection was lost while the script ran: ${clause(detail)}. It is not known how far it came.`,
  'ended-by-signal': ({ signal }) => `The script was ended on the host by ${signal}. It is not known how far it came.`,
  'ended-without-status': () => 'The session ended without an exit status. It is not known how far the script came.',
  'too-much-output': ({ limitBytes }) =>
    `The script had written more than ${limitBytes} bytes and went on, so its session was ended. It is not known how far it came.`,
});

const loginKeyProblem = sentences<KeyProblem>({
  unreadable: ({ file, error }) =>
    `Can’t read the private key ${file}: ${systemClause(error)}. Nothing was run. ${
      isDenied(error)
        ? `If it is the bot’s own key, run as root: \`${keyOfBot(file)}\``
        : 'Check identityFile in the config, and that the bot’s user can read the file'
    }.`,
  'passphrase-unreadable': ({ file, error }) =>
    `Can’t read the passphrase file ${file}: ${systemClause(error)}. Nothing was run. Check passphraseFile in the config, and that the bot’s user can read the file.`,
  encrypted: ({ file }) =>
    `The private key ${file} is protected by a passphrase, and none is configured. Nothing was run. Set passphraseFile beside identityFile in the config, or SSH_KEY_PASSPHRASE; or load the key into an ssh-agent and remove identityFile.`,
  'passphrase-wrong': ({ file }) =>
    `The passphrase does not open the private key ${file}. Nothing was run. Check passphraseFile in the config, or SSH_KEY_PASSPHRASE if there is none.`,
  'not-a-key': ({ file }) =>
    `${file} is not a private key that can be used. Nothing was run. Check identityFile in the config: it has to be the private key (Ed25519, ECDSA or RSA), not the .pub file.`,
  'open-to-others': ({ file, mode }) =>
    `Other accounts can read the private key ${file} (mode ${octal(mode)}). Nothing was run. Run \`chmod 600 ${shellWord(file)}\`, and replace the key if anyone may have copied it. ssh refuses such a key too.`,
});

const clause = sentences<SshDetail>({
  closed: () => 'the connection was closed by the other side',
  'no-host-key': () => 'it showed no host key',
  'no-answer': ({ timeoutMs }) => `no answer within ${duration(timeoutMs)}`,
  said: ({ said }) => withoutStop(said),
});

function place({ address, port }: SshPlace): string {
  return `${address} port ${port}`;
}

function offer(offered: OfferedKey): string {
  return offered.kind === 'key-file' ? `the key ${offered.file}` : `any key of the ssh-agent at ${offered.socket}`;
}

function key({ type, fingerprint }: ShownKey): string {
  return `${type ?? 'a key of unknown type'} ${fingerprint}`;
}

function knownKey(known: KnownKey): string {
  return `${key(known)} (line ${known.line})`;
}

/** How many lines of a file are named. */
const MAX_LINES = 5;

function knownHostsNotes({
  certificateAuthority,
  malformedLines,
}: Readonly<{ certificateAuthority: boolean; malformedLines: readonly number[] }>): string {
  const authority = certificateAuthority
    ? ' A @cert-authority line matches, but host certificates are not supported: the plain key is needed.'
    : '';
  if (malformedLines.length === 0) return authority;
  const more = malformedLines.length > MAX_LINES ? ', …' : '';
  return `${authority} Lines that cannot be read there: ${malformedLines.slice(0, MAX_LINES).join(', ')}${more}.`;
}
