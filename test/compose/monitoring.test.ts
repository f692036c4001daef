import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type RunningBot, serve } from '../../src/compose/bot.ts';
import { OperatorError } from '../../src/model/operator-error.ts';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { skipUnless } from '../support/requirements.ts';
import { servingOn } from './serving.ts';

/** What monitoring is shown of a running bot, and whether the rules and the board ask for what it shows. */

const HTTP = { host: '127.0.0.1', port: 0 };
const OPS = fileURLToPath(new URL('../../ops/', import.meta.url));
const RULES = join(OPS, 'prometheus/registry-doctor.rules.yml');
const RULES_TEST = fileURLToPath(new URL('../ops/registry-doctor.rules.test.yml', import.meta.url));

let directory: string;
let slack: SlackStandIn;
let bot: RunningBot;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-monitoring-'));
  slack = await startSlackStandIn();
  bot = await serve(servingOn(`sqlite:${join(directory, 'record.db')}`, slack.apiUrl, HTTP));
  await bot.ready;
});

after(async () => {
  await bot?.stop();
  await slack.close();
  await rm(directory, { recursive: true, force: true });
});

async function get(path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${bot.httpPort}${path}`, { method });
  return { status: response.status, body: await response.text() };
}

test('the HTTP endpoints /healthz and /readyz report a running bot as alive and ready', async () => {
  assert.deepEqual(await get('/healthz'), { status: 200, body: 'alive\n' });
  const ready = { status: 200, body: 'store: healthy\nslack: healthy\nconfig: healthy\n' };
  assert.deepEqual(await get('/readyz'), ready);
});

test('the monitoring port answers 404 for unknown paths and 405 for a POST', async () => {
  assert.equal((await get('/')).status, 404);
  assert.equal((await get('/metrics', 'POST')).status, 405);
  assert.deepEqual(await get('/readyz?x=1', 'HEAD'), { status: 200, body: '' });
});

test('the bot measures how long it takes to acknowledge a request from Slack', async () => {
  slack.deliverTo(`http://127.0.0.1:${bot.port}/slack/events`);
  await slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'help' });
  const isMeasured = async () =>
    /^registry_doctor_slack_ack_duration_seconds_count 1$/m.test((await get('/metrics')).body);
  // The answer can be here before the bot has noted that it was sent.
  const deadline = Date.now() + 20_000;
  while (!(await isMeasured())) assert.ok(Date.now() < deadline, 'no acknowledgement was measured');
});

test('/healthz stays 200 and /readyz turns 503 if the record file was moved away, and /readyz does not reveal its path', async () => {
  const file = join(directory, 'record.db');
  await rename(file, `${file}.moved`);
  try {
    assert.equal((await get('/healthz')).status, 200);
    assert.deepEqual(await get('/readyz'), {
      status: 503,
      body: 'store: unhealthy\nslack: healthy\nconfig: healthy\n',
    });
    assert.match((await get('/metrics')).body, /^registry_doctor_record_writable 0$/m);
  } finally {
    await rename(`${file}.moved`, file);
  }
  assert.match((await get('/metrics')).body, /^registry_doctor_record_writable 1$/m);
});

test('the bot does not start if its monitoring port is in use, and releases the record so that the next start works', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  const url = `sqlite:${join(directory, 'second.db')}`;
  const taken = servingOn(url, slack.apiUrl, { ...HTTP, port: address.port });
  await assert.rejects(serve(taken), (error) => error instanceof OperatorError && error.message.includes('http-port'));
  const again = await serve(servingOn(url, slack.apiUrl, HTTP));
  await again.stop();
  other.close();
});

test('promtool accepts the metrics that the bot exposes', { skip: skipUnless('promtool') }, async () => {
  const { body } = await get('/metrics');
  const said = execFileSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
  assert.equal(said, '');
});

test('promtool accepts the shipped alert rules, and each rule fires in the situation that it is named after', {
  skip: skipUnless('promtool'),
}, async () => {
  execFileSync('promtool', ['check', 'rules', RULES], { stdio: 'pipe' });
  execFileSync('promtool', ['test', 'rules', RULES_TEST], { stdio: 'pipe' });
});

test('the bot exposes every metric that the shipped alert rules and the Grafana dashboard use', async () => {
  const { body } = await get('/metrics');
  const shown = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const files = [RULES, RULES_TEST, join(OPS, 'grafana/registry-doctor.json')];
  for (const file of files) {
    const named = (await readFile(file, 'utf8')).match(/\b(registry_doctor|process|nodejs)_[a-z0-9_]+/g) ?? [];
    assert.ok(named.length > 0, file);
    for (const name of named) {
      assert.ok(shown.has(name) || shown.has(name.replace(/_(bucket|count|sum)$/, '')), `${name} in ${file}`);
    }
  }
});

test('docs/operations.md lists every metric that the bot defines', async () => {
  const { body } = await get('/metrics');
  const doc = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  for (const [, name = ''] of body.matchAll(/^# TYPE (registry_doctor_\S+)/gm))
    assert.ok(doc.includes(`\`${name}\``), name);
});
