import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { createSlackApp, type SlackApp } from '../../../src/slack/slack-app.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { english } from '../../support/english.ts';
import { RecordingRequests } from '../recording-requests.ts';
import { LIMIT_MS, startBench, startSlack } from '../start-slack.ts';

const HELP = { user: 'U0ALICE', channel: 'C0INCIDENTS', text: 'help' };

test('when Slack asks to disconnect, the bot reconnects at once and commands work', async (context) => {
  const { slack, app } = await startBench(context, 'socket');
  slack.socketMode.askToLeave('refresh_requested');
  await slack.socketMode.waitForConnections(1, LIMIT_MS);
  assert.equal((await slack.slashCommand(HELP)).failure, null);
  assert.equal(app.isConnected(), true);
});

test('a connection that is cut repeatedly is opened again each time', async (context) => {
  const { slack } = await startBench(context, 'socket');
  for (let round = 0; round < 3; round += 1) {
    slack.socketMode.cut();
    await slack.socketMode.waitForConnections(0, LIMIT_MS);
    await slack.socketMode.waitForConnections(1, LIMIT_MS);
  }
  assert.equal((await slack.slashCommand(HELP)).failure, null);
});

for (const outage of ['refused', 'http-500', 'internal_error'] as const) {
  test(`the bot reconnects on its own after an outage (${outage})`, async (context) => {
    const { slack, app, logged } = await startBench(context, 'socket');
    await slack.outage(outage);
    await waitForLine(logged, 'no Socket Mode connection to Slack');
    assert.equal(app.isConnected(), false);
    await slack.outage(null);
    await slack.socketMode.waitForConnections(1, LIMIT_MS);
    assert.equal((await slack.slashCommand(HELP)).failure, null);
  });
}

test('the start does not fail while Slack is away, and the bot connects when Slack is back', async (context) => {
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

test('a refused app token fails the start and says why', async (context) => {
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

test('a refused bot token fails the start and says why, before any connection is opened', async (context) => {
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

test('a stop while waiting to reconnect ends at once and leaves no connection behind', async (context) => {
  const { slack, app, logged } = await startBench(context, 'socket');
  await slack.outage('refused');
  await waitForLine(logged, 'no Socket Mode connection to Slack');
  await app.stop();
  await slack.outage(null);
  assert.equal(slack.socketMode.connectionCount(), 0);
});

test('a stop while connecting leaves no connection behind', async (context) => {
  const { slack, app, logged } = await startBench(context, 'socket');
  slack.setLatency(500);
  slack.socketMode.cut();
  await waitForLine(logged, 'the Socket Mode connection to Slack ended');
  await app.stop();
  assert.equal(slack.calls('apps.connections.open').length, 2, 'it was in the middle of connecting');
  await slack.socketMode.waitForConnections(0, LIMIT_MS);
  assert.equal(app.isConnected(), false);
});

test('a stop as the connection breaks does not keep the process alive', async (context) => {
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
