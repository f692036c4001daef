import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';

const WAIT_MS = 20_000;

let slack: SlackStandIn;
let receiver: SocketModeReceiver;

before(async () => {
  slack = await startSlackStandIn();
  const { appToken, botToken } = slack.credentials;
  const clientOptions = { slackApiUrl: slack.apiUrl };
  receiver = new SocketModeReceiver({
    appToken,
    logLevel: LogLevel.ERROR,
    // Also the time that it waits before it connects again.
    clientPingTimeout: 1000,
    installerOptions: { clientOptions },
  });
  const app = new App({ receiver, token: botToken, clientOptions, logLevel: LogLevel.ERROR });
  app.command('/registry', async ({ ack, command, client, respond }) => {
    if (command.text === 'sleep') return;
    await ack(command.text === 'help' ? 'ask me' : undefined);
    if (command.text === 'whisper') await respond('only you');
    if (command.text !== 'diagnose git01') return;
    await client.chat.postMessage({ channel: command.channel_id, text: 'Plan', blocks: [REJECT] });
  });
  app.action('reject_plan', async ({ ack, client, body, action }) => {
    await ack();
    if (body.type !== 'block_actions' || action.type !== 'button') return;
    const { message, channel, user } = body;
    if (message === undefined || channel === undefined) return;
    const text = `${user.id} rejected ${action.value}`;
    await client.chat.update({ channel: channel.id, ts: message.ts, text, blocks: [] });
  });
  await app.start();
  await slack.socketMode.waitForConnections(1, WAIT_MS);
});

after(async () => {
  await receiver.stop();
  await slack.close();
});

const REJECT = {
  type: 'actions' as const,
  elements: [
    {
      type: 'button' as const,
      action_id: 'reject_plan',
      value: '142-1',
      text: { type: 'plain_text' as const, text: 'Reject' },
    },
  ],
};

test('the stand-in Slack shows the text of a Socket Mode acknowledgement to the requester', async () => {
  const result = await slack.slashCommand({ user: 'U0CAROL', channel: 'C0OPS', text: 'help' });
  assert.deepEqual({ status: result.status, failure: result.failure }, { status: 200, failure: null });
  assert.equal(slack.ephemerals('U0CAROL').at(-1)?.text, 'ask me');
});

test('the bot can answer a Socket Mode command through the stand-in Slack’s response_url', async () => {
  await slack.slashCommand({ user: 'U0BOB', channel: 'C0OPS', text: 'whisper' });
  await slack.waitForEphemeral('U0BOB', ({ text }) => text === 'only you', WAIT_MS);
});

test('a message that the bot edits after a click over Socket Mode keeps its earlier text in the stand-in Slack’s history', async () => {
  await slack.slashCommand({ user: 'U0ALICE', channel: 'C0INCIDENTS', text: 'diagnose git01' });
  const { channel, ts } = await slack.waitForMessage(({ text }) => text === 'Plan', WAIT_MS);
  await slack.click({ user: 'U0BOB', channel, ts, actionId: 'reject_plan' });
  const edited = await slack.waitForMessage((message) => message.ts === ts && message.versions.length === 2, WAIT_MS);
  assert.deepEqual(
    edited.versions.map(({ text, blocks }) => [text, blocks.length]),
    [
      ['Plan', 1],
      ['U0BOB rejected 142-1', 0],
    ],
  );
});

test('the stand-in Slack reports a failure if the bot does not acknowledge a Socket Mode command within three seconds', async () => {
  const result = await slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'sleep' });
  assert.deepEqual({ status: result.status, failure: result.failure }, { status: null, failure: 'operation_timeout' });
});

test('the bot reconnects and works on when the stand-in Slack asks it to disconnect', async () => {
  slack.socketMode.askToLeave('refresh_requested');
  assert.equal(slack.socketMode.connectionCount(), 0);
  await slack.socketMode.waitForConnections(1, WAIT_MS);
  const result = await slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'help' });
  assert.equal(result.failure, null);
});
