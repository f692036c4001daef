import { connect, type Socket } from 'node:net';
import type { SshSettings } from '../model/settings.ts';
import * as words from '../words/en/ssh.ts';
import { codeOf, type Dropped, messageOf, type NotConnected, notConnected } from './not-connected.ts';

const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME']);

export type DialOutcome = { readonly kind: 'connected'; readonly socket: Socket } | Dropped | NotConnected;

/**
 * Opens the TCP connection, name lookup included, within the time-out. Without Nagle's algorithm: with it every packet of
 * the login waits for a delayed acknowledgement, five times 40 ms.
 */
export function dial(settings: SshSettings, timeoutMs: number): Promise<DialOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: settings.address, port: settings.port, noDelay: true });
    // Stays for the socket's whole life: an error that nobody listens to would end the process.
    socket.on('error', (error) => settle(failure(settings, error)));
    socket.once('connect', () => settle({ kind: 'connected', socket }));
    const overdue = () => settle(notConnected('host-unreachable', words.connectTimedOut(settings, timeoutMs)));
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

/** Several addresses of one name fail together as an AggregateError, whose first error says enough. */
function failure(settings: SshSettings, error: Error): Dropped | NotConnected {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = codeOf(first);
  const why = words.connectFailed(settings, messageOf(first));
  // Taken and thrown out again, before we had even heard that it was taken.
  if (code === 'ECONNRESET') return { kind: 'dropped', why };
  if (code === 'ECONNREFUSED') return notConnected('host-unreachable', words.connectionRefused(settings));
  if (code !== null && UNRESOLVED.has(code)) return notConnected('host-unreachable', words.nameNotResolved(settings));
  return notConnected('host-unreachable', why);
}
