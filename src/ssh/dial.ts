import { connect, type Socket } from 'node:net';
import type { SshSettings } from '../model/settings.ts';
import * as words from '../words/en/ssh.ts';
import { codeOf, messageOf, type NotConnected, notConnected } from './not-connected.ts';

const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME']);

/**
 * Opens the TCP connection, name lookup included, within the time-out. Without Nagle's algorithm: with it every packet of
 * the login waits for a delayed acknowledgement, five times 40 ms.
 */
export function dial(
  settings: SshSettings,
  timeoutMs: number,
): Promise<{ readonly kind: 'connected'; readonly socket: Socket } | NotConnected> {
  return new Promise((resolve) => {
    const socket = connect({ host: settings.address, port: settings.port, noDelay: true });
    const fail = (why: string) => {
      clearTimeout(timer);
      socket.off('connect', succeed);
      socket.destroy();
      resolve(notConnected('host-unreachable', why));
    };
    const onError = (error: Error) => fail(explain(settings, error));
    const succeed = () => {
      clearTimeout(timer);
      socket.off('error', onError);
      resolve({ kind: 'connected', socket });
    };
    const timer = setTimeout(() => fail(words.connectTimedOut(settings, timeoutMs)), timeoutMs);
    socket.once('connect', succeed);
    socket.once('error', onError);
    // For the socket's whole life: an error that comes late must not end the process.
    socket.on('error', () => {});
  });
}

/** Several addresses of one name fail together as an AggregateError, whose first error says enough. */
function explain(settings: SshSettings, error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = codeOf(first);
  if (code === 'ECONNREFUSED') return words.connectionRefused(settings);
  if (code !== null && UNRESOLVED.has(code)) return words.nameNotResolved(settings);
  return words.connectFailed(settings, messageOf(first));
}
