import type { HostSettings, SshLogin } from '../../model/settings/settings.ts';
import { octal } from '../mode.ts';
import { shellWord } from '../setup-words.ts';
import { duration } from './time.ts';

/** Why a host could not be reached or entered, and what came of a script there: a few sentences that end with what to do. */

export type ShownKey = { readonly type: string; readonly fingerprint: string };
export type KnownKey = ShownKey & { readonly line: number };

function place(ssh: SshLogin): string {
  return `${ssh.address} port ${ssh.port}`;
}

/** What a person types to try the same connection. */
function sshCommand({ user, address, port }: SshLogin): string {
  return `\`ssh -p ${port} ${shellWord(`${user}@${address}`)}\``;
}

function key(shown: ShownKey): string {
  return `${shown.type} ${shown.fingerprint}`;
}

// Reaching the host.

export function connectionRefused(ssh: SshLogin): string {
  return `${place(ssh)} refused the connection. Nothing was run. Check that sshd is running there and that address and port in the config are correct: ${sshCommand(ssh)} from the bot’s machine.`;
}

export function connectTimedOut(ssh: SshLogin, timeoutMs: number): string {
  return `${place(ssh)} did not answer within ${duration(timeoutMs)}. Nothing was run. Check that the host is up and that no firewall is in the way: ${sshCommand(ssh)} from the bot’s machine.`;
}

export function nameNotResolved(ssh: SshLogin): string {
  return `The name ${ssh.address} could not be resolved. Nothing was run. Check the host’s address in the config, and DNS on the bot’s machine.`;
}

export function connectFailed(ssh: SshLogin, detail: string): string {
  return `Can’t connect to ${place(ssh)}: ${detail}. Nothing was run. Check the network: ${sshCommand(ssh)} from the bot’s machine.`;
}

export function handshakeTimedOut(ssh: SshLogin, timeoutMs: number): string {
  return `${place(ssh)} took the connection, but the login was not through within ${duration(timeoutMs)}. Nothing was run. Check that it is an SSH server and not overloaded.`;
}

export function handshakeFailed(ssh: SshLogin, detail: string): string {
  return `${place(ssh)} took the connection, but the SSH login broke off: ${detail}. Nothing was run. Check that it is an SSH server, and look into its log.`;
}

export function sessionRefused(ssh: SshLogin, detail: string): string {
  return `${place(ssh)} let ${ssh.user} in, but opened no session: ${detail}. Nothing was run. Check MaxSessions and ForceCommand in its sshd_config.`;
}

export function lostBeforeStart(ssh: SshLogin, detail: string): string {
  return `The connection to ${place(ssh)} was lost before the script could be sent: ${detail}. Nothing was run. Try again.`;
}

export function tooManyWaiting(waiting: number): string {
  return `${waiting} scripts for this host wait for their turn already. Nothing was run. Try again in a moment.`;
}

export function shuttingDown(): string {
  return 'Registry Doctor is shutting down and takes no new work. Nothing was run. Try again when it is back.';
}

export function atJumpHost(jump: SshLogin, why: string): string {
  return `On the way there, at the jump host ${place(jump)}: ${why}`;
}

export function notForwarded(next: SshLogin, detail: string): string {
  return `It did not open the way to ${place(next)}: ${detail}. Nothing was run. Check that it reaches that address, and AllowTcpForwarding and PermitOpen in its sshd_config.`;
}

export function forwardTimedOut(timeoutMs: number): string {
  return `no answer within ${duration(timeoutMs)}`;
}

// The host key.

export function knownHostsUnreadable(file: string, detail: string): string {
  return `Can’t read the known hosts file ${file}: ${detail}. Nothing was run, because the host could not be verified. Check ssh.knownHosts in the config; \`registry-doctor host setup\` shows how to create the file.`;
}

export function hostKeyUnknown(
  ssh: SshLogin,
  shown: ShownKey,
  file: string,
  name: string,
  notes: { readonly certificateAuthority: boolean; readonly malformedLines: readonly number[] },
): string {
  const authority = notes.certificateAuthority
    ? ' A @cert-authority line matches, but host certificates are not supported: the plain key is needed.'
    : '';
  const malformed =
    notes.malformedLines.length > 0
      ? ` Lines that cannot be read there: ${notes.malformedLines.slice(0, 5).join(', ')}${notes.malformedLines.length > 5 ? ', …' : ''}.`
      : '';
  return `The host key of ${place(ssh)} is unknown: ${file} has no key for ${name}. The host showed ${key(shown)}.${authority}${malformed} No login was tried and nothing was run. Compare that fingerprint with the one on the host's own console (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub); if they are the same, add the key to the file.`;
}

export function hostKeyChanged(
  ssh: SshLogin,
  shown: ShownKey,
  known: readonly KnownKey[],
  file: string,
  name: string,
): string {
  const expected = known.map((one) => `${key(one)} (line ${one.line})`).join(', ');
  return `The host key of ${place(ssh)} has changed. The host showed ${key(shown)}; ${file} knows ${expected}. Either the host was reinstalled, or something else answers in its place. No login was tried and nothing was run. Compare the fingerprint on the host's own console; only if it is the same, replace the key: ssh-keygen -f ${file} -R '${name}', then add the new one.`;
}

export function hostKeyRevoked(ssh: SshLogin, shown: ShownKey, file: string, line: number): string {
  return `The host key that ${place(ssh)} showed, ${key(shown)}, is revoked (${file}, line ${line}). No login was tried and nothing was run. Find out why it was revoked, and give the host a new key.`;
}

// Logging in.

export function identityUnreadable(file: string, detail: string): string {
  return `Can’t read the private key ${file}: ${detail}. Nothing was run. Check identityFile in the config, and that the bot’s user can read the file.`;
}

export function identityEncrypted(file: string): string {
  return `The private key ${file} is protected by a passphrase, and none is configured. Nothing was run. Set passphraseFile beside identityFile in the config, or SSH_KEY_PASSPHRASE; or load the key into an ssh-agent and remove identityFile.`;
}

export function passphraseUnreadable(file: string, detail: string): string {
  return `Can’t read the passphrase file ${file}: ${detail}. Nothing was run. Check passphraseFile in the config, and that the bot’s user can read the file.`;
}

export function passphraseWrong(file: string): string {
  return `The passphrase does not open the private key ${file}. Nothing was run. Check passphraseFile in the config, or SSH_KEY_PASSPHRASE if there is none.`;
}

export function identityNotAKey(file: string): string {
  return `${file} is not a private key that can be used. Nothing was run. Check identityFile in the config: it has to be the private key (Ed25519, ECDSA or RSA), not the .pub file.`;
}

export function identityOpenToOthers(file: string, mode: number): string {
  return `Other accounts can read the private key ${file} (mode ${octal(mode)}). Nothing was run. Run \`chmod 600 ${shellWord(file)}\`, and replace the key if anyone may have copied it. ssh refuses such a key too.`;
}

export function noIdentity(): string {
  return 'There is no identityFile for this host in the config, and no ssh-agent (SSH_AUTH_SOCK is not set). Nothing was run. Set one of the two.';
}

export function agentFailed(socket: string, detail: string): string {
  return `The ssh-agent at ${socket} did not help: ${detail}. Nothing was run. Check that it runs and that SSH_AUTH_SOCK is right.`;
}

export function keyRefused(ssh: SshLogin, offered: string): string {
  return `${place(ssh)} did not let ${ssh.user} in with ${offered}. Nothing was run. Add the public key to that account's authorized_keys, and check that sshd lets the account in.`;
}

export function loginEnded(ssh: SshLogin, offered: string, detail: string): string {
  return `${place(ssh)} ended the login of ${ssh.user} with ${offered}: ${detail}. Nothing was run. An agent with many keys is one cause: name one key as identityFile.`;
}

export function keyNotEnough(ssh: SshLogin, offered: string, wanted: string): string {
  return `${place(ssh)} took ${offered} from ${ssh.user}, but wants more: ${wanted}. Registry Doctor logs in with a key only. Nothing was run. Relax AuthenticationMethods for this account.`;
}

export function offeredKeyFile(file: string): string {
  return `the key ${file}`;
}

export function offeredAgentKeys(socket: string): string {
  return `any key of the ssh-agent at ${socket}`;
}

// What came of a script.

export function connectionLost(detail: string): string {
  return `The connection was lost while the script ran: ${detail}. It is not known how far it came.`;
}

export function endedBySignal(signal: string): string {
  return `The script was ended on the host by ${signal}. It is not known how far it came.`;
}

export function endedWithoutStatus(): string {
  return 'The session ended without an exit status. It is not known how far the script came.';
}

export function tooMuchOutput(limitBytes: number): string {
  return `The script had written more than ${limitBytes} bytes and went on, so its session was ended. It is not known how far it came.`;
}

// `registry-doctor check`.

export function accountRunsNothing(ssh: SshLogin, detail: string): string {
  return `The login as ${ssh.user} works, but the account runs no commands: ${detail}. Check its login shell (not nologin) and ForceCommand.`;
}

export function sudoRefused(ssh: SshLogin, detail: string): string {
  return `sudo on ${ssh.address} does not let ${ssh.user} run scripts as root: ${detail}. Install the sudoers rule that \`registry-doctor host setup\` prints.`;
}

export function sudoNotRoot(ssh: SshLogin, detail: string): string {
  return `sudo on ${ssh.address} did not make ${ssh.user} root: ${detail}. Install the sudoers rule that \`registry-doctor host setup\` prints.`;
}

export function enteredNothing(enter: readonly string[], detail: string): string {
  return `no shell ran by ${enter.join(' ')}: ${detail}. See that the container runs and has /bin/sh, and that its name is right in the config (enter).`;
}

/** Of a host with `sudo: false`, whose account is not root. */
export function withoutSudo(ssh: SshLogin): string {
  return `"sudo: false" in the config: the bot sees only what ${ssh.user} can see, and can’t fix anything`;
}

/** How a host without an installed guard is run. */
export function guardOverStdin({ name, ssh }: HostSettings): string {
  const power =
    ssh.sudo || ssh.user === 'root'
      ? `anyone who has the SSH key is root on ${name}`
      : `anyone who has the SSH key can do on ${name} what ${ssh.user} can`;
  return `not installed (trial mode): ${power}. To install it, add "guard: {}" for ${name} and "signing:" to the config, then follow \`registry-doctor host setup ${name}\``;
}

export function exitedWith(exitCode: number, said: string): string {
  return said === '' ? `exit code ${exitCode}` : `exit code ${exitCode}, ${said}`;
}

export function tookTooLong(timeoutMs: number): string {
  return `no answer within ${duration(timeoutMs)}`;
}
