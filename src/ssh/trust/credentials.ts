import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import type { SshLogin } from '../../model/settings/settings.ts';
import * as words from '../../words/en/ssh.ts';
import { type NotConnected, notConnected } from '../wire/not-connected.ts';
import { readPrivateKey, type UnusableKey } from './private-key.ts';

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
    const read = await readPrivateKey({ file: identityFile, passphraseFile, keyPassphrase });
    if (read.kind === 'unusable') return notConnected('login-key-unusable', whyUnusable(read));
    return { kind: 'key', key: read.key, described: words.offeredKeyFile(identityFile) };
  }
  if (agentSocket === null) return notConnected('login-key-unusable', words.noIdentity());
  return { kind: 'agent', socket: agentSocket, described: words.offeredAgentKeys(agentSocket) };
}

/** The one way in that is offered to the server. */
export function authMethod(credentials: Credentials, username: string): AnyAuthMethod {
  return credentials.kind === 'key'
    ? { type: 'publickey', username, key: credentials.key }
    : { type: 'agent', username, agent: credentials.socket };
}

function whyUnusable(key: UnusableKey): string {
  switch (key.problem) {
    case 'unreadable':
      return words.identityUnreadable(key.file, key.detail);
    case 'passphrase-unreadable':
      return words.passphraseUnreadable(key.file, key.detail);
    case 'encrypted':
      return words.identityEncrypted(key.file);
    case 'passphrase-wrong':
      return words.passphraseWrong(key.file);
    case 'not-a-key':
      return words.identityNotAKey(key.file);
    case 'open-to-others':
      return words.identityOpenToOthers(key.file, key.mode);
  }
}
