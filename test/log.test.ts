import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { Logger } from 'pino';
import { createLog } from '../src/log.ts';

const BOT = 'xoxb-2345-6789-AbCdEf';
const ROTATED = 'xoxe.xoxb-1-Mi0yLTEyMzQ';
const APP = 'xapp-1-A012-345-deadbeef';
const SIGNING = '8f742231b10e8888abcd99yyyzzz85a5';
const PRIVATE_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY_BODY = PRIVATE_KEY.split('\n')[1] ?? assert.fail();
const TICKET = 'wss://wss-primary.slack.com/link/?ticket=6f1e-22&app_id=5';
const HOOK = 'https://hooks.slack.com/commands/T01/99/abcSECRETdef';

/** What must never be seen. */
const NEVER = [BOT, ROTATED, 'Mi0yLTEyMzQ', APP, SIGNING, KEY_BODY, '6f1e-22', 'abcSECRETdef', 'hunter2'];

/** The lines that a piece of code logs. */
function logged(write: (log: Logger) => void): readonly string[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLog('trace', { secrets: [SIGNING], destination }));
  return lines;
}

class HttpError extends Error {
  readonly config = { headers: { Authorization: `Bearer ${BOT}` }, deep: [{ list: [{ token: 'hunter2' }] }] };
}

const CASES: readonly (readonly [string, (log: Logger) => void])[] = [
  ['in the message', (log) => log.info(`posted with ${BOT}, ${ROTATED} and ${APP}`)],
  ['in a format argument', (log) => log.info('posted with %s', APP)],
  ['in a field, recognized by its form', (log) => log.info({ url: TICKET, at: HOOK, said: `token=${BOT}` }, 'x')],
  ['in a field, recognized by the field’s name', (log) => log.info({ password: 'hunter2' }, 'x')],
  [
    'in a field, recognized by the field’s name, seven levels down',
    (log) => log.info({ a: { b: [{ c: { d: { e: { passphrase: 'hunter2' } } } }] } }, 'x'),
  ],
  [
    'in a field named as in the environment',
    (log) => log.info({ env: { DB_PASSWORD: 'hunter2', SLACK_SIGNING_SECRET: SIGNING } }, 'x'),
  ],
  ['in an array of secrets', (log) => log.info({ tokens: ['hunter2'] }, 'x')],
  ['that looks like ordinary text, recognized by its value', (log) => log.info({ note: `v0:${SIGNING}:body` }, 'x')],
  ['as the name of a field', (log) => log.info({ [BOT]: 1, [SIGNING]: 2 }, 'x')],
  ['in a private key', (log) => log.info({ stderr: `bad key: ${PRIVATE_KEY}` }, 'x')],
  ['in a private key that is cut off', (log) => log.info({ stderr: PRIVATE_KEY.slice(0, 100) }, 'x')],
  [
    'in JSON in a string',
    (log) => log.info({ body: JSON.stringify({ deep: JSON.stringify({ PRIVATE_KEY, BOT }) }) }, 'x'),
  ],
  ['in a URL', (log) => log.info({ url: 'postgres://bot:hunter2@db/x' }, 'x')],
  ['in an error’s message', (log) => log.error({ err: new Error(`no: ${BOT}`) }, 'x')],
  ['in an error on its own', (log) => log.error(new Error(`no: ${APP}`))],
  ['in an error’s properties', (log) => log.error({ err: new HttpError('no') }, 'x')],
  ['in the cause of an error', (log) => log.error({ error: new Error('no', { cause: new HttpError(SIGNING) }) }, 'x')],
  ['in a child’s bindings', (log) => log.child({ token: 'hunter2', bot: BOT }).info('x')],
];

for (const [where, write] of CASES) {
  test(`the logger redacts a secret ${where}`, () => {
    const lines = logged(write);
    assert.equal(lines.length, 1);
    for (const secret of NEVER) assert.ok(!lines[0]?.includes(secret), `${secret} is in ${lines[0]}`);
    assert.match(lines[0] ?? '', /\[redacted\]/);
  });
}

test('the logger writes a harmless entry unchanged: one line of JSON with level, time and ids', () => {
  const [line = ''] = logged((log) => {
    log
      .child({ incidentId: 142 })
      .warn({ path: '/data/$(reboot)\n<!channel>', sequence: 7, none: null }, 'the walk is done');
  });
  const { time, pid, hostname, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, {
    level: 40,
    incidentId: 142,
    path: '/data/$(reboot)\n<!channel>',
    sequence: 7,
    none: null,
    msg: 'the walk is done',
  });
  assert.match(time, /^\d{4}-\d\d-\d\dT/);
  assert.equal(typeof pid, 'number');
  assert.equal(typeof hostname, 'string');
  assert.equal(line.indexOf('\n'), line.length - 1);
});

test('the logger keeps type, message, stack and cause of an error', () => {
  const cause = new TypeError('the cause');
  const [line = ''] = logged((log) => log.error({ err: new Error('the error', { cause }) }, 'x'));
  const { err } = JSON.parse(line);
  assert.equal(err.message, 'the error');
  assert.match(err.stack, /log\.test\.ts/);
  assert.equal(err.cause.type, 'TypeError');
  assert.equal(err.cause.message, 'the cause');
});

test('the logger writes an object that contains itself without a crash', () => {
  const ring: Record<string, unknown> = { token: 'hunter2' };
  ring['self'] = ring;
  const [line = ''] = logged((log) => log.info({ ring }, 'x'));
  assert.ok(!line.includes('hunter2'));
  JSON.parse(line);
});

test('the logger redacts nothing for a secret that is not set', () => {
  const lines: string[] = [];
  const log = createLog('info', { secrets: [''], destination: { write: (line) => void lines.push(line) } });
  log.info({ path: '/data' }, 'the walk is done');
  assert.ok(!lines[0]?.includes('[redacted]'), lines[0]);
});

test('the logger does not write entries below the log level', () => {
  const lines: string[] = [];
  createLog('warn', { destination: { write: (line) => void lines.push(line) } }).info('x');
  assert.deepEqual(lines, []);
});
