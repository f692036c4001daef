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

export const NO_ANSWER: Reason = { code: 'no-answer', detail: String(TIMEOUT_MS / 1000) };
class NoAnswer extends Error {}

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
  const stream = over ?? connectFromHere(target);
  // Never removed: an error without a listener would end the process.
  stream.on('error', () => {});
  const secured = target.protocol === 'https:' ? secure(stream, target) : stream;
  try {
    const { status, body } = await get(target, secured);
    return known({ url, status, body });
  } catch (error) {
    return unknown(error instanceof NoAnswer ? NO_ANSWER : reasonOf(error));
  } finally {
    secured.destroy();
    stream.destroy();
  }
}

/** A connection from this machine to the URL's host, but not to this machine itself. */
export function connectFromHere(target: URL): Socket {
  return connectTcp({ ...placeOf(target), blockList: OWN });
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

/** Without an AbortSignal and without an iterator: each makes an error when its stream closes, a third of what a look costs. */
function get(target: URL, stream: Duplex): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const limit = setTimeout(() => reject(new NoAnswer()), TIMEOUT_MS);
  const asked = request({
    path: target.pathname,
    headers: { Host: target.host, 'User-Agent': 'registry-doctor', Connection: 'close' },
    createConnection: () => stream,
  });
  asked.once('response', (response) => {
    startOf(response, (body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  });
  asked.on('error', reject);
  stream.once('error', reject);
  asked.end();
  return promise.finally(() => clearTimeout(limit));
}

function startOf(response: IncomingMessage, done: (body: string) => void, failed: (error: Error) => void): void {
  const decoder = new TextDecoder();
  let text = '';
  response.on('data', (chunk: Buffer) => {
    text += decoder.decode(chunk, { stream: true });
    if (text.length < MAX_BODY_CHARACTERS) return;
    done(text.slice(0, MAX_BODY_CHARACTERS));
    response.destroy();
  });
  response.once('end', () => done(text));
  response.on('error', failed);
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
