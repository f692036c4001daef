import type { Duplex } from 'node:stream';
import ssh2, { type Algorithms, type AuthenticationType, type Client } from 'ssh2';
import type { SshLogin } from '../../model/settings/settings.ts';
import type { LoginMaterial } from '../trust/trust.ts';
import type { ConnectLimits } from '../wire/connect-limits.ts';
import { type HandshakeFailure, Login } from './login.ts';

export type HandshakeOutcome = { readonly kind: 'ready'; readonly client: Client } | HandshakeFailure;

/**
 * ssh2's own lists, which begin with the fastest (curve25519, AES-GCM), without SHA-1 and without compression, because
 * a small compressed packet can expand to a huge one.
 */
const ALGORITHMS: Algorithms = {
  hmac: { prepend: [], append: [], remove: ['hmac-sha1', 'hmac-sha1-etm@openssh.com'] },
  compress: ['none'],
};

/** Key exchange and login over an open transport. Destroys its stream unless the outcome is `ready`. */
export function handshake(
  stream: Duplex,
  server: SshLogin,
  { hostKey, credentials }: LoginMaterial,
  limits: ConnectLimits,
): Promise<HandshakeOutcome> {
  const login = new Login(server, hostKey, credentials);
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    let settled = false;
    const settle = (outcome: HandshakeOutcome) => {
      if (settled) return;
      settled = true;
      if (outcome.kind !== 'ready') stream.destroy();
      resolve(outcome);
    };
    // Stays for the client's whole life: an error without a listener would end the process.
    client.on('error', (error) => {
      const failure = login.failure(error, limits.handshakeTimeoutMs);
      if (failure !== null) settle(failure);
    });
    client.once('close', () => settle(login.hungUp({ code: 'closed' })));
    client.once('ready', () =>
      settle(hostKey.trusted ? { kind: 'ready', client } : login.hungUp({ code: 'no-host-key' })),
    );
    client.connect({
      sock: stream,
      username: server.user,
      algorithms: { ...ALGORITHMS, serverHostKey: hostKey.algorithms },
      hostVerifier: (key: Buffer) => hostKey.accepts(key),
      authHandler: (left: AuthenticationType[] | null, partial: boolean | null) => login.nextMethod(left, partial),
      readyTimeout: limits.handshakeTimeoutMs,
      keepaliveInterval: limits.keepaliveIntervalMs,
      keepaliveCountMax: limits.keepaliveCountMax,
    });
  });
}
