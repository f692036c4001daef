import type { Transport } from '../delivery/transport.ts';
import type { LoopbackServer } from '../http/loopback-server.ts';
import type { ChangeFeed } from '../stores/change-feed.ts';
import { type ConnectionEnd, Connections, type DisconnectReason } from './connections.ts';
import { SocketTransport } from './socket-transport.ts';
import { Tickets } from './tickets.ts';

/** The WebSocket side of Slack. */
export type SocketMode = {
  readonly transport: Transport;
  /** A new ticket for apps.connections.open to return. */
  issueTicket(): string;
  connectionCount(): number;
  heldCount(): number;
  askToLeave(reason: DisconnectReason, which: 'all' | 'oldest'): void;
  endsWith(end: ConnectionEnd): void;
  cut(): void;
  close(): Promise<void>;
};

/** Accepts WebSocket connections on the server's port. */
export function createSocketMode(server: LoopbackServer, appId: string, feed: ChangeFeed): SocketMode {
  const tickets = new Tickets();
  const connections = new Connections(tickets, appId, feed);
  connections.attachTo(server.server);
  return {
    transport: new SocketTransport(connections, () => server.baseUrl),
    issueTicket: () => tickets.issue(),
    connectionCount: () => connections.count,
    heldCount: () => connections.heldCount,
    askToLeave: (reason, which) => connections.askToLeave(reason, which),
    endsWith: (end) => {
      connections.end = end;
    },
    cut: () => connections.cut(),
    close: () => connections.close(),
  };
}
