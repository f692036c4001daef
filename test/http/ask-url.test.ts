import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { askUrl } from '../../src/http/ask-url.ts';
import type { Fact } from '../../src/model/fact.ts';
import type { HttpAnswer } from '../../src/model/host/facts.ts';
import { selfSigned } from '../host/self-signed.ts';
import { ownAddress, portOf } from '../support/hosts/own-address.ts';
import { skipUnless } from '../support/requirements.ts';

/** Over an open connection, as a host's sshd would make it; a loopback address is then the host's own. */

async function listening(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

async function ask(port: number, url = `http://127.0.0.1:${port}/v2/`): Promise<Fact<HttpAnswer>> {
  return askUrl(url, connect(port, '127.0.0.1'));
}

const whyUnknown = (fact: Fact<HttpAnswer>) => (fact.state === 'unknown' ? fact.why : fact);

describe('askUrl', () => {
  const serve = (t: TestContext, listener: RequestListener) => listening(t, createHttp(listener));

  test('askUrl reports any HTTP status as an answer, and sends the right method, path, Host and User-Agent', async (t) => {
    const seen: unknown[] = [];
    const port = await serve(t, ({ method, url, headers }, response) => {
      seen.push([method, url, headers.host, headers['user-agent']]);
      response.writeHead(503).end('{"errors":[]}');
    });
    const url = `http://127.0.0.1:${port}/v2/`;
    assert.deepEqual(await ask(port), { state: 'known', value: { url, status: 503, body: '{"errors":[]}' } });
    assert.deepEqual(seen, [['GET', '/v2/', `127.0.0.1:${port}`, 'registry-doctor']]);
  });

  test('askUrl does not follow a redirect and reports it as the answer', async (t) => {
    const paths: unknown[] = [];
    const port = await serve(t, ({ url }, response) => {
      paths.push(url);
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    assert.partialDeepStrictEqual(await ask(port), { state: 'known', value: { status: 302 } });
    assert.deepEqual(paths, ['/v2/']);
  });

  test('askUrl keeps only the first 4 KiB of a response body that never ends', async (t) => {
    const port = await serve(t, (_, response) => {
      response.writeHead(200);
      const more = () => response.write('x'.repeat(1_000), () => setImmediate(more));
      more();
    });
    const answer = await ask(port);
    assert.ok(answer.state === 'known');
    assert.equal(answer.value.body.length, 4096);
  });

  test('a request to a server that never answers, or never finishes its body, times out after three seconds', async (t) => {
    const silent = await serve(t, () => {});
    const dripping = await serve(t, (_, response) => {
      const timer = setInterval(() => response.write('x'), 100);
      response.once('close', () => clearInterval(timer));
    });
    const answers = await Promise.all([ask(silent), ask(dripping)]);
    const noAnswer = { code: 'no-answer', detail: '3' };
    assert.deepEqual(answers.map(whyUnknown), [noAnswer, noAnswer]);
  });

  test('askUrl tells apart a server that does not speak HTTP, one that hangs up and one that does not listen', async (t) => {
    const ssh = await listening(
      t,
      createTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
    );
    const closing = await listening(
      t,
      createTcp((socket) => socket.end()),
    );
    const reasons = (await Promise.all([ask(ssh), ask(closing), ask(1)])).map(whyUnknown);
    assert.deepEqual(reasons, [{ code: 'not-http' }, { code: 'empty-answer' }, { code: 'connection-refused' }]);
  });

  test('a response whose connection dies in its body is no answer', async (t) => {
    const port = await serve(t, (_, response) => {
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('{', () => response.destroy());
    });
    assert.deepEqual(whyUnknown(await ask(port)), { code: 'empty-answer' });
  });

  test('askUrl reports an HTTPS server whose certificate this machine does not trust as untrusted, not as an answer', {
    skip: skipUnless('openssl'),
  }, async (t) => {
    const scratch = mkdtempSync(join(tmpdir(), 'rd-tls-'));
    t.after(() => rmSync(scratch, { recursive: true }));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cert = readFileSync(selfSigned(scratch, privateKey));
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const port = await listening(
      t,
      createHttps({ key, cert }, (_, response) => response.end('{}')),
    );
    const answer = await ask(port, `https://localhost:${port}/v2/`);
    assert.deepEqual(whyUnknown(answer), { code: 'certificate-untrusted' });
  });

  test('the bot asks URLs of other machines from its own machine, but never a loopback address, whatever its name', async (t) => {
    let requests = 0;
    const server = createHttp((_, response) => {
      requests += 1;
      response.end('{}');
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    t.after(() => server.close());
    const port = portOf(server);
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
      const answer = await askUrl(`http://${host}:${port}/v2/`, null);
      assert.deepEqual(whyUnknown(answer), { code: 'loopback-address' }, host);
    }
    assert.equal(requests, 0);
    const own = ownAddress();
    if (own === null) return;
    assert.partialDeepStrictEqual(await askUrl(`http://${own}:${port}/v2/`, null), {
      state: 'known',
      value: { body: '{}' },
    });
    assert.equal(requests, 1);
  });
});
