import { setTimeout as sleep } from 'node:timers/promises';
import type { SshSettings } from '../../model/settings/settings.ts';
import { loadLoginMaterial, type Trust } from '../trust/trust.ts';
import type { ConnectLimits } from '../wire/connect-limits.ts';
import { type Dropped, type NotConnected, notConnected } from '../wire/not-connected.ts';
import { Connection } from './connection.ts';
import { type DialOutcome, dial } from './dial.ts';
import { handshake } from './handshake.ts';
import { connectThroughJumps } from './jump-chain.ts';

const RETRY_MIN_MS = 100;
const RETRY_SPREAD_MS = 400;

/**
 * Logs in on a host, as ssh(1) would with BatchMode=yes and StrictHostKeyChecking=yes. The known_hosts file and our own
 * key are read before anything is sent. The login starts only after the host has shown a known key.
 */
export async function connectTo(
  settings: SshSettings,
  trust: Trust,
  limits: ConnectLimits,
): Promise<Connection | NotConnected> {
  const first = await attempt(settings, trust, limits);
  if (first.kind !== 'dropped') return first;
  // sshd hangs up on strangers at random when many log in at once (MaxStartups): one more attempt, after a random
  // delay.
  await sleep(RETRY_MIN_MS + Math.random() * RETRY_SPREAD_MS);
  const second = await attempt(settings, trust, limits);
  return second.kind === 'dropped' ? notConnected('host-unreachable', second.why) : second;
}

async function attempt(
  settings: SshSettings,
  trust: Trust,
  limits: ConnectLimits,
): Promise<Connection | Dropped | NotConnected> {
  const material = await loadLoginMaterial(settings, trust);
  if (material.kind === 'not-connected') return material;
  const transport = await transportTo(settings, trust, limits);
  if (transport.kind !== 'connected') return transport;
  const outcome = await handshake(transport.stream, settings, material, limits);
  if (outcome.kind === 'ready') return new Connection(outcome.client, transport, limits.acceptTimeoutMs);
  transport.close();
  return outcome;
}

function transportTo(settings: SshSettings, trust: Trust, limits: ConnectLimits): Promise<DialOutcome> {
  const [first] = settings.jumps;
  return first === undefined
    ? dial(settings, limits.connectTimeoutMs)
    : connectThroughJumps([first, ...settings.jumps.slice(1)], settings, trust, limits);
}
