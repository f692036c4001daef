import { once } from 'node:events';
import type { Server } from 'node:http';

/** Closes a server with its open connections. Resolves once it has closed. */
export async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
