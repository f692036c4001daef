import { setTimeout as sleep } from 'node:timers/promises';
import type { SshSettings } from '../../model/settings/settings.ts';
import { readMeans, type Trust } from '../trust/trust.ts';
import type { ConnectLimits } from '../wire/connect-limits.ts';
import { type Dropped, type NotConnected, notConnected } from '../wire/not-connected.ts';
import { Connection } from './connection.ts';
import { type DialOutcome, dial } from './dial.ts';
import { handshake } from './handshake.ts';
import { passJumps } from './pass-jumps.ts';

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
  const means = await readMeans(settings, trust);
  if (means.kind === 'not-connected') return means;
  const way = await wayTo(settings, trust, limits);
  if (way.kind !== 'connected') return way;
  const outcome = await handshake(way.stream, settings, means, limits);
  if (outcome.kind === 'ready') return new Connection(outcome.client, way, limits.acceptTimeoutMs);
  way.close();
  return outcome;
}

function wayTo(settings: SshSettings, trust: Trust, limits: ConnectLimits): Promise<DialOutcome> {
  const [first] = settings.jumps;
  return first === undefined
    ? dial(settings, limits.connectTimeoutMs)
    : passJumps([first, ...settings.jumps.slice(1)], settings, trust, limits);
}
