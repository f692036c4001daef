import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { freePort } from '../../../test/support/services/free-port.ts';

const WRITES = new Set(['SET', 'HSET', 'HMSET', 'SADD', 'DEL', 'HDEL', 'SREM', 'EXPIRE']);

/**
 * A stand-in for redis: has no keys, and answers each write with these words (RESP,
 * redis.io/docs/reference/protocol-spec).
 */
export async function startRefusingRedis(
  words: string,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const port = await freePort();
  const server = createServer((socket) => serve(socket, words)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}

function serve(socket: Socket, words: string): void {
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    text += data.toString('latin1');
    for (let command = takeCommand(text); command; command = takeCommand(text)) {
      text = command.rest;
      socket.write(answerTo(command.words, words));
    }
  });
}

function answerTo([name = '', ...words]: readonly string[], refusal: string): string {
  const command = name.toUpperCase();
  if (WRITES.has(command)) return `-${refusal}\r\n`;
  if (command === 'PING') return '+PONG\r\n';
  if (command === 'HMGET') return `*${words.length - 1}\r\n${'$-1\r\n'.repeat(words.length - 1)}`;
  if (command === 'SISMEMBER' || command === 'EXISTS') return ':0\r\n';
  return command.endsWith('GET') ? '$-1\r\n' : '+OK\r\n';
}

/** The first complete command: `*2 $3 GET $3 key`, each on a line of its own. */
function takeCommand(text: string): { readonly words: readonly string[]; readonly rest: string } | null {
  const lines = text.split('\r\n');
  const count = Number(lines[0]?.slice(1));
  const end = 1 + 2 * count;
  if (!text.startsWith('*') || lines.length <= end) return null;
  const words = Array.from({ length: count }, (_, index) => lines[2 + 2 * index] ?? '');
  return { words, rest: lines.slice(end).join('\r\n') };
}
