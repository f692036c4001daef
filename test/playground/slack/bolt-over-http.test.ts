import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';

const WAIT_MS = 10_000;

let slack: SlackStandIn;
let app: App;
const seenCommands: Record<string, unknown>[] = [];
const seenClicks: Record<string, unknown>[] = [];

/** A bot small enough to be read at a glance: it asks, and takes the answer. */
before(async () => {
  slack = await startSlackStandIn();
  const { botToken, signingSecret } = slack.credentials;
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: '/slack/events',
    logLevel: LogLevel.ERROR,
  });
  app = new App({ receiver, token: botToken, clientOptions: { slackApiUrl: slack.apiUrl }, logLevel: LogLevel.ERROR });
  app.command('/registry', async ({ ack, command, client, respond }) => {
    seenCommands.push({ ...command });
    if (command.text === 'sleep') return;
    await ack(command.text === 'help' ? 'ask me' : undefined);
    if (command.text === 'whisper') await respond('only you');
    if (command.text !== 'diagnose git01') return;
    await client.chat.postMessage({ channel: command.channel_id, text: 'Plan', blocks: [...PLAN_BLOCKS] });
  });
  app.action('approve_plan', async ({ ack, body, action, respond }) => {
    seenClicks.push({ body, action });
    await ack();
    await respond({ text: 'noted', replace_original: false });
  });
  const server = await app.start(0);
  assert.ok('address' in server);
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
});

after(async () => {
  await app.stop();
  await slack.close();
});

const PLAN_BLOCKS = [
  { type: 'section', text: { type: 'mrkdwn', text: '`chmod 0751 /data`' } },
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'approve_plan',
        value: '142-1',
        style: 'danger',
        text: { type: 'plain_text', text: 'Approve & run' },
        confirm: {
          title: { type: 'plain_text', text: 'Sure?' },
          text: { type: 'plain_text', text: 'It changes git01.' },
          confirm: { type: 'plain_text', text: 'Run' },
          deny: { type: 'plain_text', text: 'Back' },
        },
      },
    ],
  },
] as const;

test('the stand-in Slack sends a signed slash command over HTTP with every field that Slack sends', async () => {
  const result = await slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'nothing' });
  assert.deepEqual({ status: result.status, failure: result.failure }, { status: 200, failure: null });
  const { response_url, trigger_id, ...fields } = seenCommands.at(-1) ?? {};
  assert.match(String(response_url), /^http:\/\/127\.0\.0\.1:\d+\/response\/[0-9a-f]{24}$/);
  assert.match(String(trigger_id), /^\d+\.\d+\.[0-9a-f]{32}$/);
  assert.deepEqual(fields, {
    token: 'stand-in-verification-token',
    team_id: 'T0WORKSHOP',
    team_domain: 'workshop',
    channel_id: 'C0OPS',
    channel_name: 'ops',
    user_id: 'U0ALICE',
    user_name: 'alice',
    command: '/registry',
    text: 'nothing',
    api_app_id: 'A0DOCTOR',
    is_enterprise_install: 'false',
  });
});

test('the stand-in Slack shows the text of the HTTP acknowledgement to the requester', async () => {
  await slack.slashCommand({ user: 'U0CAROL', channel: 'C0OPS', text: 'help' });
  assert.deepEqual(
    slack.ephemerals('U0CAROL').map(({ text, via }) => ({ text, via })),
    [{ text: 'ask me', via: 'answer to the request' }],
  );
});

test('an answer through the stand-in Slack’s response_url is visible to one person only', async () => {
  await slack.slashCommand({ user: 'U0GUEST', channel: 'C0OPS', text: 'whisper' });
  const whisper = await slack.waitForEphemeral('U0GUEST', ({ text }) => text === 'only you', WAIT_MS);
  assert.equal(whisper.via, 'response_url');
});

test('a click in the stand-in Slack sends the bot the message, the button and its value as they are in the channel', async () => {
  await slack.slashCommand({ user: 'U0ALICE', channel: 'C0INCIDENTS', text: 'diagnose git01' });
  const message = await slack.waitForMessage(({ text }) => text === 'Plan', WAIT_MS);
  const result = await slack.click({
    user: 'U0BOB',
    channel: message.channel,
    ts: message.ts,
    actionId: 'approve_plan',
  });
  assert.equal(result.failure, null);
  const noted = await slack.waitForEphemeral('U0BOB', ({ text }) => text === 'noted', WAIT_MS);
  assert.equal(noted.channel, 'C0INCIDENTS');
  assert.partialDeepStrictEqual(seenClicks.at(-1), {
    action: { type: 'button', action_id: 'approve_plan', value: '142-1', style: 'danger' },
    body: {
      type: 'block_actions',
      user: { id: 'U0BOB', team_id: 'T0WORKSHOP' },
      container: { type: 'message', message_ts: message.ts, channel_id: 'C0INCIDENTS', is_ephemeral: false },
      message: { ts: message.ts, text: 'Plan', bot_id: 'B0DOCTOR' },
    },
  });
});

test('the bot rejects an HTTP request with a forged signature or an old timestamp', async () => {
  const act = { user: 'U0ALICE', channel: 'C0OPS', text: 'nothing' };
  const before = seenCommands.length;
  for (const forged of ['wrong-signature', 'no-signature', 'old-timestamp', 'changed-body'] as const) {
    const result = await slack.slashCommand(act, { forged });
    assert.deepEqual(
      { status: result.status, failure: result.failure },
      { status: 401, failure: 'http_service_error' },
    );
  }
  assert.equal(seenCommands.length, before);
});

test('the stand-in Slack sends a repeated request with the same trigger id, as Slack does', async () => {
  const command = slack.prepare.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'twice' });
  await Promise.all([command.send(), command.send({ retry: { number: 1, reason: 'http_timeout' } })]);
  const both = seenCommands.filter(({ text }) => text === 'twice').map(({ trigger_id }) => trigger_id);
  assert.deepEqual(both, [command.triggerId, command.triggerId]);
});

test('the stand-in Slack reports a failure if the bot does not acknowledge an HTTP request within three seconds', async () => {
  const result = await slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'sleep' });
  assert.deepEqual({ status: result.status, failure: result.failure }, { status: null, failure: 'operation_timeout' });
  assert.ok(result.ackMs >= 2990, `${result.ackMs}`);
});
