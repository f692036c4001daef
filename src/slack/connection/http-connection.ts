import type { Server } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import { OperatorError } from '../../model/operator-error.ts';
import { systemProblem } from '../../model/system-problem.ts';
import type { Log } from '../../workflow/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import type { SlackConnection } from './slack-connection.ts';

const PATH = '/slack/events';
/** A click sends its complete message, about 100 kB at most. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Slack itself gives up after 3 s. A slower sender is not Slack. */
const REQUEST_TIMEOUT_MS = 10_000;
const CLOSE_LIMIT_MS = 5_000;

/** Slack calls us over HTTP: POST /slack/events, every request verified by its signature and timestamp. */
export class HttpConnection implements SlackConnection {
  readonly receiver: HTTPReceiver;
  readonly #listenOn: { readonly port: number; readonly host?: string };
  readonly #connected = Promise.withResolvers<void>();
  /** An opened port either works or fails at once, so there is no lasting trouble. */
  readonly trouble = null;
  #server: Server | null = null;

  /** `host`: the address to listen on, by default all. Port 0 takes any free one. */
  constructor(options: { signingSecret: string; port: number; host?: string; log: Log }) {
    this.#listenOn = { port: options.port, ...(options.host === undefined ? {} : { host: options.host }) };
    this.receiver = new HTTPReceiver({
      signingSecret: options.signingSecret,
      endpoints: [PATH],
      bodyLimit: BODY_LIMIT_BYTES,
      logger: boltLogger(options.log),
    });
  }

  async start(): Promise<void> {
    const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
    try {
      this.#server = await this.receiver.start(this.#listenOn, limits);
    } catch (error) {
      const { port } = this.#listenOn;
      throw new OperatorError({ code: 'slack-port', port, error: systemProblem(error) }, { cause: error });
    }
    this.#connected.resolve();
  }

  /** The port that it listens on. Null before the start and after the stop. */
  get port(): number | null {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }

  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  isConnected(): boolean {
    return this.#server?.listening === true;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
    await this.receiver.stop();
    clearTimeout(cutOff);
  }
}
