import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { serve } from '../../src/compose/bot.ts';
import { healthSocketFile } from '../../src/http/health-socket.ts';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { lockRecord } from '../../src/store/lock-record.ts';
import { servingOn } from './serving.ts';

/** One record is for one bot. */

let directory: string;
let slack: SlackStandIn;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-one-bot-'));
  slack = await startSlackStandIn();
});

after(async () => {
  await slack.close();
  await rm(directory, { recursive: true, force: true });
});

const recordAt = (name: string) => ({ file: join(directory, name), url: `sqlite:${join(directory, name)}` });

/** A socket as a bot that was killed leaves it behind: a file that no one listens on. */
async function leaveSocket(file: string): Promise<void> {
  const server = createServer().listen(`${file}.new`);
  await once(server, 'listening');
  await rename(`${file}.new`, file);
  server.close();
  await once(server, 'close');
}

async function startProcess(t: TestContext): Promise<ChildProcess> {
  const child = fork(new URL('./processes/start-bot.ts', import.meta.url), [slack.apiUrl]);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

async function answerTo(child: ChildProcess, message: string): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(message);
  const [answer] = await answered;
  return answer;
}

test('of two bots that start at once on the socket that a killed bot left, one starts and the other gets an error', async (t) => {
  const processes = await Promise.all([startProcess(t), startProcess(t)]);
  for (let round = 1; round <= 12; round += 1) {
    const { url } = recordAt(`raced-${round}.db`);
    await leaveSocket(healthSocketFile({ url, socket: null }));
    const answers = await Promise.all(processes.map((one) => answerTo(one, url)));
    assert.deepEqual(answers.sort(), ['health-socket-taken', 'started'], `round ${round}`);
    await Promise.all(processes.map((one) => answerTo(one, 'stop')));
  }
});

test('the audit record does not stay locked after its bot was killed', async (t) => {
  const { url } = recordAt('killed.db');
  const [killed, next] = await Promise.all([startProcess(t), startProcess(t)]);
  assert.equal(await answerTo(killed, url), 'started');
  assert.equal(await answerTo(next, url), 'health-socket-taken');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  assert.equal(await answerTo(next, url), 'started');
});

test('a bot does not create or upgrade the audit record while another bot holds its lock', async (t) => {
  const { url, file } = recordAt('held.db');
  const lock = await lockRecord(url);
  const second = await startProcess(t);
  assert.equal(await answerTo(second, url), 'health-socket-taken');
  assert.equal((await stat(file)).size, 0);
  lock?.release();
  assert.equal(await answerTo(second, url), 'started');
  assert.notEqual((await stat(file)).size, 0);
});

test('a bot that fails to start releases the lock on the audit record', async () => {
  const { url } = recordAt('given-back.db');
  const serving = servingOn(url, slack.apiUrl);
  const wrong = { ...serving, secrets: { ...serving.secrets, botToken: 'xoxb-1-wrong' } };
  await assert.rejects(serve(wrong), /invalid_auth/);
  const lock = await lockRecord(url);
  assert.ok(lock);
  lock.release();
});
