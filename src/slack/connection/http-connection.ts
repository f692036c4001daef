import type { Server } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import { OperatorError } from '../../model/operator-error.ts';
import { systemProblem } from '../../model/system-problem.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import { boltLogger } from './bolt-logger.ts';
import type { SlackConnection } from './slack-connection.ts';

const PATH = '/slack/events';
/** Limit for the body of a request. A click sends its complete message, about 100 kB at most. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Limit for the time in which a request arrives. Slack itself gives up after 3 s. */
const REQUEST_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** Receives the requests of Slack over HTTP, at POST /slack/events. Verifies the signature and timestamp of each. */
export class HttpConnection implements SlackConnection {
  readonly receiver: HTTPReceiver;
  readonly #listenOn: { readonly port: number; readonly host?: string };
  readonly #connected = Promise.withResolvers<void>();
  /** Always null: an opened port works, and a port that fails ends the start. */
  readonly trouble = null;
  #server: Server | null = null;

  /** Takes the port and the address (`host`, by default all) to listen on. Port 0 takes any free port. */
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

  /** Returns the port that it listens on. Null before the start and after the stop. */
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

  /** Stops listening and waits for open requests. Cuts them off after {@link CLOSE_TIMEOUT_MS}. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    await this.receiver.stop();
    clearTimeout(cutOff);
  }
}
