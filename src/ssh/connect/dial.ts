import { connect, type Socket } from 'node:net';
import { placeOf } from '../../model/host/ssh-problem.ts';
import type { SshLogin } from '../../model/settings/settings.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { codeOf, type Dropped, type NotConnected, notConnected } from '../wire/not-connected.ts';
import type { Transport } from '../wire/transport.ts';

const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME']);

export type DialOutcome = Transport | Dropped | NotConnected;

/**
 * Opens the TCP connection, including the name lookup, within the timeout. Nagle's algorithm is off: with it every
 * packet of the login waits for a delayed acknowledgement, five times 40 ms.
 */
export function dial(server: SshLogin, timeoutMs: number): Promise<DialOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true });
    // Stays for the socket's whole life: an error without a listener would end the process.
    socket.on('error', (error) => settle(failure(server, error)));
    socket.once('connect', () => settle(transportOf(socket)));
    const overdue = () =>
      settle(notConnected('host-unreachable', { code: 'connect-timed-out', at: placeOf(server), timeoutMs }));
    const timer = setTimeout(overdue, timeoutMs);
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

/** Several addresses of one name fail together as an AggregateError. Its first error says enough. */
function failure(server: SshLogin, error: Error): Dropped | NotConnected {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = codeOf(first);
  const at = placeOf(server);
  const why = { code: 'connect-failed', at, error: systemProblem(first) } as const;
  // Accepted and reset before the connect event reached us.
  if (code === 'ECONNRESET') return { kind: 'dropped', why };
  if (code === 'ECONNREFUSED') return notConnected('host-unreachable', { code: 'connection-refused', at });
  if (code !== null && UNRESOLVED.has(code)) return notConnected('host-unreachable', { code: 'name-not-resolved', at });
  return notConnected('host-unreachable', why);
}
