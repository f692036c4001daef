import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { sign } from '../../../src/playground/slack/delivery/signature.ts';
import type { Forgery } from '../../../src/playground/slack/delivery/transport.ts';
import { createSlackApp } from '../../../src/slack/slack-app.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { english } from '../../support/words/english.ts';
import { RecordingRequests } from '../recording-requests.ts';
import { type Bench, LIMIT_MS, startBench } from '../start-slack.ts';

const COMMAND = { user: 'U0ALICE', channel: 'C0INCIDENTS', text: 'diagnose git01' };
const any = () => true;

const FORGERIES: readonly Forgery[] = ['wrong-signature', 'no-signature', 'old-timestamp', 'changed-body'];
for (const forged of FORGERIES) {
  test(`the bot refuses a Slack request with ${forged} with status 401, without any effect`, async (context) => {
    const { slack, app, requests } = await startBench(context, 'http');
    assert.equal((await slack.slashCommand(COMMAND, { forged })).status, 401);
    await app.stop();
    assert.deepEqual(requests.asked, []);
  });
}

test('the bot refuses a Slack command without a user, with a log line and a private answer', async (context) => {
  const bench = await startBench(context, 'http');
  const { responseUrl } = bench.slack.prepare.slashCommand(COMMAND);
  const fields = { command: '/registry', text: 'diagnose git01', trigger_id: '1.2', response_url: responseUrl ?? '' };
  assert.equal(await postSigned(bench, new URLSearchParams(fields).toString()), 200);
  const answer = await bench.slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
  assert.match(answer.text, /^I couldn’t understand this request, so nothing was done\./);
  assert.deepEqual(bench.requests.asked, []);
  assert.ok(bench.logged.some((line) => line.includes('does not parse') && line.includes('user_id')));
});

test('the bot refuses a click with an invalid Slack id', async (context) => {
  const bench = await startBench(context, 'http');
  const { responseUrl } = bench.slack.prepare.slashCommand(COMMAND);
  const payload = {
    type: 'block_actions',
    user: { id: 'U0BOB; drop', team_id: 'T0WORKSHOP' },
    team: { id: 'T0WORKSHOP' },
    channel: { id: 'C0INCIDENTS' },
    trigger_id: '1.2',
    response_url: responseUrl,
    actions: [{ type: 'button', action_id: 'approve_plan', block_id: 'b', value: '142-1' }],
  };
  await postSigned(bench, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
  assert.match((await bench.slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /^I couldn’t understand/);
  assert.deepEqual(bench.requests.asked, []);
});

test('the bot ignores Slack request bodies that are not JSON, too large or cut off, and handles the next request', async (context) => {
  const bench = await startBench(context, 'http');
  assert.equal(await postSigned(bench, 'payload=%7Bbroken'), 400);
  assert.equal(await postSigned(bench, `payload=${'x'.repeat(1024 * 1024)}`), 413);
  await sendPartOfARequest(portOf(bench));
  assert.equal((await bench.slack.slashCommand(COMMAND)).status, 200);
  await bench.app.stop();
  assert.equal(bench.requests.asked.length, 1);
});

test('the bot answers 404 on other HTTP paths and methods than Slack’s', async (context) => {
  const bench = await startBench(context, 'http');
  const base = `http://127.0.0.1:${portOf(bench)}`;
  assert.equal((await fetch(`${base}/`)).status, 404);
  assert.equal((await fetch(`${base}/slack/events`)).status, 404);
});

test('the bot does not start if its port for Slack requests is in use', async (context) => {
  const bench = await startBench(context, 'http');
  const second = createSlackApp({
    metrics: UNMEASURED,
    wordsOf: async () => english,
    mode: 'http',
    port: portOf(bench),
    host: '127.0.0.1',
    signingSecret: bench.slack.credentials.signingSecret,
    slackApiUrl: bench.slack.apiUrl,
    botToken: bench.slack.credentials.botToken,
    requests: new RecordingRequests(),
    log: createLog('silent'),
  });
  const why = `Port ${portOf(bench)} is in use. Stop the program that uses it, or change slack.port.`;
  await assert.rejects(
    second.start(),
    (error) => error instanceof OperatorError && english.operatorProblem.errorWords(error) === why,
  );
  assert.equal(second.isConnected(), false);
  await second.stop();
});

test('over HTTP the bot counts as connected to Slack from start to stop', async (context) => {
  const { app } = await startBench(context, 'http');
  assert.equal(app.isConnected(), true);
  await app.stop();
  assert.equal(app.isConnected(), false);
});

function portOf({ port }: Bench): number {
  assert.ok(port !== null);
  return port;
}

/** Posts a body with a good signature; resolves to the status. */
async function postSigned(bench: Bench, body: string): Promise<number> {
  const timestamp = Math.floor(Date.now() / 1000);
  const response = await fetch(`http://127.0.0.1:${portOf(bench)}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': sign(bench.slack.credentials.signingSecret, timestamp, body),
    },
  });
  return response.status;
}

/** Announces a long body, sends a little of it and goes away. */
function sendPartOfARequest(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\npayload=', () =>
        socket.destroy(),
      );
    });
    socket.on('close', () => resolve()).on('error', reject);
  });
}
