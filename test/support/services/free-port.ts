import { once } from 'node:events';
import { createServer } from 'node:net';

const LOWEST = 12_000;
const HOW_MANY = 20_000;

/** A port of 127.0.0.1 below the kernel's own range for outgoing connections: only another test can take it from us. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * HOW_MANY);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
