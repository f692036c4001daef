import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type AlertServerOptions, startAlertServer } from '../../src/http/alerts/alert-server.ts';
import { createLog } from '../../src/log.ts';
import type { AlertDelivery } from '../../src/model/record/alert.ts';
import { amAlert, amGroup, signedAlert, sourceOf } from '../http/alerts/payloads.ts';

/** Attacks on the way by which alerts come in: a real server, and sockets of the test's own. */

const TOKEN = 'correct-horse-battery-staple';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

async function scene(t: TestContext, change: Partial<AlertServerOptions> = {}) {
  const taken: AlertDelivery[] = [];
  const logged: string[] = [];
  const [bearer, signed] = [sourceOf('alertmanager', 'prometheus'), sourceOf('standard-webhooks', 'own')];
  const server = await startAlertServer({
    settings: { host: '127.0.0.1', port: 0, sources: [bearer, signed] },
    tokens: new Map([
      [bearer.name, TOKEN],
      [signed.name, SECRET],
    ]),
    intake: { takeAlerts: async (delivery) => void taken.push(delivery) },
    log: createLog('debug', { destination: { write: (line) => void logged.push(line) } }),
    ...change,
  });
  t.after(() => server.close());
  const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
  const post = async (
    headers: Record<string, string>,
    { path = '/alerts/prometheus', body = JSON.stringify(amGroup()), method = 'POST' } = {},
  ) => {
    const answer = await fetch(url(path), { method, headers, ...(method === 'GET' ? {} : { body }) });
    assert.equal(await answer.text(), '', 'an answer says nothing about what is inside');
    return answer.status;
  };
  return { taken, logged, server, post };
}

const bearer = (token = TOKEN) => ({ authorization: `Bearer ${token}` });

function signedBy(secret: string, body: string, { id = 'msg_1', at = new Date() } = {}): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

test('the bot accepts alerts with the token of their source', async (t) => {
  const { post, taken } = await scene(t);
  assert.equal(await post(bearer()), 200);
  assert.equal(taken.length, 1);
});

for (const [what, headers] of [
  ['no token', {}],
  ['another token', bearer('correct-horse-battery-stapla')],
  ['the start of the token', bearer(TOKEN.slice(0, -1))],
  ['an empty token', bearer('')],
  ['the token in another scheme', { authorization: `Basic ${TOKEN}` }],
  ['the token of another source', bearer(SECRET)],
] as const) {
  test(`the bot refuses alerts with ${what} without reading them`, async (t) => {
    const { post, taken } = await scene(t);
    assert.equal(await post(headers), 401);
    assert.deepEqual(taken, []);
  });
}

for (const path of [
  '/',
  '/alerts',
  '/alerts/',
  '/alerts/__proto__',
  '/alerts/constructor',
  '/alerts/prometheus/',
  '/alerts/prometheus?x',
  '/alerts/PROMETHEUS',
  '/alerts/..%2fprometheus',
]) {
  test(`the bot answers “not found” at an address that belongs to no alert source: ${path}`, async (t) => {
    const { post, taken } = await scene(t);
    assert.equal(await post(bearer(), { path }), 404);
    assert.deepEqual(taken, []);
  });
}

test('the bot refuses alerts by a method other than POST or with a compressed body', async (t) => {
  const { post, taken } = await scene(t);
  assert.equal(await post(bearer(), { method: 'GET' }), 405);
  assert.equal(await post(bearer(), { method: 'PUT' }), 405);
  assert.equal(await post({ ...bearer(), 'content-encoding': 'gzip' }), 415);
  assert.deepEqual(taken, []);
});

/** Writes to a socket as it is told, and resolves with all that came back until the server ended it. */
async function raw(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => {});
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return answer;
}

const head = (length: string) =>
  `POST /alerts/prometheus HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n${length}\r\n\r\n`;

test('the bot refuses an alert whose body is declared huge before it is sent', async (t) => {
  const { server, taken } = await scene(t);
  assert.match(await raw(server.port, head('Content-Length: 999999999999')), /^HTTP\/1\.1 413 /);
  assert.deepEqual(taken, []);
});

test('the bot cuts an alert’s endless body off at the limit', async (t) => {
  const { server, taken } = await scene(t);
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  const answer = await raw(server.port, head('Transfer-Encoding: chunked'), ...Array.from({ length: 40 }, () => chunk));
  assert.match(answer, /^(HTTP\/1\.1 413 |$)/);
  assert.deepEqual(taken, []);
});

test('the bot ends an alert request whose body comes slowly, and other alerts do not wait for it', async (t) => {
  const { server, post, taken } = await scene(t, { requestTimeoutMs: 300 });
  const slow = raw(server.port, head('Content-Length: 1000'), '{"version"');
  assert.equal(await post(bearer()), 200);
  assert.match(await slow, /^HTTP\/1\.1 408 /);
  assert.equal(taken.length, 1);
});

test('an alert request’s header that would start another request or another header is refused', async (t) => {
  const { server, taken } = await scene(t);
  const smuggled = `POST /alerts/prometheus HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\nX: y\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
  assert.match(await raw(server.port, smuggled), /^HTTP\/1\.1 400 /);
  const long = `POST /alerts/prometheus HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(32_768)}\r\n\r\n`;
  assert.match(await raw(server.port, long), /^HTTP\/1\.1 431 /);
  assert.deepEqual(taken, []);
});

test('the bot refuses an alert body in another format than its source’s, and does not write it to the log', async (t) => {
  const { post, taken, logged } = await scene(t);
  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '{"version":"4"}',
    '\u0000',
    '['.repeat(200_000),
    JSON.stringify(amGroup([])),
  ]) {
    assert.equal(await post(bearer(), { body }), 400, body.slice(0, 20));
  }
  assert.equal(await post(bearer(), { body: JSON.stringify({ hunter2: TOKEN }) }), 400);
  assert.deepEqual(taken, []);
  assert.doesNotMatch(logged.join(''), new RegExp(`hunter2|${TOKEN}`));
});

test('the bot accepts a signed alert once, however often it is sent again', async (t) => {
  const { post, taken } = await scene(t);
  const body = JSON.stringify(signedAlert());
  const headers = signedBy(SECRET, body);
  for (let time = 0; time < 3; time += 1) assert.equal(await post(headers, { path: '/alerts/own', body }), 200);
  assert.equal(taken.length, 1);
});

for (const [what, secret, at, forged] of [
  ['another secret', `whsec_${Buffer.alloc(32, 8).toString('base64')}`, 0, {}],
  ['an old time', SECRET, -6 * 60_000, {}],
  ['a time to come', SECRET, 6 * 60_000, {}],
  ['another id', SECRET, 0, { 'webhook-id': 'msg_2' }],
  ['another time', SECRET, 0, { 'webhook-timestamp': '1700000000' }],
  ['a time with words after it', SECRET, 0, { 'webhook-timestamp': `${Math.floor(Date.now() / 1000)}x` }],
  ['a signature of another version', SECRET, 0, { 'webhook-signature': 'v2,AAAA' }],
  ['half a signature', SECRET, 0, { 'webhook-signature': 'v1' }],
  ['an empty signature', SECRET, 0, { 'webhook-signature': '' }],
] as const) {
  test(`the bot refuses an alert signed with ${what}`, async (t) => {
    const { post, taken } = await scene(t);
    const body = JSON.stringify(signedAlert());
    const headers = { ...signedBy(secret, body, { at: new Date(Date.now() + at) }), ...forged };
    assert.equal(await post(headers, { path: '/alerts/own', body }), 401);
    assert.deepEqual(taken, []);
  });
}

test('the bot refuses a signed alert whose body was changed', async (t) => {
  const { post, taken } = await scene(t);
  const headers = signedBy(SECRET, JSON.stringify(signedAlert()));
  const body = JSON.stringify(signedAlert({ status: 'resolved' }));
  assert.equal(await post(headers, { path: '/alerts/own', body }), 401);
  assert.deepEqual(taken, []);
});

test('the bot tells an alert source that sends too fast to try again later, and limits only this source', async (t) => {
  const { post, taken } = await scene(t, { rate: { perSecond: 0.001, burst: 3 } });
  const statuses = [];
  for (let time = 0; time < 5; time += 1) statuses.push(await post(bearer()));
  assert.deepEqual(statuses, [200, 200, 200, 503, 503]);
  const body = JSON.stringify(signedAlert());
  assert.equal(await post(signedBy(SECRET, body), { path: '/alerts/own', body }), 200);
  assert.equal(taken.length, 4);
});

test('alert requests without the token do not use up what their source can send', async (t) => {
  const { post } = await scene(t, { rate: { perSecond: 0.001, burst: 1 } });
  for (let time = 0; time < 3; time += 1) assert.equal(await post(bearer('wrong-wrong-wrong-wrong')), 401);
  assert.equal(await post(bearer()), 200);
});

test('the bot does not answer 200 to alerts that it could not record, and they can be sent again', async (t) => {
  let isFull = true;
  const taken: AlertDelivery[] = [];
  const takeAlerts = async (delivery: AlertDelivery) => {
    if (isFull) throw new Error('the disk is full');
    taken.push(delivery);
  };
  const { post } = await scene(t, { intake: { takeAlerts } });
  const body = JSON.stringify(signedAlert());
  const headers = signedBy(SECRET, body);
  const send = () => post(headers, { path: '/alerts/own', body });
  assert.equal(await send(), 503);
  isFull = false;
  assert.equal(await send(), 200);
  assert.equal(taken.length, 1);
});

test('the bot accepts all two thousand alerts of one request together, and no more', async (t) => {
  const { post, taken } = await scene(t);
  const group = (count: number) =>
    JSON.stringify(amGroup(Array.from({ length: count }, (_, at) => amAlert({ fingerprint: `f${at}` }))));
  assert.equal(await post(bearer(), { body: group(2_000) }), 200);
  assert.equal(taken[0]?.alerts.length, 2_000);
  assert.equal(await post(bearer(), { body: group(2_001) }), 400);
});
