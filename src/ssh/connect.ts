import { setTimeout as sleep } from 'node:timers/promises';
import type { SshSettings } from '../model/settings.ts';
import { Connection } from './connection.ts';
import { loadCredentials } from './credentials.ts';
import { dial } from './dial.ts';
import { type HandshakeLimits, handshake } from './handshake.ts';
import { readHostKeyCheck } from './host-key-check.ts';
import { type Dropped, type NotConnected, notConnected } from './not-connected.ts';

export type ConnectLimits = HandshakeLimits & {
  /** For the name lookup and TCP. */
  readonly connectTimeoutMs: number;
  /** For the server to take a command; nothing was run before that. */
  readonly acceptTimeoutMs: number;
};

/** Where the things that vouch for both sides are kept. */
export type TrustFiles = { readonly knownHostsFile: string; readonly agentSocket: string | null };

const RETRY_MIN_MS = 100;
const RETRY_SPREAD_MS = 400;

/**
 * Logs in on a host, as ssh(1) would with BatchMode=yes and StrictHostKeyChecking=yes. Before anything is sent both the
 * known hosts and our own key must be there; before the login the host's key must be a known one.
 */
export async function connectTo(
  settings: SshSettings,
  trust: TrustFiles,
  limits: ConnectLimits,
): Promise<Connection | NotConnected> {
  const first = await attempt(settings, trust, limits);
  if (first.kind !== 'dropped') return first;
  // sshd hangs up on strangers at random when many log in at once (MaxStartups): one more try, at a time of our own.
  await sleep(RETRY_MIN_MS + Math.random() * RETRY_SPREAD_MS);
  const second = await attempt(settings, trust, limits);
  return second.kind === 'dropped' ? notConnected('host-unreachable', second.why) : second;
}

async function attempt(
  settings: SshSettings,
  trust: TrustFiles,
  limits: ConnectLimits,
): Promise<Connection | Dropped | NotConnected> {
  const hostKey = await readHostKeyCheck(settings, trust.knownHostsFile);
  if (hostKey.kind === 'not-connected') return hostKey;
  const credentials = await loadCredentials(settings, trust.agentSocket);
  if (credentials.kind === 'not-connected') return credentials;
  const dialled = await dial(settings, limits.connectTimeoutMs);
  if (dialled.kind !== 'connected') return dialled;
  const outcome = await handshake(dialled.socket, settings, hostKey, credentials, limits);
  return outcome.kind === 'ready' ? new Connection(outcome.client, dialled.socket, limits.acceptTimeoutMs) : outcome;
}
