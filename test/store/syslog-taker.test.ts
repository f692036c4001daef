import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { notesIn } from '../../src/hash/checkpoint.ts';
import { syslogTaker } from '../../src/store/syslog-taker.ts';
import { portOf } from '../support/hosts/own-address.ts';
import { skipUnless } from '../support/requirements.ts';
import { freePort } from '../support/services/free-port.ts';
import { makeLocalhostCertificate } from '../support/services/localhost-certificate.ts';

const ORIGIN = 'registry-doctor/5f0c2b8e91d7a346';
const NOTE = `${ORIGIN}\n217\n${'r'.repeat(43)}=\n\n\u2014 ${ORIGIN} ${'s'.repeat(91)}=\n`;
/** RFC 5424, section 6: priority, version, time, host, program, process, kind, no structured data, message. */
const MESSAGE =
  /^<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [!-~]{1,255} registry-doctor \d+ checkpoint - (checkpoint [ -~]+)$/;

/** What the first connection says, which is ended then. */
async function heardBy(server: Server, event: 'connection' | 'secureConnection'): Promise<string> {
  const [socket] = await once(server, event);
  const said = await text(socket);
  socket.end();
  return said;
}

test('a checkpoint goes over TCP as one message of RFC 5424, framed by its length, from which it can be read again', async (t) => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const received = heardBy(server, 'connection');
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

/** A syslog over TLS that shows a certificate for `localhost`, and what it receives. */
async function syslogOverTls(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'rd-syslog-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const [key, file] = [join(directory, 'key'), join(directory, 'cert')];
  makeLocalhostCertificate({ key, file });
  const certificate = readFileSync(file, 'utf8');
  const server = createTlsServer({ key: readFileSync(key), cert: certificate, allowHalfOpen: true });
  server.on('tlsClientError', () => {});
  server.listen(0, 'localhost');
  t.after(() => server.close());
  await once(server, 'listening');
  const received = heardBy(server, 'secureConnection');
  return { taker: syslogTaker(`tls://localhost:${portOf(server)}`), certificate, received };
}

test('a checkpoint goes over TLS to a syslog with a certificate that this machine trusts, and to no other', {
  skip: skipUnless('openssl'),
}, async (t) => {
  const { taker, certificate, received } = await syslogOverTls(t);
  await assert.rejects(taker.append(NOTE), /self-signed certificate/);
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, certificate]);
  t.after(() => setDefaultCACertificates(trusted));
  await taker.append(NOTE);
  assert.deepEqual(notesIn(await received), [NOTE]);
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
