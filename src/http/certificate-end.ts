import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Fact, known, unknown } from '../model/fact.ts';
import { connectFromHere, NO_ANSWER, reasonOf, servernameOf, TIMEOUT_MS } from './ask-url.ts';

/**
 * When the certificate ends that a server shows, in Unix seconds. Only its date is read and nothing is sent, so it
 * need not be trusted: an expired or a private one has a date too. Never rejects for what answers.
 */
export async function certificateEnd(url: string): Promise<Fact<number>> {
  const target = new URL(url);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const stream = connectFromHere(target);
  const secured = connectTls({ socket: stream, servername: servernameOf(target), rejectUnauthorized: false });
  try {
    return endOf(await shaken(secured, stream, signal));
  } catch (error) {
    return unknown(signal.aborted ? NO_ANSWER : reasonOf(error));
  } finally {
    secured.destroy();
    stream.destroy();
  }
}

function shaken(secured: TLSSocket, stream: ReturnType<typeof connectFromHere>, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  secured.once('secureConnect', () => resolve(secured));
  for (const one of [secured, stream]) one.on('error', reject);
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

function endOf(secured: TLSSocket): Fact<number> {
  const certificate = secured.getPeerX509Certificate();
  const end = Date.parse(certificate?.validTo ?? '');
  return Number.isNaN(end) ? unknown('tls-failed') : known(Math.floor(end / 1000));
}
