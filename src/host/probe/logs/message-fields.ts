import { LoggedAccess } from '../../../model/host/registry-logs.ts';
import type { Level, LogLine } from './log-line.ts';
import { fromRfc3339 } from './registry-timestamps.ts';

/** How many characters of a message are kept. */
const MAX_WORDS = 400;
const LEVELS: Readonly<Record<string, Level>> = {
  warn: 'warning',
  warning: 'warning',
  error: 'error',
  fatal: 'fatal',
  panic: 'fatal',
};

/** Reads a named field of a log line in logrus's format, as text or as JSON. */
export type Fields = (name: string) => string | undefined;

/** The log line that these fields describe, as distribution and GitLab's registry write it. */
export function messageLineOf(field: Fields): LogLine {
  const at = fromRfc3339(field('time') ?? '');
  return {
    kind: 'message',
    at,
    level: LEVELS[field('level') ?? ''] ?? 'info',
    words: wordsOf(field),
    access: requestIn(at, field('http.request.method'), field('http.request.uri'), field('http.response.status')),
  };
}

/** The request that a line is about, without the URL's query. Null if it is about none. */
export function requestIn(
  at: number | null,
  method: string | undefined,
  uri: string | undefined,
  status: string | undefined,
): LoggedAccess | null {
  if (!method || !uri || !/^[1-5]\d\d$/.test(status ?? '')) return null;
  const path = (uri.split('?')[0] ?? '').slice(0, 300);
  return LoggedAccess.safeParse({ at, method, path, status: Number(status) }).data ?? null;
}

/** The message, with the error if that adds something. */
function wordsOf(field: Fields): string {
  const message = field('msg') ?? '';
  const error = field('error') || field('err.detail') || field('err.message') || '';
  return shortened(error === '' || message.includes(error) ? message : `${message}: ${error}`);
}

export function shortened(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS - 1)}…` : line;
}
