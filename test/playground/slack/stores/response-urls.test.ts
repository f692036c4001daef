import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import type { SlackStandIn } from '../../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../../src/playground/slack/start-slack-stand-in.ts';
import { SILENT } from '../silent-logger.ts';

let slack: SlackStandIn;

beforeEach(async () => {
  slack = await startSlackStandIn();
});

afterEach(() => slack.close());

function commandUrl(): string {
  return slack.prepare.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'help' }).responseUrl ?? '';
}

async function clickUrl(): Promise<string> {
  const client = new WebClient(slack.credentials.botToken, { slackApiUrl: slack.apiUrl, logger: SILENT });
  const button = { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } };
  const blocks = [{ type: 'actions' as const, elements: [button] }];
  const { ts = '' } = await client.chat.postMessage({ channel: 'C0OPS', text: 'card', blocks });
  return slack.prepare.click({ user: 'U0BOB', channel: 'C0OPS', ts, actionId: 'go' }).responseUrl ?? '';
}

async function answer(url: string, body: unknown): Promise<{ status: number; body: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.text() };
}

test('the stand-in Slack shows an answer to a command privately unless the answer asks for the channel', async () => {
  const url = commandUrl();
  assert.deepEqual(await answer(url, { text: 'for you' }), { status: 200, body: 'ok' });
  await answer(url, { text: 'for all', response_type: 'in_channel' });
  assert.deepEqual(
    slack.ephemerals('U0ALICE').map(({ text, channel }) => [text, channel]),
    [['for you', 'C0OPS']],
  );
  assert.deepEqual(
    slack.messages('C0OPS').map(({ text, user }) => [text, user]),
    [['for all', 'U0DOCTOR']],
  );
});

test('the stand-in Slack refuses a sixth answer to one response_url', async () => {
  const url = commandUrl();
  for (let use = 0; use < 5; use += 1) assert.equal((await answer(url, { text: `${use}` })).status, 200);
  assert.deepEqual(await answer(url, { text: 'once more' }), { status: 404, body: '{"ok":false,"error":"used_url"}' });
});

test('the stand-in Slack refuses an answer to an expired response_url', async () => {
  const brief = await startSlackStandIn({ responseUrlLifeMs: -1 });
  try {
    const { responseUrl } = brief.prepare.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'help' });
    assert.equal((await answer(responseUrl ?? '', { text: 'late' })).body, '{"ok":false,"error":"expired_url"}');
  } finally {
    await brief.close();
  }
});

test('the stand-in Slack checks the blocks of a response_url answer, and refuses an empty answer', async () => {
  const url = commandUrl();
  const wrong = await answer(url, { text: 'x', blocks: [{ type: 'section' }] });
  assert.deepEqual([wrong.status, wrong.body], [400, '{"ok":false,"error":"invalid_blocks"}']);
  assert.equal((await answer(url, {})).body, '{"ok":false,"error":"no_text"}');
  assert.equal((await answer(url, 'text')).body, '{"ok":false,"error":"invalid_payload"}');
});

test('in the stand-in Slack an answer to a click replaces the message unless the answer asks for something else', async () => {
  const url = await clickUrl();
  await answer(url, { text: 'private', response_type: 'ephemeral', replace_original: false });
  assert.deepEqual(
    slack.messages('C0OPS').map(({ text }) => text),
    ['card'],
  );
  assert.equal(slack.ephemerals('U0BOB').at(-1)?.text, 'private');
  await answer(url, { text: 'meant to be private' });
  assert.deepEqual(
    slack.messages('C0OPS').map(({ text, blocks }) => [text, blocks.length]),
    [['meant to be private', 0]],
  );
});

test('in the stand-in Slack an answer to a click can delete the message', async () => {
  const url = await clickUrl();
  await answer(url, { delete_original: true });
  assert.equal(slack.messages('C0OPS').length, 0);
});
