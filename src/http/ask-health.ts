import { request } from 'node:http';
import type { HealthSilence } from '../model/health.ts';
import { messageOf } from '../model/message-of.ts';
import { errnoCode } from '../model/system-problem.ts';
import { HealthReport } from './health-report.ts';

/** Longer than any report. Another program's longer answer is not read to its end. */
const MAX_BYTES = 64 * 1024;

class TooLong extends Error {}

export type HealthAnswer =
  | { readonly kind: 'report'; readonly report: HealthReport }
  /** There is no socket, or no process listens on it. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'no-answer'; readonly why: HealthSilence };

/** Asks the bot behind a health socket for its health. Never takes longer than `timeoutMs`. */
export async function askHealth(socketFile: string, timeoutMs: number): Promise<HealthAnswer> {
  try {
    const { body } = await ask(socketFile, { method: 'GET', path: '/healthz' }, timeoutMs);
    const report = HealthReport.safeParse(JSON.parse(body));
    return report.success ? { kind: 'report', report: report.data } : { kind: 'no-answer', why: { code: 'no-report' } };
  } catch (error) {
    return silenceAfter(error);
  }
}

export type DrainAnswer = { readonly kind: 'asked' } | Exclude<HealthAnswer, { kind: 'report' }>;

/** Asks the bot behind a health socket to finish its work and end. */
export async function askToDrain(socketFile: string, timeoutMs: number): Promise<DrainAnswer> {
  try {
    const { status } = await ask(socketFile, { method: 'POST', path: '/drain' }, timeoutMs);
    return status === 202 ? { kind: 'asked' } : { kind: 'no-answer', why: { code: 'no-report' } };
  } catch (error) {
    return silenceAfter(error);
  }
}

function silenceAfter(error: unknown): Exclude<HealthAnswer, { kind: 'report' }> {
  if (isNobody(error)) return { kind: 'nobody' };
  if (error instanceof TooLong) return { kind: 'no-answer', why: { code: 'too-long', maxBytes: MAX_BYTES } };
  return { kind: 'no-answer', why: { code: 'failed', said: messageOf(error) } };
}

type Answer = { readonly status: number | undefined; readonly body: string };

function ask(
  socketFile: string,
  what: { readonly method: 'GET' | 'POST'; readonly path: string },
  timeoutMs: number,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const signal = AbortSignal.timeout(timeoutMs);
  const asked = request({ socketPath: socketFile, ...what, agent: false, signal }, async (response) => {
    try {
      resolve({ status: response.statusCode, body: await boundedText(response) });
    } catch (error) {
      reject(signal.aborted ? signal.reason : error);
    } finally {
      asked.destroy();
    }
  });
  asked.on('error', (error) => reject(signal.aborted ? signal.reason : error));
  asked.end();
  return promise;
}

async function boundedText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new TooLong();
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

function isNobody(error: unknown): boolean {
  const code = errnoCode(error);
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}
