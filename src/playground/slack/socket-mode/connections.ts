import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { ChangeFeed } from '../stores/change-feed.ts';
import type { Tickets } from './tickets.ts';

/** https://docs.slack.dev/apis/events-api/using-socket-mode#connections */
const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;
const CLOSE_LIMIT_MS = 1000;

/** Why Slack tells a bot to reconnect. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/**
 * What Slack does when the bot closes a connection. `properly`: it answers and closes. `tcp-left-open`: it answers, and
 * leaves the TCP connection open. `no-answer`: it does nothing.
 */
export type ConnectionEnd = 'properly' | 'tcp-left-open' | 'no-answer';

/** The bot's open WebSocket connections. */
export class Connections {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  readonly #open = new Set<WebSocket>();
  /** The open connections that were asked to disconnect. They get an envelope only if there is no other connection. */
  readonly #leaving = new Set<WebSocket>();
  readonly #baseUrls = new WeakMap<WebSocket, string>();
  readonly #tickets: Tickets;
  readonly #appId: string;
  readonly #feed: ChangeFeed;
  #turn = 0;
  end: ConnectionEnd = 'properly';
  /** Called with every text that the bot sends. */
  onMessage: (text: string, from: WebSocket) => void = () => {};
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
      this.#server.handleUpgrade(request, socket, head, (connection) => {
        spoilEnd(connection, socket, this.end);
        this.#baseUrls.set(connection, `http://${request.headers.host}`);
        this.#welcome(connection);
      });
    });
  }

  get heldCount(): number {
    return this.#open.size;
  }

  get count(): number {
    return this.#staying.length;
  }

  /** Where the bot reached this Slack for this connection. */
  baseUrlOf(connection: WebSocket): string | null {
    return this.#baseUrls.get(connection) ?? null;
  }

  /** A connection for the next envelope, in turn. Undefined if there is none. */
  next(): WebSocket | undefined {
    const usable = this.count > 0 ? this.#staying : [...this.#leaving];
    this.#turn += 1;
    return usable[this.#turn % Math.max(1, usable.length)];
  }

  /** Asks the bot to close connections and to open new ones. */
  askToLeave(reason: DisconnectReason, which: 'all' | 'oldest'): void {
    const asked = this.#staying.slice(0, which === 'oldest' ? 1 : undefined);
    for (const connection of asked) {
      if (reason !== 'warning') this.#leaving.add(connection);
      this.#sendDisconnect(connection, reason);
    }
    this.#feed.notify();
  }

  get #staying(): readonly WebSocket[] {
    return [...this.#open].filter((connection) => !this.#leaving.has(connection));
  }

  /** Closes every connection without a message. */
  cut(): void {
    for (const connection of this.#server.clients) connection.terminate();
  }

  /** Closes every connection properly, and by force if the bot does not cooperate. */
  async close(): Promise<void> {
    const closing = [...this.#server.clients].map(async (connection) => {
      if (connection.readyState === WebSocket.CLOSED) return;
      if (this.end !== 'properly') return connection.terminate();
      const closed = once(connection, 'close', { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
      connection.close(1001);
      await closed.catch(() => connection.terminate());
    });
    await Promise.all(closing);
  }

  #welcome(connection: WebSocket): void {
    // The broken connection is closed right after this event. The listener only keeps the error from ending the
    // process.
    connection.on('error', () => {});
    if (this.#open.size >= MAX_CONNECTIONS) {
      this.#sendDisconnect(connection, 'too_many_websockets');
      return;
    }
    this.#open.add(connection);
    const pinging = setInterval(() => connection.ping(), PING_EVERY_MS);
    connection.on('message', (data, isBinary) => {
      if (!isBinary) this.onMessage(data.toString(), connection);
    });
    connection.on('close', () => {
      clearInterval(pinging);
      this.#open.delete(connection);
      this.#leaving.delete(connection);
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

/** Slack was seen to leave TCP open for seconds after the close handshake, and not to answer it at all. */
function spoilEnd(connection: WebSocket, socket: Duplex, end: ConnectionEnd): void {
  if (end === 'tcp-left-open') {
    socket.end = () => socket;
    socket.once('end', () => socket.destroy());
  }
  if (end === 'no-answer') connection.close = () => {};
}

function debugInfo() {
  return { host: 'stand-in', build_number: 1, approximate_connection_time: 18_060 };
}
