import { type IncomingMessage, request } from 'node:http';
import { BlockList, connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, getCACertificates } from 'node:tls';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { HttpAnswer } from '../model/host/facts.ts';
import type { Reason } from '../model/reason.ts';

/** The limits of the guard's own requests on a host (scripts/lib/http.sh). */
export const TIMEOUT_MS = 3000;
const MAX_BODY_CHARACTERS = 4096;

/** Addresses that mean the machine on which they are used. */
const OWN = new BlockList();
OWN.addSubnet('127.0.0.0', 8);
OWN.addAddress('0.0.0.0');
OWN.addAddress('::1', 'ipv6');
OWN.addAddress('::', 'ipv6');

/**
 * Sends one GET and reads the start of the answer within 3 seconds. Follows no redirect, uses no proxy, verifies the
 * certificate. Any status is an answer. Rejects only if the URL is invalid.
 *
 * @param over an open connection to the URL's host. Null: a new one from this machine, but never to this machine.
 */
export async function askUrl(url: string, over: Duplex | null): Promise<Fact<HttpAnswer>> {
  const target = new URL(url);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const stream = over ?? connectFromHere(target, signal);
  // Never removed: an error without a listener would end the process.
  stream.on('error', () => {});
  const secured = target.protocol === 'https:' ? secure(stream, target) : stream;
  try {
    const { status, body } = await get(target, secured, signal);
    return known({ url, status, body });
  } catch (error) {
    return unknown(signal.aborted ? { code: 'no-answer', detail: String(TIMEOUT_MS / 1000) } : reasonOf(error));
  } finally {
    secured.destroy();
    stream.destroy();
  }
}

/** A connection from this machine to the URL's host, but not to this machine itself. */
export function connectFromHere(target: URL, signal: AbortSignal): Socket {
  return connectTcp({ ...placeOf(target), blockList: OWN, signal });
}

/** The host and port of a URL, for a socket. */
export function placeOf({ hostname, port, protocol }: URL): { readonly host: string; readonly port: number } {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Starts TLS. It trusts the certificates that curl on this machine trusts, and those that come with Node. */
function secure(socket: Duplex, target: URL): Duplex {
  const { host } = placeOf(target);
  const servername = servernameOf(target);
  const ca = [...getCACertificates('default'), ...getCACertificates('system')];
  return connectTls({ socket, host, servername, ca });
}

/** The name that a server is asked for by TLS. Empty for an address (RFC 6066, 3). */
export function servernameOf(target: URL): string {
  const { host } = placeOf(target);
  return /^[\d.]+$|:/.test(host) ? '' : host;
}

function get(target: URL, stream: Duplex, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const asked = request({
    path: target.pathname,
    headers: { Host: target.host, 'User-Agent': 'registry-doctor', Connection: 'close' },
    createConnection: () => stream,
    signal,
  });
  asked.once('response', (response) => {
    startOf(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  });
  asked.once('error', reject);
  stream.once('error', reject);
  asked.end();
  return promise;
}

async function startOf(response: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= MAX_BODY_CHARACTERS) break;
  }
  return text.slice(0, MAX_BODY_CHARACTERS);
}

const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: { code: 'connection-refused' },
  ECONNRESET: { code: 'empty-answer' },
  ENOTFOUND: { code: 'name-unresolved' },
  EAI_AGAIN: { code: 'name-unresolved' },
  ERR_IP_BLOCKED: { code: 'loopback-address' },
  EPROTO: { code: 'tls-failed' },
};

/** Why a connection or an answer failed. */
export function reasonOf(error: unknown): Reason {
  // Several addresses of one name fail together.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : '';
  const known = REASONS[code];
  if (known) return known;
  if (code.startsWith('HPE_')) return { code: 'not-http' };
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) return { code: 'certificate-untrusted' };
  return code.startsWith('ERR_SSL') ? { code: 'tls-failed' } : { code: 'asked-in-vain', detail: code || 'http' };
}
