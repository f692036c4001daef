import { type Fact, known, unknown } from '../../../model/fact.ts';
import { type HttpAnswer, NOT_HTTP } from '../../../model/host/facts.ts';

const MAX_BODY_CHARACTERS = 4096;
/** The tool that asked, and what it exited with, on a line of its own behind everything else. */
const ENDING = /\n(curl|wget|busybox|bash|none) (\d{1,3})$/;
/** The tools that could not ask, each with what it exited with. */
const UNABLE = /^\nunable ([a-z0-9 ,]{1,100})$/;
const STATUS_LINE = /^HTTP\/[0-9.]{1,3} ([1-5]\d\d)[ \r\n]/;
/** busybox wget tells the status in its messages alone. */
const STATUS_MESSAGE = /^(?: {2}|wget: server returned error: )HTTP\/[0-9.]{1,3} ([1-5]\d\d)(?:[ \r\n]|$)/m;

/** Exit statuses that mean something to a reader: curl(1), wget(1), timeout(1), and 7 from the script's own bash. */
const REASONS: Readonly<Record<string, string>> = {
  'curl 6': "the address's name cannot be resolved",
  'curl 7': 'connection refused',
  'curl 28': 'no answer within 3 seconds',
  'curl 35': 'the TLS handshake failed',
  'curl 52': 'an empty answer',
  // Hung up on while it asked, or before it could (128 and SIGPIPE).
  'curl 55': 'an empty answer',
  'curl 56': 'an empty answer',
  'bash 1': 'an empty answer',
  'bash 6': "the address's name cannot be resolved",
  'bash 141': 'an empty answer',
  'curl 60': 'its TLS certificate is not trusted on that host',
  'wget 4': 'connection refused',
  'wget 5': 'its TLS certificate is not trusted on that host',
  'busybox 124': 'no answer within 3 seconds',
  'busybox 143': 'no answer within 3 seconds',
  'wget 8': 'an answer that wget does not show',
  'bash 7': 'connection refused',
  'bash 124': 'no answer within 3 seconds',
};

/** What a tool on the host got from this URL: head and body, cut at a limit. Any status is an answer. */
export function parseHttpAnswer(url: string, raw: Uint8Array): Fact<HttpAnswer> {
  const text = new TextDecoder().decode(raw);
  const unable = UNABLE.exec(text)?.[1];
  if (unable !== undefined) return unknown(`it could not be asked (${unable})`);
  const ending = ENDING.exec(text);
  const answer = ending ? text.slice(0, ending.index) : text;
  const [, tool = '', exit = ''] = ending ?? [];
  if (tool === 'none') return unknown('no curl, wget or bash on this host');
  const status = (tool === 'busybox' ? STATUS_MESSAGE : STATUS_LINE).exec(answer)?.[1];
  if (status === undefined) return unknown(reason(url, tool, exit, answer));
  const body = tool === 'busybox' ? '' : bodyOf(answer).slice(0, MAX_BODY_CHARACTERS);
  return known({ url, status: Number(status), body });
}

/** A server that wants the client's certificate hangs up once the handshake is done (RFC 8446, certificate_required). */
const HUNG_UP_OVER_TLS = 'it hung up over TLS: it may want a certificate of whoever asks';

function reason(url: string, tool: string, exit: string, answer: string): string {
  if (url.startsWith('https:') && tool === 'curl' && ['52', '55', '56'].includes(exit)) return HUNG_UP_OVER_TLS;
  if (/refused/i.test(tool === 'busybox' ? answer : '')) return 'connection refused';
  if (`${tool} ${exit}` === 'bash 0' && answer === '') return 'an empty answer';
  return REASONS[`${tool} ${exit}`] ?? (exit === '0' || exit === '' ? NOT_HTTP : `no answer (${tool} ${exit})`);
}

function bodyOf(answer: string): string {
  const end = /\r?\n\r?\n/.exec(answer);
  return end ? answer.slice(end.index + end[0].length) : '';
}
