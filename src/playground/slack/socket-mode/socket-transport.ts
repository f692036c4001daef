import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { z } from 'zod';
import {
  ACK_LIMIT_MS,
  type DeliveryResult,
  type Interaction,
  type SendOptions,
  type Transport,
} from '../delivery/transport.ts';
import type { Connections } from './connections.ts';

const Acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown() });

type InFlight = {
  readonly text: string;
  /** The connection over which the envelope was sent. Undefined while there is no connection for it. */
  holder: WebSocket | undefined;
  readonly acknowledge: (payload: unknown, from: WebSocket) => void;
};

/**
 * Sends envelopes over the bot's WebSocket connections, each to exactly one of them. An envelope whose connection
 * closes before the acknowledgement is sent again, unchanged, over another one.
 */
export class SocketTransport implements Transport {
  readonly #inFlight = new Map<string, InFlight>();
  readonly #connections: Connections;
  readonly #ownBaseUrl: () => string;

  constructor(connections: Connections, ownBaseUrl: () => string) {
    this.#connections = connections;
    this.#ownBaseUrl = ownBaseUrl;
    connections.onMessage = (text, from) => this.#take(text, from);
    connections.onChange = () => this.#redeliver();
  }

  send(interaction: Interaction, options: SendOptions): Promise<DeliveryResult> {
    if (options.forged !== undefined) throw new Error('a Socket Mode envelope has no signature to forge');
    const holder = this.#connections.next();
    if (holder === undefined) {
      return Promise.resolve({ ackMs: 0, status: null, body: '', failure: 'dispatch_failed', takenAt: null });
    }
    const envelopeId = randomUUID();
    const text = JSON.stringify(envelope(envelopeId, interaction, options));
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const finish = (result: Omit<DeliveryResult, 'ackMs'>) => {
        clearTimeout(timer);
        this.#inFlight.delete(envelopeId);
        resolve({ ...result, ackMs: performance.now() - startedAt });
      };
      const timer = setTimeout(
        () => finish({ status: null, body: '', failure: 'operation_timeout', takenAt: null }),
        ACK_LIMIT_MS,
      );
      const acknowledge = (payload: unknown, from: WebSocket) =>
        finish({ status: 200, body: payload ?? '', failure: null, takenAt: this.#connections.baseUrlOf(from) });
      this.#inFlight.set(envelopeId, { text, holder, acknowledge });
      this.#sendOver(holder, text);
    });
  }

  /** Handles what a bot sent: acknowledgements. Anything else is ignored, as Slack does. */
  #take(text: string, from: WebSocket): void {
    const parsed = Acknowledgement.safeParse(parseJson(text));
    if (parsed.success) this.#inFlight.get(parsed.data.envelope_id)?.acknowledge(parsed.data.payload, from);
  }

  /** Moves envelopes of closed connections to another one. */
  #redeliver(): void {
    for (const inFlight of this.#inFlight.values()) {
      if (inFlight.holder?.readyState === WebSocket.OPEN) continue;
      inFlight.holder = this.#connections.next();
      if (inFlight.holder !== undefined) this.#sendOver(inFlight.holder, inFlight.text);
    }
  }

  /** The bot answers to a response_url the way that it came. */
  #sendOver(holder: WebSocket, text: string): void {
    const own = this.#ownBaseUrl();
    holder.send(text.replaceAll(own, this.#connections.baseUrlOf(holder) ?? own));
  }
}

function envelope(envelopeId: string, { kind, payload }: Interaction, { retry }: SendOptions) {
  return {
    envelope_id: envelopeId,
    type: kind,
    accepts_response_payload: kind !== 'events_api',
    payload,
    ...(retry === undefined ? {} : { retry_attempt: retry.number, retry_reason: retry.reason }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
