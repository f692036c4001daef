import { readFile } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type ParsedKey } from 'ssh2';
import type { SshSettings } from '../model/settings.ts';
import * as words from '../words/en/ssh.ts';
import { messageOf, type NotConnected, notConnected } from './not-connected.ts';

/** What a login is made with: one private key, or whatever keys an agent holds. Never a password. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: ParsedKey; readonly described: string }
  | { readonly kind: 'agent'; readonly socket: string; readonly described: string };

/** Reads the host's private key, or names the agent. A key that cannot be used is told without a word of its contents. */
export async function loadCredentials(
  settings: SshSettings,
  agentSocket: string | null,
): Promise<Credentials | NotConnected> {
  if (settings.identityFile !== null) return readPrivateKey(settings.identityFile);
  if (agentSocket === null) return notConnected('authentication-failed', words.noIdentity());
  return { kind: 'agent', socket: agentSocket, described: words.offeredAgentKeys(agentSocket) };
}

/** The one way in that is offered to the server. */
export function authMethod(credentials: Credentials, username: string): AnyAuthMethod {
  return credentials.kind === 'key'
    ? { type: 'publickey', username, key: credentials.key }
    : { type: 'agent', username, agent: credentials.socket };
}

async function readPrivateKey(file: string): Promise<Credentials | NotConnected> {
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    return notConnected('authentication-failed', words.identityUnreadable(file, messageOf(error)));
  }
  const key = parsePrivateKey(text);
  if (key === 'encrypted') return notConnected('authentication-failed', words.identityEncrypted(file));
  if (key === 'not-a-key') return notConnected('authentication-failed', words.identityNotAKey(file));
  return { kind: 'key', key, described: words.offeredKeyFile(file) };
}

function parsePrivateKey(text: Buffer): ParsedKey | 'encrypted' | 'not-a-key' {
  // Older than its types: OpenSSH's own format may hold several keys, and gives an array.
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) return /passphrase/i.test(parsed.message) ? 'encrypted' : 'not-a-key';
  const key = 'type' in parsed ? parsed : parsed[0];
  return key?.isPrivateKey() ? key : 'not-a-key';
}
