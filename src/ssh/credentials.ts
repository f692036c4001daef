import { readFile } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type ParsedKey } from 'ssh2';
import type { SshLogin } from '../model/settings.ts';
import * as words from '../words/en/ssh.ts';
import { messageOf, type NotConnected, notConnected } from './not-connected.ts';

/** What a login is made with: one private key, or whatever keys an agent holds. Never a password. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: ParsedKey; readonly described: string }
  | { readonly kind: 'agent'; readonly socket: string; readonly described: string };

/** Reads the host's private key, or names the agent. A key that cannot be used is told without a word of its contents. */
export async function loadCredentials(
  { identityFile, passphraseFile }: SshLogin,
  { agentSocket, keyPassphrase }: { readonly agentSocket: string | null; readonly keyPassphrase: string | null },
): Promise<Credentials | NotConnected> {
  if (identityFile !== null) {
    const passphrase = passphraseFile === null ? keyPassphrase : await readPassphrase(passphraseFile);
    return typeof passphrase === 'object' && passphrase !== null
      ? passphrase
      : readPrivateKey(identityFile, passphrase);
  }
  if (agentSocket === null) return notConnected('authentication-failed', words.noIdentity());
  return { kind: 'agent', socket: agentSocket, described: words.offeredAgentKeys(agentSocket) };
}

/** The one way in that is offered to the server. */
export function authMethod(credentials: Credentials, username: string): AnyAuthMethod {
  return credentials.kind === 'key'
    ? { type: 'publickey', username, key: credentials.key }
    : { type: 'agent', username, agent: credentials.socket };
}

/** The first line of the file, as every tool that writes one ends it with a newline. */
async function readPassphrase(file: string): Promise<string | NotConnected> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    return notConnected('authentication-failed', words.passphraseUnreadable(file, messageOf(error)));
  }
}

async function readPrivateKey(file: string, passphrase: string | null): Promise<Credentials | NotConnected> {
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    return notConnected('authentication-failed', words.identityUnreadable(file, messageOf(error)));
  }
  const key = parsePrivateKey(text, passphrase);
  if (key === 'encrypted') return notConnected('authentication-failed', words.identityEncrypted(file));
  if (key === 'wrong-passphrase') return notConnected('authentication-failed', words.passphraseWrong(file));
  if (key === 'not-a-key') return notConnected('authentication-failed', words.identityNotAKey(file));
  return { kind: 'key', key, described: words.offeredKeyFile(file) };
}

function parsePrivateKey(
  text: Buffer,
  passphrase: string | null,
): ParsedKey | 'encrypted' | 'wrong-passphrase' | 'not-a-key' {
  // Older than its types: OpenSSH's own format may hold several keys, and gives an array.
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (parsed instanceof Error) {
    if (!/passphrase|decrypt/i.test(parsed.message)) return 'not-a-key';
    return passphrase === null ? 'encrypted' : 'wrong-passphrase';
  }
  const key = 'type' in parsed ? parsed : parsed[0];
  return key?.isPrivateKey() ? key : 'not-a-key';
}
