import { request } from 'node:http';
import { readBody } from '../http/read-body.ts';
import { sign } from './signature.ts';
import { ACK_LIMIT_MS, type DeliveryResult, type Interaction, type SendOptions, type Transport } from './transport.ts';

/** Sends signed HTTP requests to the bot's request URL. */
export function createHttpTransport(requestUrl: string, signingSecret: string): Transport {
  return {
    send: (interaction, options) => post(requestUrl, signingSecret, encode(interaction), options),
  };
}

type Encoded = { readonly body: string; readonly contentType: string };

/** An event is JSON, and a command a plain form. Everything else is JSON in the form's field `payload`. */
function encode(interaction: Interaction): Encoded {
  if (interaction.kind === 'events_api') {
    return { body: JSON.stringify(interaction.payload), contentType: 'application/json' };
  }
  const fields =
    interaction.kind === 'slash_commands' ? interaction.payload : { payload: JSON.stringify(interaction.payload) };
  return { body: new URLSearchParams(fields).toString(), contentType: 'application/x-www-form-urlencoded' };
}

async function post(url: string, secret: string, encoded: Encoded, options: SendOptions): Promise<DeliveryResult> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const { body } = encoded;
  const headers = headersFor(secret, encoded, options);
  const signal = AbortSignal.timeout(ACK_LIMIT_MS);
  try {
    const sent = options.forged === 'changed-body' ? `${body}&text=rm` : body;
    const { status, text } = await exchange(url, headers, sent, signal);
    const isTaken = status >= 200 && status < 300;
    return {
      ackMs: elapsed(),
      status,
      body: decode(text),
      failure: isTaken ? null : 'http_service_error',
      takenAt: null,
    };
  } catch {
    const failure = signal.aborted ? 'operation_timeout' : 'dispatch_failed';
    return { ackMs: elapsed(), status: null, body: '', failure, takenAt: null };
  }
}

/** Sends one request over a new connection. One that was kept open would be dead after a restart of the bot. */
function exchange(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false, signal }, (response) => {
      const answered = readBody(response).then((body) => ({
        status: response.statusCode ?? 0,
        text: body?.toString('utf8') ?? '',
      }));
      answered.then(resolve, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function headersFor(
  secret: string,
  { body, contentType }: Encoded,
  { forged, retry }: SendOptions,
): Record<string, string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const timestamp = forged === 'old-timestamp' ? nowSeconds - 6 * 60 : nowSeconds;
  const signature = sign(forged === 'wrong-signature' ? `${secret}x` : secret, timestamp, body);
  return {
    'content-type': contentType,
    accept: 'application/json,*/*',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': String(timestamp),
    ...(forged === 'no-signature' ? {} : { 'x-slack-signature': signature }),
    ...(retry === undefined ? {} : { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason }),
  };
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
