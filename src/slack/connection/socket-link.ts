import { setTimeout as sleep } from 'node:timers/promises';
import { type App, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import { parsedJson } from '../../model/json.ts';
import type { SlackTokenRefused, SlackTrouble } from '../../model/record/messages/slack-failure.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import { boltLogger } from './bolt-logger.ts';
import { clientOptions } from './slack-clients.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './slack-failure.ts';

const HELLO_LIMIT_MS = 20_000;
const CLOSE_LIMIT_MS = 1_000;

export type LinkOptions = { readonly appToken: string; readonly slackApiUrl: string; readonly log: Log };

export type Attempt =
  | { readonly kind: 'connected' }
  | { readonly kind: 'failed'; readonly why: SlackTrouble }
  | { readonly kind: 'refused'; readonly why: SlackTokenRefused };

/**
 * One Socket Mode connection, from its first call to its end. Slack's request to leave does not close it: the next
 * connection has to be open first. The client (socket-mode 3.1) would close at once, and its own reconnecting leaves
 * promises unobserved, which ends the process. So each connection has a client of its own, which never reconnects.
 */
export class SocketLink {
  readonly #receiver: SocketModeReceiver;
  readonly #leaving = Promise.withResolvers<void>();
  readonly #lastCall = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #isOpen = false;
  #isCrowded = false;
  #isClosing = false;

  constructor(options: LinkOptions, app: App) {
    this.#receiver = new SocketModeReceiver({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      logger: boltLogger(options.log),
      installerOptions: { clientOptions: clientOptions(options.slackApiUrl, options.log) },
      processEventErrorHandler: async ({ error }) => {
        options.log.error({ err: error }, 'a request of Slack could not be handled');
        return false;
      },
    });
    this.#receiver.init(app);
    this.#receiver.client.on('disconnected', () => this.#end());
    this.#takeOverDisconnect();
  }

  /** Resolves when the connection has ended or another one should take over. */
  get leaving(): Promise<void> {
    return this.#leaving.promise;
  }

  /** Resolves when Slack sends no more requests over it. After a warning, it still does. */
  get lastCall(): Promise<void> {
    return this.#lastCall.promise;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Called once. Never rejects. */
  async connect(): Promise<Attempt> {
    const helloLimit = setTimeout(() => this.close(), HELLO_LIMIT_MS);
    try {
      await this.#receiver.client.start();
      // Closed meanwhile, before there was a connection to close.
      if (this.#isClosing) return await this.#closeLate();
      this.#isOpen = true;
      return { kind: 'connected' };
    } catch (error) {
      return this.#isCrowded ? { kind: 'failed', why: { kind: 'too-many-connections' } } : failedAttempt(error);
    } finally {
      clearTimeout(helloLimit);
    }
  }

  /**
   * Closes the connection, properly first. The client waits for the server's close message. On a second call it does
   * not.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    const { client } = this.#receiver;
    const closed = client.disconnect();
    letProcessEnd(client.websocket);
    const waited = new AbortController();
    const late = sleep(CLOSE_LIMIT_MS, 'late' as const, { signal: waited.signal }).catch(() => 'closed' as const);
    if ((await Promise.race([closed, late])) === 'late') await client.disconnect();
    waited.abort();
  }

  async #closeLate(): Promise<Attempt> {
    await this.close();
    return { kind: 'failed', why: { kind: 'ended-early' } };
  }

  #end(): void {
    this.#isOpen = false;
    this.#leaving.resolve();
    this.#lastCall.resolve();
    this.#ended.resolve();
  }

  /** Hands every message to the client, except `disconnect`, by which the client would close the connection. */
  #takeOverDisconnect(): void {
    const { client } = this.#receiver;
    const listeners = client.listeners(WEBSOCKET_MESSAGE);
    client.removeAllListeners(WEBSOCKET_MESSAGE);
    client.on(WEBSOCKET_MESSAGE, (data: unknown, isBinary: unknown) => {
      const reason = disconnectReason(data);
      if (reason === null) for (const listener of listeners) listener(data, isBinary);
      else this.#askedToLeave(reason);
    });
  }

  #askedToLeave(reason: string): void {
    this.#leaving.resolve();
    if (reason !== 'warning') this.#lastCall.resolve();
    if (reason !== 'too_many_websockets') return;
    this.#isCrowded = true;
    this.close().catch(() => {});
  }
}

/** The event by which the client passes on what arrives. */
const WEBSOCKET_MESSAGE = 'ws_message';

const Disconnect = z.object({ type: z.literal('disconnect'), reason: z.string().catch('unknown') });

/** Null: another message. */
function disconnectReason(data: unknown): string | null {
  if (typeof data !== 'string') return null;
  return Disconnect.safeParse(parsedJson(data)).data?.reason ?? null;
}

/**
 * The client limits its close by a timer of 30 s, and forgets it if the connection breaks at that moment. The timer can
 * continue, but must not keep the process alive.
 */
function letProcessEnd(websocket: object | undefined): void {
  const timer: unknown = websocket && Reflect.get(websocket, 'closeHandshakeTimeout');
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
}

/** The client rejects with no value when the connection ends before Slack has said hello. */
function failedAttempt(error: unknown): Exclude<Attempt, { kind: 'connected' }> {
  if (error === undefined) return { kind: 'failed', why: { kind: 'ended-early' } };
  const failure = slackFailure(error);
  if (isTokenRefused(failure)) return { kind: 'refused', why: tokenRefused('app', failure) };
  return { kind: 'failed', why: failure };
}
