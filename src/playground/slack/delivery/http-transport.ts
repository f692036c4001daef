import { sign } from './signature.ts';
import { ACK_LIMIT_MS, type DeliveryResult, type Interaction, type SendOptions, type Transport } from './transport.ts';

/** Sends to the bot's request URL, signed. */
export function createHttpTransport(requestUrl: string, signingSecret: string): Transport {
  return {
    send: (interaction, options) => post(requestUrl, signingSecret, encode(interaction), options),
  };
}

/** Commands are a form of their own; everything else is JSON in the form's field `payload`. */
function encode(interaction: Interaction): string {
  const fields =
    interaction.kind === 'slash_commands' ? interaction.payload : { payload: JSON.stringify(interaction.payload) };
  return new URLSearchParams(fields).toString();
}

async function post(url: string, secret: string, body: string, options: SendOptions): Promise<DeliveryResult> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headersFor(secret, body, options) },
      body: options.forged === 'changed-body' ? `${body}&text=rm` : body,
      redirect: 'error',
      signal: AbortSignal.timeout(ACK_LIMIT_MS),
    });
    const text = await response.text();
    const failure = response.ok ? null : 'http_service_error';
    return { ackMs: elapsed(), status: response.status, body: decode(text), failure };
  } catch (error) {
    const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
    const failure = isTimeout ? 'operation_timeout' : 'dispatch_failed';
    return { ackMs: elapsed(), status: null, body: '', failure };
  }
}

function headersFor(secret: string, body: string, { forged, retry }: SendOptions): Record<string, string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const timestamp = forged === 'old-timestamp' ? nowSeconds - 6 * 60 : nowSeconds;
  const signature = sign(forged === 'wrong-signature' ? `${secret}x` : secret, timestamp, body);
  return {
    'content-type': 'application/x-www-form-urlencoded',
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
