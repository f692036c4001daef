import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls, getCACertificates } from 'node:tls';
import { checkpointLine } from '../hash/checkpoint.ts';
import type { CheckpointTaker } from '../workflow/ports/witnesses.ts';

const TIMEOUT_MS = 10_000;
/** Facility 13 (log audit), severity 5 (notice): RFC 5424, section 6.2.1. */
const PRIORITY = 13 * 8 + 5;

/**
 * The syslog of another machine, at `tls://HOST:PORT`, `tcp://` or `udp://`: one message of RFC 5424 for each checkpoint, on a connection of
 * its own. Over TLS and TCP it is framed by its length (RFC 5425, RFC 6587), which rsyslog and syslog-ng take. No kept package does that
 * (looked at as of November 2026: syslog-client and its fork @n8n/syslog-client end TCP messages with a line feed).
 */
export function syslogTaker(url: string): CheckpointTaker {
  return {
    name: 'syslog',
    append: async (note) => {
      const message = messageOf(note, new Date());
      const { protocol, hostname: named, port } = new URL(url);
      const place = { host: named.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
      if (protocol === 'udp:') return sendDatagram(message, place);
      const framed = `${Buffer.byteLength(message)} ${message}`;
      return sendOn(protocol === 'tls:' ? secured(place) : connect(place), framed);
    },
  };
}

/** One message, in ASCII. */
function messageOf(note: string, at: Date): string {
  const host = hostname().replaceAll(/[^!-~]/g, '') || '-';
  return `<${PRIORITY}>1 ${at.toISOString()} ${host} registry-doctor ${process.pid} checkpoint - ${checkpointLine(note)}`;
}

type Place = { readonly host: string; readonly port: number };

async function sendDatagram(message: string, { host, port }: Place): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.send(message, port, host, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    socket.close();
  }
}

/** Trusts the certificates that other programs on this machine trust, and those that come with Node. */
function secured(place: Place): Socket {
  return connectTls({ ...place, ca: [...getCACertificates('default'), ...getCACertificates('system')] });
}

/** Resolves when the other side has closed the connection after the message: it has read all of it. */
async function sendOn(socket: Socket, message: string): Promise<void> {
  try {
    socket.end(message);
    socket.resume();
    await once(socket, 'close', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } finally {
    socket.destroy();
  }
}
