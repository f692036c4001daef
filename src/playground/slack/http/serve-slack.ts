import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuse } from '../api/answer.ts';
import type { Faults, Outage } from '../faults.ts';
import type { StandInState } from '../state.ts';
import type { CallLog } from '../stores/call-log.ts';
import type { ResponseUrls } from '../stores/response-urls.ts';
import { readApiRequest } from './api-request.ts';
import { type ApiResponse, callApi } from './call-api.ts';
import { readBody } from './read-body.ts';

/** The parts of the stand-in that answer HTTP requests. */
export type Served = {
  readonly state: StandInState;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly responseUrls: ResponseUrls;
};

type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    }
  /** The connection is closed without an answer. */
  | { readonly kind: 'cut' }
  /** The connection stays open without an answer. */
  | { readonly kind: 'silence' };

/** Answers one HTTP request of the bot: a Web API call under /api/, or an answer to a response_url. */
export async function serveSlack(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const reply = await replyTo(request, served);
  if (reply.kind === 'silence') return;
  if (reply.kind === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

async function replyTo(request: IncomingMessage, served: Served): Promise<Reply> {
  const bytes = await readBody(request);
  if (bytes === null) return plain(413, 'too large');
  if (served.faults.latencyMs > 0) await sleep(served.faults.latencyMs);
  if (served.faults.outage !== null) return replyWhenAway(served.faults.outage);
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const fileId = /^\/upload\/v1\/(\w+)$/.exec(url.pathname)?.[1];
  if (fileId !== undefined) return takeUpload(request, fileId, bytes, served.state);
  const body = bytes.toString('utf8');
  if (url.pathname.startsWith('/api/')) return replyToApi(request, url, body, served);
  const responseId = /^\/response\/([0-9a-f]+)$/.exec(url.pathname)?.[1];
  if (responseId === undefined) return plain(404, 'not found');
  const answer = served.responseUrls.use(responseId, parsePayload(body), served.state);
  return plain(answer.status, answer.body);
}

/** The bytes of a file, as they are. It is no method: there is no token, and no JSON in the answer. */
function takeUpload({ method, headers }: IncomingMessage, id: string, bytes: Buffer, { files }: StandInState): Reply {
  if (method !== 'POST') return plain(405, 'POST the bytes');
  if (headers.authorization !== undefined) return plain(400, 'an upload has no token');
  return files.upload(id, bytes) ? plain(200, `OK - ${bytes.length}`) : plain(400, 'not the file that was announced');
}

function replyToApi(request: IncomingMessage, url: URL, body: string, served: Served): Reply {
  const read = readApiRequest(request, url, body);
  if (read.kind === 'refused') return json({ status: 200, headers: {}, answer: read.answer });
  const { methodName: method, form, json: fields } = read.request;
  const result = callApi(read.request, served.state, served.faults);
  const { status, answer } = result;
  served.calls.add({ method, arguments: { ...form, ...fields }, at: new Date(), status, answer });
  const lost = served.faults.takeDrop(method);
  return lost === null ? json(result) : replyWhenAway(lost === 'cut' ? 'refused' : lost);
}

function replyWhenAway(outage: Outage): Reply {
  switch (outage) {
    case 'refused':
      return { kind: 'cut' };
    case 'hang':
      return { kind: 'silence' };
    case 'http-500':
      return plain(500, 'Internal Server Error');
    case 'http-503':
      return plain(503, 'Service Unavailable');
    default:
      return json({ status: 200, headers: {}, answer: refuse(outage) });
  }
}

function parsePayload(body: string): unknown {
  const text = body.startsWith('payload=') ? new URLSearchParams(body).get('payload') : body;
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function json({ status, headers, answer }: ApiResponse): Reply {
  const withType = { ...headers, 'content-type': 'application/json; charset=utf-8' };
  return { kind: 'answer', status, headers: withType, body: JSON.stringify(answer) };
}

function plain(status: number, body: string): Reply {
  return { kind: 'answer', status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
