import { createServer } from 'node:http';

/**
 * The registries of many hosts, in a process of its own: answers on every address of this machine. Sends its port to
 * the parent, and for each message from it the moments (milliseconds) of all connections so far.
 */
const connections: number[] = [];
const server = createServer((_, response) => response.end('{}'));
server.on('connection', () => connections.push(performance.timeOrigin + performance.now()));
server.listen(0, '0.0.0.0', 4_096, () => process.send?.(server.address()));
process.on('message', () => process.send?.(connections));
process.on('disconnect', () => process.exit());
