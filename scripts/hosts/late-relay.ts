import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../../test/support/services/free-port.ts';

/**
 * A relay on `port` to a server on another port, which it returns: what goes through it is late by `lateMs` each way.
 * This machine's kernel has no netem (tc-netem(8)). It ends with this process.
 */
export async function startLateRelay(port: number, lateMs: number): Promise<number> {
  const to = await freePort();
  const relay = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    passOn(near, far, lateMs);
    passOn(far, near, lateMs);
  });
  relay.listen(port, '127.0.0.1').unref();
  await once(relay, 'listening');
  return to;
}

function passOn(from: Socket, to: Socket, lateMs: number): void {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), lateMs));
  from.on('close', () => setTimeout(() => to.destroy(), lateMs));
  from.on('error', () => {});
}
