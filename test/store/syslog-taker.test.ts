import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { notesIn } from '../../src/hash/checkpoint.ts';
import { syslogTaker } from '../../src/store/syslog-taker.ts';
import { freePort } from '../support/free-port.ts';

const ORIGIN = 'registry-doctor/5f0c2b8e91d7a346';
const NOTE = `${ORIGIN}\n217\n${'r'.repeat(43)}=\n\n\u2014 ${ORIGIN} ${'s'.repeat(91)}=\n`;
/** RFC 5424, section 6: priority, version, time, host, program, process, kind, no structured data, message. */
const MESSAGE =
  /^<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [!-~]{1,255} registry-doctor \d+ checkpoint - (checkpoint [ -~]+)$/;

test('a checkpoint goes over TCP as one message of RFC 5424, framed by its length, from which it can be read again', async (t) => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const received = once(server, 'connection').then(async ([socket]) => {
    const said = await text(socket);
    socket.end();
    return said;
  });
  const address = server.address();
  await syslogTaker(`tcp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`).append(NOTE);
  const [, length, message = ''] = /^(\d+) (.*)$/s.exec(await received) ?? [];
  assert.equal(Number(length), Buffer.byteLength(message));
  assert.match(message, MESSAGE);
  assert.deepEqual(notesIn(`2026-11-29 bot ${message}\n`), [NOTE]);
});

test('a checkpoint goes over UDP as one message without a frame', async (t) => {
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const received = once(socket, 'message');
  await syslogTaker(`udp://127.0.0.1:${socket.address().port}`).append(NOTE);
  assert.match(String((await received)[0]), MESSAGE);
});

test('a syslog that does not speak TLS rejects the checkpoint', async (t) => {
  const server = createServer((socket) => socket.on('error', () => {}).end('no TLS here')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await assert.rejects(syslogTaker(`tls://127.0.0.1:${port}`).append(NOTE));
});

test('a syslog that can’t be reached rejects the checkpoint', async () => {
  await assert.rejects(syslogTaker(`tcp://127.0.0.1:${await freePort()}`).append(NOTE), /ECONNREFUSED/);
});
