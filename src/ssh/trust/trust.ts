import type { SshLogin } from '../../model/settings/settings.ts';
import type { NotConnected } from '../wire/not-connected.ts';
import { type Credentials, loadCredentials } from './credentials.ts';
import { type HostKeyCheck, readHostKeyCheck } from './host-key-check.ts';

/** The files that both sides of a login are checked with. */
export type Trust = {
  readonly knownHostsFile: string;
  readonly agentSocket: string | null;
  /** The passphrase of keys that have no passphraseFile of their own. */
  readonly keyPassphrase: string | null;
};

/** The material for one login: how the server proves itself to us, and we to it. */
export type LoginMaterial = {
  readonly kind: 'material';
  readonly hostKey: HostKeyCheck;
  readonly credentials: Credentials;
};

/** Reads known_hosts and the private key again. A missing file is reported before anything is sent. */
export async function loadLoginMaterial(login: SshLogin, trust: Trust): Promise<LoginMaterial | NotConnected> {
  const credentials = await loadCredentials(login, trust);
  if (credentials.kind === 'not-connected') return credentials;
  const hostKey = await readHostKeyCheck(login, trust.knownHostsFile);
  return hostKey.kind === 'not-connected' ? hostKey : { kind: 'material', hostKey, credentials };
}
