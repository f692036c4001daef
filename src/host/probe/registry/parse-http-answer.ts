import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { HttpAnswer } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';

const MAX_BODY_CHARACTERS = 4096;
/** The HTTP tool and its exit status, on a line of its own at the very end. */
const ENDING = /\n(curl|wget|busybox|bash|none) (\d{1,3})$/;
/** The tools that could not send the request, each with its exit status. */
const UNABLE = /^\nunable ([a-z0-9 ,]{1,100})$/;
const STATUS_LINE = /^HTTP\/[0-9.]{1,3} ([1-5]\d\d)[ \r\n]/;
/** busybox wget reports the status only in its messages. */
const STATUS_MESSAGE = /^(?: {2}|wget: server returned error: )HTTP\/[0-9.]{1,3} ([1-5]\d\d)(?:[ \r\n]|$)/m;

const REFUSED: Reason = { code: 'connection-refused' };
const NO_ANSWER: Reason = { code: 'no-answer', detail: '3' };
const EMPTY: Reason = { code: 'empty-answer' };
const UNRESOLVED: Reason = { code: 'name-unresolved' };
const UNTRUSTED: Reason = { code: 'certificate-untrusted' };

/** Exit statuses with a known meaning: curl(1), wget(1), timeout(1), and 7 from the script's own bash. */
const REASONS: Readonly<Record<string, Reason>> = {
  'curl 6': UNRESOLVED,
  'curl 7': REFUSED,
  'curl 28': NO_ANSWER,
  'curl 35': { code: 'tls-failed' },
  'curl 52': EMPTY,
  // The connection closed while the tool sent the request, or before it could (128 and SIGPIPE).
  'curl 55': EMPTY,
  'curl 56': EMPTY,
  'bash 1': EMPTY,
  'bash 6': UNRESOLVED,
  'bash 141': EMPTY,
  'curl 60': UNTRUSTED,
  'wget 4': REFUSED,
  'wget 5': UNTRUSTED,
  'busybox 124': NO_ANSWER,
  'busybox 143': NO_ANSWER,
  'wget 8': { code: 'answer-hidden' },
  'bash 7': REFUSED,
  'bash 124': NO_ANSWER,
};

/**
 * Parses what a tool on the host got from this URL: head and body, cut off at a limit. Any status counts as an answer.
 */
export function parseHttpAnswer(url: string, raw: Uint8Array): Fact<HttpAnswer> {
  const text = new TextDecoder().decode(raw);
  const unable = UNABLE.exec(text)?.[1];
  if (unable !== undefined) return unknown({ code: 'tools-failed', detail: unable });
  const ending = ENDING.exec(text);
  const answer = ending ? text.slice(0, ending.index) : text;
  const [, tool = '', exit = ''] = ending ?? [];
  if (tool === 'none') return unknown('no-tool-to-ask');
  const status = (tool === 'busybox' ? STATUS_MESSAGE : STATUS_LINE).exec(answer)?.[1];
  if (status === undefined) return unknown(reason(url, tool, exit, answer));
  const body = tool === 'busybox' ? '' : bodyOf(answer).slice(0, MAX_BODY_CHARACTERS);
  return known({ url, status: Number(status), body });
}

function reason(url: string, tool: string, exit: string, answer: string): Reason {
  if (url.startsWith('https:') && tool === 'curl' && ['52', '55', '56'].includes(exit)) {
    // A server that requires a client certificate closes the connection after the handshake (RFC 8446,
    // certificate_required).
    return { code: 'hung-up-over-tls' };
  }
  if (/refused/i.test(tool === 'busybox' ? answer : '')) return REFUSED;
  if (`${tool} ${exit}` === 'bash 0' && answer === '') return EMPTY;
  if (exit === '0' || exit === '') return { code: 'not-http' };
  return REASONS[`${tool} ${exit}`] ?? { code: 'asked-in-vain', detail: `${tool} ${exit}` };
}

function bodyOf(answer: string): string {
  const end = /\r?\n\r?\n/.exec(answer);
  return end ? answer.slice(end.index + end[0].length) : '';
}
