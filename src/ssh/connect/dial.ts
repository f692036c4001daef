import { connect, type Socket } from 'node:net';
import { placeOf } from '../../model/connection/ssh-problem.ts';
import type { SshLogin } from '../../model/settings/settings.ts';
import { errnoCode, systemProblem } from '../../model/system-problem.ts';
import { type Dropped, type NotConnected, notConnected } from '../wire/not-connected.ts';
import type { Transport } from '../wire/transport.ts';

/** The error codes of a failed name lookup (getaddrinfo(3)). */
const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME']);

/** An open TCP connection, or why there is none. */
export type DialOutcome = Transport | Dropped | NotConnected;

/**
 * Looks up the server's name and opens a TCP connection to it within the timeout. Nagle's algorithm is off. With it,
 * five packets of the login would each wait 40 ms for a delayed acknowledgement.
 */
export function dial(server: SshLogin, timeoutMs: number): Promise<DialOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true });
    // This listener stays for the socket's whole life: an error without a listener would end the process.
    socket.on('error', (error) => settle(failure(server, error)));
    socket.once('connect', () => settle(transportOf(socket)));
    const onTimeout = () =>
      settle(notConnected('host-unreachable', { code: 'connect-timed-out', at: placeOf(server), timeoutMs }));
    const timer = setTimeout(onTimeout, timeoutMs);
    let settled = false;
    function settle(outcome: DialOutcome): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (outcome.kind !== 'connected') socket.destroy();
      resolve(outcome);
    }
  });
}

function transportOf(socket: Socket): Transport {
  return {
    kind: 'connected',
    stream: socket,
    close: () => socket.destroy(),
    closeSoon: () => socket.destroySoon(),
  };
}

/** Translates a connection error. If several addresses of one name failed together, their first error decides. */
function failure(server: SshLogin, error: Error): Dropped | NotConnected {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = errnoCode(first);
  const place = placeOf(server);
  const why = { code: 'connect-failed', at: place, error: systemProblem(first) } as const;
  // The server accepted the connection, and reset it before the connect event reached us.
  if (code === 'ECONNRESET') return { kind: 'dropped', why };
  if (code === 'ECONNREFUSED') return notConnected('host-unreachable', { code: 'connection-refused', at: place });
  if (code !== null && UNRESOLVED.has(code)) {
    return notConnected('host-unreachable', { code: 'name-not-resolved', at: place });
  }
  return notConnected('host-unreachable', why);
}
