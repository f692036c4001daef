import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuse } from '../api/answer.ts';
import type { CallLog } from '../call-log.ts';
import type { Faults, Outage } from '../faults.ts';
import type { ResponseUrls } from '../response-urls.ts';
import type { StandInState } from '../state.ts';
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
  const body = await readBody(request);
  if (body === null) return plain(413, 'too large');
  if (served.faults.latencyMs > 0) await sleep(served.faults.latencyMs);
  if (served.faults.outage !== null) return replyWhenAway(served.faults.outage);
  const url = new URL(request.url ?? '/', 'http://stand-in');
  if (url.pathname.startsWith('/api/')) return replyToApi(request, url, body, served);
  const responseId = /^\/response\/([0-9a-f]+)$/.exec(url.pathname)?.[1];
  if (responseId === undefined) return plain(404, 'not found');
  const answer = served.responseUrls.use(responseId, parsePayload(body), served.state);
  return plain(answer.status, answer.body);
}

function replyToApi(request: IncomingMessage, url: URL, body: string, served: Served): Reply {
  const read = readApiRequest(request, url, body);
  if (read.kind === 'refused') return json({ status: 200, headers: {}, answer: read.answer });
  const { methodName: method, form, json: fields } = read.request;
  const result = callApi(read.request, served.state, served.faults);
  const { status, answer } = result;
  served.calls.add({ method, arguments: { ...form, ...fields }, at: new Date(), status, answer });
  return served.faults.takeDrop(method) ? { kind: 'cut' } : json(result);
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
