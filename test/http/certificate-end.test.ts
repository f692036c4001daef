import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createServer as createTls } from 'node:tls';
import { certificateEnd } from '../../src/http/certificate-end.ts';
import { selfSigned } from '../host/self-signed.ts';
import { ownAddress, portOf } from '../support/hosts/own-address.ts';
import { skipUnless } from '../support/requirements.ts';
import { freePort } from '../support/services/free-port.ts';

const DAY_SECONDS = 24 * 60 * 60;
const own = ownAddress();

/** A TLS server with a certificate of this many days, on all addresses. */
async function tlsServer(t: TestContext, days: number): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'rd-tls-'));
  t.after(() => rmSync(scratch, { recursive: true }));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = readFileSync(selfSigned(scratch, privateKey, days));
  const server = createTls({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  t.after(() => server.close());
  return portOf(server);
}

describe('the end of a certificate', { skip: skipUnless('openssl') || (own === null && 'needs an address') }, () => {
  test('is read, also if no one here trusts the certificate', async (t) => {
    const port = await tlsServer(t, 5);
    const before = Date.now() / 1000;
    const end = await certificateEnd(`https://${own}:${port}`);
    assert.ok(end.state === 'known', JSON.stringify(end));
    assert.ok(Math.abs(end.value - before - 5 * DAY_SECONDS) < 600, `${end.value}`);
  });

  test('is unknown where no one listens, no TLS is spoken or no one answers', async (t) => {
    const reason = async (port: number) => {
      const end = await certificateEnd(`https://${own}:${port}`);
      return end.state === 'unknown' ? end.why.code : end.state;
    };
    assert.equal(await reason(await freePort()), 'connection-refused');
    const plain = createTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '0.0.0.0');
    const silent = createTcp((socket) => socket.on('error', () => {})).listen(0, '0.0.0.0');
    t.after(() => [plain, silent].map((server) => server.close()));
    await Promise.all([once(plain, 'listening'), once(silent, 'listening')]);
    assert.equal(await reason(portOf(plain)), 'tls-failed');
    assert.equal(await reason(portOf(silent)), 'no-answer');
  });

  test('is not asked of this machine itself', async (t) => {
    const port = await tlsServer(t, 5);
    const end = await certificateEnd(`https://127.0.0.1:${port}`);
    assert.deepEqual(end, { state: 'unknown', why: { code: 'loopback-address' } });
  });
});
