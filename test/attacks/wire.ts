import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { sign } from '../../src/playground/slack/delivery/signature.ts';
import { readBody } from '../../src/playground/slack/http/read-body.ts';

/** A request of Slack, as the one who sits on the wire has it. */
export type Captured = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** The wire between Slack and the bot, in the attacker's hand: all is kept, nothing is handed on but what the attacker sends. */
export type Wire = {
  readonly url: string;
  /** The newest request that Slack has sent. */
  readonly newest: () => Captured;
  /** Sends a request to the bot; its HTTP status. */
  readonly send: (captured: Captured) => Promise<number>;
  readonly close: () => void;
};

/** Slack is told that each request arrived well. */
export async function tapWire(requestUrl: string): Promise<Wire> {
  const kept: Captured[] = [];
  const server = createServer(async (incoming, answer) => {
    const body = (await readBody(incoming))?.toString('utf8') ?? '';
    kept.push({ headers: singleHeaders(incoming.headersDistinct), body });
    answer.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the wire listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    newest: () => kept.at(-1) ?? { headers: {}, body: '' },
    send: (captured) => post(requestUrl, captured),
    close: () => server.close(),
  };
}

function singleHeaders(headers: NodeJS.Dict<string[]>): Record<string, string> {
  const mine = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, values = []]) => (mine.has(name) ? [] : [[name, values.join(', ')]])),
  );
}

function post(url: string, { headers, body }: Captured): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers: { ...headers }, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject).end(body);
  });
}

/** The click that the request carries. */
export function clickIn({ body }: Captured): Record<string, unknown> {
  return JSON.parse(new URLSearchParams(body).get('payload') ?? '{}');
}

/** The same request with another click in it, and the old signature. */
export function withClick(captured: Captured, click: Record<string, unknown>): Captured {
  return { ...captured, body: new URLSearchParams({ payload: JSON.stringify(click) }).toString() };
}

/** Signs the request again, as someone who has the signing secret, or a Slack that is deceived, would. */
export function signed({ headers, body }: Captured, secret: string, ageSeconds = 0): Captured {
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
  const marks = { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': sign(secret, timestamp, body) };
  return { headers: { ...headers, ...marks }, body };
}

export function without({ headers, body }: Captured, header: string): Captured {
  return { headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header)), body };
}
