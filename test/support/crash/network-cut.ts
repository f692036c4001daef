import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a port of this machine that can be cut. */
export type NetworkCut = {
  readonly port: number;
  /** Ends all connections, and every new one at once. */
  readonly cut: () => void;
  /** From now on it carries nothing, and tells neither side. What is sent arrives when it heals. */
  readonly hang: () => void;
  readonly heal: () => void;
  /** From now on it leads to another port. What is open ends. */
  readonly leadTo: (port: number) => void;
  readonly close: () => Promise<void>;
};

export async function networkCut(first: number): Promise<NetworkCut> {
  const open = new Set<Socket>();
  let to = first;
  let isCut = false;
  let isHanging = false;
  const server = createServer((from) => {
    if (isCut) return from.destroy();
    const onward = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      open.add(one);
      if (isHanging) one.cork();
      one.on('error', () => {}).pipe(other);
      one.once('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    return undefined;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const end = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: address.port,
    cut: () => {
      isCut = true;
      end();
    },
    hang: () => {
      isHanging = true;
      for (const socket of open) socket.cork();
    },
    heal: () => {
      isCut = false;
      isHanging = false;
      for (const socket of open) socket.uncork();
    },
    leadTo: (port) => {
      to = port;
      end();
    },
    close: async () => {
      end();
      server.close();
      await once(server, 'close');
    },
  };
}
