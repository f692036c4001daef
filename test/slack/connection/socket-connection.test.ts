import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { WebSocket } from 'ws';
import { createLog } from '../../../src/log.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import type { DeliveryResult } from '../../../src/playground/slack/delivery/transport.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { SocketConnection } from '../../../src/slack/connection/socket-connection.ts';
import { createSlackApp, type SlackApp } from '../../../src/slack/slack-app.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { roundsOf } from '../../support/campaign.ts';
import { english } from '../../support/words/english.ts';
import { RecordingRequests } from '../recording-requests.ts';
import { LIMIT_MS, startBench, startSlack } from '../start-slack.ts';

const HELP = { user: 'U0ALICE', channel: 'C0INCIDENTS', text: 'help' };

const REFRESHES = roundsOf(6, 50);

for (const end of ['properly', 'tcp-left-open', 'no-answer'] as const) {
  test(`the bot loses no command over ${REFRESHES} refreshes when Slack ends connections ${end}`, async (context) => {
    const { slack, app } = await startBench(context, 'socket');
    slack.socketMode.endsWith(end);
    const sent: Promise<DeliveryResult>[] = [];
    for (let round = 0; round < REFRESHES; round += 1) {
      slack.socketMode.askToLeave('refresh_requested');
      sent.push(slack.slashCommand(HELP), slack.slashCommand(HELP));
      await slack.socketMode.waitForConnections(1, LIMIT_MS);
      sent.push(slack.slashCommand(HELP));
      await Promise.all(sent);
      await untilFewAreHeld(slack);
    }
    assert.deepEqual(await failuresOf(sent), []);
    assert.equal(app.isConnected(), true);
  });

  test(`the bot loses no command over ${REFRESHES} warnings when Slack ends connections ${end}`, async (context) => {
    const { slack, app } = await startBench(context, 'socket');
    slack.socketMode.endsWith(end);
    const sent: Promise<DeliveryResult>[] = [];
    for (let round = 0; round < REFRESHES; round += 1) {
      slack.socketMode.askToLeave('warning', 'oldest');
      sent.push(slack.slashCommand(HELP));
      await slack.socketMode.waitForConnections(2, LIMIT_MS);
      sent.push(slack.slashCommand(HELP), slack.slashCommand(HELP));
      slack.socketMode.askToLeave('refresh_requested', 'oldest');
      sent.push(slack.slashCommand(HELP));
      await Promise.all(sent);
      await slack.socketMode.waitForConnections(1, LIMIT_MS);
      await untilFewAreHeld(slack);
    }
    assert.deepEqual(await failuresOf(sent), []);
    assert.equal(app.isConnected(), true);
  });
}

/** Slack refreshes a connection every few hours. Here it is faster than old ones are closed, and ten are allowed. */
async function untilFewAreHeld({ waitUntil, socketMode }: SlackStandIn): Promise<void> {
  await waitUntil('at most five connections', () => socketMode.heldCount() <= 5, LIMIT_MS);
}

async function failuresOf(sent: readonly Promise<DeliveryResult>[]): Promise<readonly DeliveryResult[]> {
  return (await Promise.all(sent)).filter(({ failure }) => failure !== null);
}

test('the bot closes its old Socket Mode connection only once the next one is open', async (context) => {
  const { slack, logged } = await startBench(context, 'socket');
  slack.socketMode.askToLeave('refresh_requested');
  await waitForLine(logged, 'the Socket Mode connection to Slack ended');
  const lines = logged.filter((line) => line.includes('Socket Mode'));
  assert.match(lines[1] ?? '', /connected to Slack over Socket Mode/);
  assert.match(lines[2] ?? '', /the Socket Mode connection to Slack ended/);
});

test('the bot waits before it connects again if all of its Socket Mode connections are taken', async (context) => {
  const slack = await startSlack(context);
  const others = await Promise.all(Array.from({ length: 10 }, () => otherConnection(slack)));
  context.after(() => {
    for (const other of others) other.terminate();
  });
  const pauses: number[] = [];
  const connection = new SocketConnection({
    appToken: slack.credentials.appToken,
    slackApiUrl: slack.apiUrl,
    log: createLog('silent'),
    pauseFor: async (ms, signal) => {
      pauses.push(ms);
      others.pop()?.terminate();
      await slack.socketMode.waitForConnections(9, LIMIT_MS);
      signal.throwIfAborted();
    },
  });
  new App({ receiver: connection.receiver, authorize: async () => ({ botToken: 'none' }) });
  context.after(() => connection.stop());
  await connection.start();
  assert.deepEqual(connection.trouble, { kind: 'too-many-connections' });
  await connection.connected;
  assert.deepEqual(pauses, [30_000]);
  assert.equal(connection.isConnected(), true);
});

/** Of another copy of the bot. */
async function otherConnection(slack: SlackStandIn): Promise<WebSocket> {
  const { url } = await new WebClient(slack.credentials.appToken, {
    slackApiUrl: slack.apiUrl,
  }).apps.connections.open();
  assert.ok(url);
  const socket = new WebSocket(url);
  await once(socket, 'message');
  return socket;
}

test('the bot reconnects to Slack each time its connection is cut', async (context) => {
  const { slack } = await startBench(context, 'socket');
  for (let round = 0; round < 3; round += 1) {
    slack.socketMode.cut();
    await slack.socketMode.waitForConnections(0, LIMIT_MS);
    await slack.socketMode.waitForConnections(1, LIMIT_MS);
  }
  assert.equal((await slack.slashCommand(HELP)).failure, null);
});

for (const outage of ['refused', 'http-500', 'internal_error'] as const) {
  test(`the bot reconnects to Slack on its own after an outage (${outage})`, async (context) => {
    const { slack, app, logged } = await startBench(context, 'socket');
    await slack.outage(outage);
    await waitForLine(logged, 'no Socket Mode connection to Slack');
    assert.equal(app.isConnected(), false);
    await slack.outage(null);
    await slack.socketMode.waitForConnections(1, LIMIT_MS);
    assert.equal((await slack.slashCommand(HELP)).failure, null);
  });
}

test('the bot starts during a Slack outage and connects when Slack is back', async (context) => {
  const slack = await startSlack(context);
  await slack.outage('refused');
  const app = appFor(context, slack);
  await app.start();
  assert.equal(app.isConnected(), false);
  assert.equal(app.trouble()?.kind, 'no-answer');
  let isReady = false;
  const ready = app.ready.then(() => {
    isReady = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isReady, false);
  await slack.outage(null);
  await slack.socketMode.waitForConnections(1, LIMIT_MS);
  await ready;
  assert.equal(app.isConnected(), true);
  assert.equal(app.trouble(), null);
});

test('the bot does not start if Slack refuses the app token, and says why', async (context) => {
  const slack = await startSlack(context);
  const app = appFor(context, slack, 'xapp-wrong');
  await assert.rejects(app.start(), (error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(
      english.operatorProblem.operatorProblem(error.operatorProblem),
      /^Slack rejected the app token \(invalid_auth\)\. Copy it again .* into SLACK_APP_TOKEN\.$/,
    );
    return true;
  });
});

test('the bot does not start if Slack refuses the bot token, says why, and opens no connection', async (context) => {
  const slack = await startSlack(context);
  const app = appFor(context, { ...slack, credentials: { ...slack.credentials, botToken: 'xoxb-wrong' } });
  await assert.rejects(app.start(), (error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(
      english.operatorProblem.operatorProblem(error.operatorProblem),
      /^Slack rejected the bot token \(invalid_auth\)\. Copy it again .* into SLACK_BOT_TOKEN\.$/,
    );
    return true;
  });
  assert.equal(slack.calls('apps.connections.open').length, 0);
});

test('the bot that waits to reconnect to Slack stops at once and leaves no connection behind', async (context) => {
  const { slack, app, logged } = await startBench(context, 'socket');
  await slack.outage('refused');
  await waitForLine(logged, 'no Socket Mode connection to Slack');
  await app.stop();
  await slack.outage(null);
  assert.equal(slack.socketMode.connectionCount(), 0);
});

test('the bot that is connecting to Slack stops and leaves no connection behind', async (context) => {
  const { slack, app, logged } = await startBench(context, 'socket');
  slack.setLatency(500);
  slack.socketMode.cut();
  await waitForLine(logged, 'the Socket Mode connection to Slack ended');
  await app.stop();
  assert.equal(slack.calls('apps.connections.open').length, 2, 'it was in the middle of connecting');
  await slack.socketMode.waitForConnections(0, LIMIT_MS);
  assert.equal(app.isConnected(), false);
});

test('the bot’s process ends even if the Slack connection breaks during the stop', async (context) => {
  const { slack, app } = await startBench(context, 'socket');
  slack.socketMode.cut();
  await app.stop();
  await slack.close();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
  assert.deepEqual(timers(), []);
});

function appFor(
  context: TestContext,
  slack: { apiUrl: string; credentials: { botToken: string; appToken: string } },
  appToken = slack.credentials.appToken,
): SlackApp {
  const app = createSlackApp({
    metrics: UNMEASURED,
    wordsOf: async () => english,
    mode: 'socket',
    appToken,
    slackApiUrl: slack.apiUrl,
    botToken: slack.credentials.botToken,
    requests: new RecordingRequests(),
    log: createLog('silent'),
  });
  context.after(() => app.stop());
  return app;
}

async function waitForLine(logged: readonly string[], part: string): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  while (!logged.some((line) => line.includes(part))) {
    assert.ok(Date.now() < until, `the log has no line with "${part}":\n${logged.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
