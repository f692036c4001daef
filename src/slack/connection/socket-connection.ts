import { setTimeout as sleep } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import { OperatorError } from '../../model/operator-error.ts';
import type { SlackTokenRefused, SlackTrouble } from '../../model/record/slack-failure.ts';
import type { Log } from '../../workflow/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { clientOptions } from './slack-clients.ts';
import type { SlackConnection } from './slack-connection.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './slack-failure.ts';

const HELLO_LIMIT_MS = 20_000;
const CLOSE_LIMIT_MS = 2_000;
/** The pauses after failed attempts in a row. The last one is repeated. */
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const LAST_PAUSE_MS = 30_000;

type Attempt =
  | { readonly kind: 'connected'; readonly ended: Promise<void> }
  | { readonly kind: 'failed'; readonly why: SlackTrouble }
  | { readonly kind: 'refused'; readonly why: SlackTokenRefused };

/**
 * Socket Mode with our own reconnecting. That of the client (socket-mode 3.1) leaves promises unobserved: a disconnect
 * that races a reconnect, or a network error during one, would end the process. So it is off, and each attempt to
 * connect is one awaited call here.
 */
export class SocketConnection implements SlackConnection {
  readonly receiver: SocketModeReceiver;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #connected = Promise.withResolvers<void>();
  #isConnected = false;
  #trouble: SlackTrouble | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: { appToken: string; slackApiUrl: string; log: Log }) {
    this.#log = options.log;
    this.receiver = new SocketModeReceiver({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      logger: boltLogger(options.log),
      installerOptions: { clientOptions: clientOptions(options.slackApiUrl, options.log) },
      processEventErrorHandler: async ({ error }) => {
        options.log.error({ err: error }, 'a request of Slack could not be handled');
        return false;
      },
    });
  }

  /** Resolves after the first attempt. If Slack is only away, attempts continue in the background. */
  async start(): Promise<void> {
    const first = await this.#connect();
    if (first.kind === 'refused') throw new OperatorError({ code: 'slack-token', refused: first.why });
    this.#loop = this.#keepConnected(first);
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  get trouble(): SlackTrouble | null {
    return this.#trouble;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#disconnect();
    await this.#loop;
  }

  async #keepConnected(first: Attempt): Promise<void> {
    let attempt = first;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      if (attempt.kind === 'connected') {
        failures = 0;
        await attempt.ended;
      } else {
        this.#log.warn({ why: attempt.why, failures }, 'no Socket Mode connection to Slack; trying again');
        await this.#pause(PAUSES_MS[failures] ?? LAST_PAUSE_MS);
        failures += 1;
      }
      if (!this.#stopping.signal.aborted) attempt = await this.#connect();
    }
    await this.#disconnect();
  }

  /** One attempt. Never rejects. */
  async #connect(): Promise<Attempt> {
    const { client } = this.receiver;
    const end = Promise.withResolvers<void>();
    const onEnd = () => end.resolve();
    client.once('disconnected', onEnd);
    const helloLimit = setTimeout(() => this.#disconnect(), HELLO_LIMIT_MS);
    try {
      await client.start();
      this.#isConnected = true;
      this.#trouble = null;
      this.#connected.resolve();
      this.#log.info({}, 'connected to Slack over Socket Mode');
      return { kind: 'connected', ended: end.promise.then(() => this.#noteEnd()) };
    } catch (error) {
      client.off('disconnected', onEnd);
      const failed = failedAttempt(error);
      this.#trouble = failed.why;
      return failed;
    } finally {
      clearTimeout(helloLimit);
    }
  }

  #noteEnd(): void {
    this.#isConnected = false;
    this.#log.info({}, 'the Socket Mode connection to Slack ended');
  }

  /**
   * Closes the connection, properly first. The client waits for the server's close message. On a second call it does
   * not.
   */
  async #disconnect(): Promise<void> {
    const { client } = this.receiver;
    const closed = client.disconnect();
    letProcessEnd(client.websocket);
    const waited = new AbortController();
    const late = sleep(CLOSE_LIMIT_MS, 'late' as const, { signal: waited.signal }).catch(() => 'closed' as const);
    if ((await Promise.race([closed, late])) === 'late') await client.disconnect();
    waited.abort();
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
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
