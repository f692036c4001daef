import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { OperatorError } from '../model/operator-error.ts';
import { systemProblem } from '../model/system-problem.ts';
import type { Log } from '../workflow/ports/bot.ts';
import { closeServer } from './close-server.ts';

/** Enough for any monitoring system, which sends its request at once. */
const REQUEST_TIMEOUT_MS = 10_000;

export type WebAnswer = { readonly status: number; readonly contentType: string; readonly body: string };

export type WebServerOptions = {
  /** Port 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /** The answer to `GET` for each path. The body of a request is never read. */
  readonly pages: Readonly<Record<string, () => Promise<WebAnswer>>>;
  readonly log: Log;
};

export type WebServer = { readonly port: number; close(): Promise<void> };

/** Starts a server that answers `GET` requests. Rejects if it cannot listen at the address. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
  const pages = new Map(Object.entries(options.pages).map(([path, page]) => [path, oneAtATime(page)]));
  const server = createServer(limits, (request, response) => void answer(request, response, pages, options.log));
  try {
    server.listen(options.port, options.host);
    await once(server, 'listening');
  } catch (error) {
    const { host, port } = options;
    throw new OperatorError({ code: 'http-port', host, port, error: systemProblem(error) }, { cause: error });
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () => closeServer(server),
  };
}

/** Makes a page once for all requests that arrive meanwhile, since it costs a round trip to the record. */
function oneAtATime<T>(make: () => Promise<T>): () => Promise<T> {
  let making: Promise<T> | null = null;
  return () => {
    making ??= make().finally(() => {
      making = null;
    });
    return making;
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: ReadonlyMap<string, () => Promise<WebAnswer>>,
  log: Log,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const page = pages.get(path);
  if (page === undefined) return void response.writeHead(404).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  }
  try {
    const { status, contentType, body } = await page();
    response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? '' : body);
  } catch (error) {
    log.error({ err: error, path }, 'a page of the HTTP server could not be made');
    response.writeHead(500).end();
  }
}
