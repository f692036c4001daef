import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { ChangeFeed } from '../change-feed.ts';
import type { Tickets } from './tickets.ts';

/** https://docs.slack.dev/apis/events-api/using-socket-mode#connections */
const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;
const CLOSE_LIMIT_MS = 1000;

/** Why Slack tells a bot to reconnect. */
export type DisconnectReason = 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** The bot's open WebSocket connections. */
export class Connections {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  /** Those that take new envelopes. */
  readonly #open = new Set<WebSocket>();
  readonly #tickets: Tickets;
  readonly #appId: string;
  readonly #feed: ChangeFeed;
  #turn = 0;
  /** Called with every text that the bot sends. */
  onMessage: (text: string) => void = () => {};
  /** Called when a connection was opened or is gone. */
  onChange: () => void = () => {};

  constructor(tickets: Tickets, appId: string, feed: ChangeFeed) {
    this.#tickets = tickets;
    this.#appId = appId;
    this.#feed = feed;
  }

  attachTo(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const ticket = new URL(request.url ?? '/', 'http://stand-in').searchParams.get('ticket');
      if (ticket === null || !this.#tickets.use(ticket)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (connection) => this.#welcome(connection));
    });
  }

  get count(): number {
    return this.#open.size;
  }

  /** Any of them, in turn. Undefined if there is none. */
  next(): WebSocket | undefined {
    const open = [...this.#open];
    this.#turn += 1;
    return open[this.#turn % Math.max(1, open.length)];
  }

  /** Asks the bot to close every connection and to open new ones. The old ones get no new envelope. */
  askToLeave(reason: DisconnectReason): void {
    for (const connection of [...this.#open]) {
      this.#open.delete(connection);
      this.#sendDisconnect(connection, reason);
    }
    this.#feed.notify();
  }

  /** Closes every connection without a message. */
  cut(): void {
    for (const connection of this.#server.clients) connection.terminate();
  }

  /** Closes every connection properly, and by force if the bot does not cooperate. */
  async close(): Promise<void> {
    const closing = [...this.#server.clients].map(async (connection) => {
      if (connection.readyState === WebSocket.CLOSED) return;
      const closed = once(connection, 'close', { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
      connection.close(1001);
      await closed.catch(() => connection.terminate());
    });
    await Promise.all(closing);
  }

  #welcome(connection: WebSocket): void {
    // A broken connection is closed right after. This only keeps the process alive.
    connection.on('error', () => {});
    if (this.#open.size >= MAX_CONNECTIONS) {
      this.#sendDisconnect(connection, 'too_many_websockets');
      return;
    }
    this.#open.add(connection);
    const pinging = setInterval(() => connection.ping(), PING_EVERY_MS);
    connection.on('message', (data, isBinary) => {
      if (!isBinary) this.onMessage(data.toString());
    });
    connection.on('close', () => {
      clearInterval(pinging);
      this.#open.delete(connection);
      this.onChange();
      this.#feed.notify();
    });
    const hello = { type: 'hello', num_connections: this.#open.size, connection_info: { app_id: this.#appId } };
    connection.send(JSON.stringify({ ...hello, debug_info: debugInfo() }));
    this.onChange();
    this.#feed.notify();
  }

  #sendDisconnect(connection: WebSocket, reason: DisconnectReason): void {
    connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: debugInfo() }));
  }
}

function debugInfo() {
  return { host: 'stand-in', build_number: 1, approximate_connection_time: 18_060 };
}
