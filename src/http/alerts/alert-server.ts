import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertSourceName } from '../../model/record/alert.ts';
import type { AlertSettings, AlertSourceSettings } from '../../model/settings/alert-settings.ts';
import type { AlertIntake } from '../../workflow/ports/alerts.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import { parseDelivery } from './parse-delivery.ts';
import { type Rate, RateLimit } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { SeenIds } from './seen-ids.ts';
import { type SenderCheck, senderCheck } from './sender-check.ts';

/** Alertmanager’s groups are a few KiB. A group of a thousand alerts is about a MiB. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 64;
/** A request that is not complete after this time is ended. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Well above 5,000 alerts a minute in one request each. */
const RATE: Rate = { perSecond: 200, burst: 400 };

export type AlertServerOptions = {
  readonly settings: AlertSettings;
  readonly tokens: ReadonlyMap<AlertSourceName, string>;
  readonly intake: AlertIntake;
  readonly log: Log;
  readonly rate?: Rate;
  readonly requestTimeoutMs?: number;
};

export type AlertServer = {
  readonly port: number;
  /** Accepts no more requests and waits for those in flight. */
  close(): Promise<void>;
};

type Source = {
  readonly settings: AlertSourceSettings;
  readonly check: SenderCheck;
  readonly rate: RateLimit;
  readonly seen: SeenIds;
};

/**
 * Starts the server for alerts at `POST /alerts/NAME`. Status 200 says that the alerts are on record. If the sender
 * should try again, the status is 503, because Alertmanager gives up after any 4xx. Rejects if the server can't listen.
 */
export async function startAlertServer(options: AlertServerOptions): Promise<AlertServer> {
  const { settings, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
  };
  const server = createServer(limits, answer(options, sourcesOf(options)));
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  return { port: portOf(server), close: () => closed(server) };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the alert server has no port');
  return address.port;
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
}

function sourcesOf({ settings, tokens, rate = RATE }: AlertServerOptions): ReadonlyMap<string, Source> {
  return new Map(
    settings.sources.map((source) => {
      const token = tokens.get(source.name);
      if (token === undefined) throw new Error(`the alert source ${source.name} has no token`);
      const check = senderCheck(source, token);
      return [
        `/alerts/${source.name}`,
        { settings: source, check, rate: new RateLimit(rate, performance.now()), seen: new SeenIds() },
      ];
    }),
  );
}

function answer(options: AlertServerOptions, sources: ReadonlyMap<string, Source>): RequestListener {
  return async (request, response) => {
    const source = sources.get(request.url ?? '');
    if (source === undefined) return end(response, 404);
    const status = await receive(request, source, options).catch((error: unknown) => {
      options.log.error({ err: error, source: source.settings.name }, 'alerts could not be put on record');
      return 503 as const;
    });
    if (status !== 200) options.log.warn({ source: source.settings.name, status }, 'refused a request with alerts');
    end(response, status);
  };
}

type Status = 200 | 400 | 401 | 404 | 405 | 413 | 415 | 503;

async function receive(request: IncomingMessage, source: Source, { intake }: AlertServerOptions): Promise<Status> {
  const { headers } = request;
  if (request.method !== 'POST') return 405;
  if (!source.check.mayBe(headers)) return 401;
  if (!source.rate.take(performance.now())) return 503;
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return 415;
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body.kind === 'too-large') return 413;
  if (body.kind !== 'text') return 400;
  if (!source.check.is(headers, body.text)) return 401;
  const id = String(headers['webhook-id'] ?? '');
  const isSigned = source.settings.kind === 'standard-webhooks';
  if (isSigned && source.seen.has(id, performance.now())) return 200;
  const delivery = parseDelivery(body.text, source.settings);
  if (delivery === null) return 400;
  await intake.takeAlerts(delivery);
  if (isSigned) source.seen.add(id, performance.now());
  return 200;
}

/** Answers with a status and no body. After a refusal nothing more is read from the connection. */
function end(response: ServerResponse, status: Status): void {
  const isOver = response.writableEnded || response.destroyed;
  if (isOver) return;
  const refused = status === 200 ? {} : { connection: 'close' };
  response.writeHead(status, { ...refused, ...(status === 503 ? { 'retry-after': '5' } : {}) }).end();
}
