import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import type { OfferedKey } from '../../model/connection/ssh-problem.ts';
import type { SshLogin } from '../../model/settings/settings.ts';
import { type NotConnected, notConnected } from '../wire/not-connected.ts';
import { readPrivateKey } from './private-key.ts';

/** What a login uses: one private key, or the keys in an agent. Never a password. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: ParsedKey; readonly offered: OfferedKey }
  | { readonly kind: 'agent'; readonly socket: string; readonly offered: OfferedKey };

/** Reads the host's private key, or names the agent. The error for an unusable key reveals nothing of its content. */
export async function loadCredentials(
  { identityFile, passphraseFile }: SshLogin,
  { agentSocket, keyPassphrase }: { readonly agentSocket: string | null; readonly keyPassphrase: string | null },
): Promise<Credentials | NotConnected> {
  if (identityFile !== null) {
    const read = await readPrivateKey({ file: identityFile, passphraseFile, keyPassphrase });
    if (read.kind === 'unusable') return notConnected('login-key-unusable', { code: 'key-unusable', key: read.why });
    return { kind: 'key', key: read.key, offered: { kind: 'key-file', file: identityFile } };
  }
  if (agentSocket === null) return notConnected('login-key-unusable', { code: 'no-key' });
  return { kind: 'agent', socket: agentSocket, offered: { kind: 'agent', socket: agentSocket } };
}

/** The one method that is offered to the server. */
export function authMethod(credentials: Credentials, username: string): AnyAuthMethod {
  return credentials.kind === 'key'
    ? { type: 'publickey', username, key: credentials.key }
    : { type: 'agent', username, agent: credentials.socket };
}
