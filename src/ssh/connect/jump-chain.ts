import type { Client, ClientChannel } from 'ssh2';
import { placeOf, type SshDetail } from '../../model/connection/ssh-problem.ts';
import type { SshLogin } from '../../model/settings/settings.ts';
import { loadLoginMaterial, type Trust } from '../trust/trust.ts';
import type { ConnectLimits } from '../wire/connect-limits.ts';
import { type Dropped, type NotConnected, notConnected } from '../wire/not-connected.ts';
import { remoteText } from '../wire/remote-text.ts';
import type { Transport } from '../wire/transport.ts';
import { type DialOutcome, dial } from './dial.ts';
import { handshake } from './handshake.ts';

/**
 * Opens the transport to a server through one jump host or several (ssh_config(5), ProxyJump). It logs in at each,
 * compares its host key, and forwards a connection to the next. The forwarded data is encrypted end to end for the
 * server behind them. If anything fails, nothing is left open.
 */
export async function connectThroughJumps(
  jumps: readonly [SshLogin, ...SshLogin[]],
  target: SshLogin,
  trust: Trust,
  limits: ConnectLimits,
): Promise<DialOutcome> {
  const [nearest] = jumps;
  let transport = await dial(nearest, limits.connectTimeoutMs);
  if (transport.kind !== 'connected') return atJump(nearest, transport);
  for (const [index, jump] of jumps.entries()) {
    transport = await through(transport, jump, jumps[index + 1] ?? target, trust, limits);
    if (transport.kind !== 'connected') return atJump(jump, transport);
  }
  return transport;
}

/** Logs in at the jump host at the end of this transport and forwards to the next. */
async function through(
  transport: Transport,
  jump: SshLogin,
  next: SshLogin,
  trust: Trust,
  limits: ConnectLimits,
): Promise<DialOutcome> {
  const material = await loadLoginMaterial(jump, trust);
  const login = material.kind === 'material' ? await handshake(transport.stream, jump, material, limits) : material;
  if (login.kind !== 'ready') {
    transport.close();
    return login;
  }
  const { client } = login;
  // Stays for the client's whole life: an error without a listener would end the process. Its forwarded connection ends
  // with it.
  client.on('error', () => {});
  client.once('close', () => transport.close());
  const close = () => client.destroy();
  const forwarded = await forward(client, next, limits.connectTimeoutMs);
  if (forwarded.kind === 'channel') {
    return { kind: 'connected', stream: forwarded.channel, close, closeSoon: () => client.end() };
  }
  close();
  return forwarded;
}

type Forwarded = { readonly kind: 'channel'; readonly channel: ClientChannel } | NotConnected;

function forward(client: Client, next: SshLogin, timeoutMs: number): Promise<Forwarded> {
  return new Promise((resolve) => {
    const refuse = (detail: SshDetail) =>
      resolve(notConnected('host-unreachable', { code: 'not-forwarded', next: placeOf(next), detail }));
    const timer = setTimeout(() => refuse({ code: 'no-answer', timeoutMs }), timeoutMs);
    client.once('close', () => refuse({ code: 'closed' }));
    client.forwardOut('127.0.0.1', 0, next.address, next.port, (error, channel) => {
      clearTimeout(timer);
      if (error) refuse({ code: 'said', said: remoteText(error.message) });
      else resolve({ kind: 'channel', channel });
    });
  });
}

function atJump(jump: SshLogin, failure: Dropped | NotConnected): Dropped | NotConnected {
  const { why } = failure;
  if (why.code === 'at-jump-host') return failure;
  return { ...failure, why: { code: 'at-jump-host', jump: placeOf(jump), problem: why } };
}
