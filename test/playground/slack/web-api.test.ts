import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { DEFAULT_SCOPES, startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { SILENT } from './silent-logger.ts';

let slack: SlackStandIn;
let client: WebClient;

before(async () => {
  slack = await startSlackStandIn({ scopes: [...DEFAULT_SCOPES, 'im:write'] });
  client = clientOf(slack);
});

after(() => slack.close());

function clientOf(standIn: SlackStandIn, token = standIn.credentials.botToken): WebClient {
  return new WebClient(token, { slackApiUrl: standIn.apiUrl, retryConfig: { retries: 0 }, logger: SILENT });
}

const Answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

async function call(
  method: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Headers; answer: z.infer<typeof Answer> }> {
  const response = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', body, headers });
  return { status: response.status, headers: response.headers, answer: Answer.parse(await response.json()) };
}

function bearer(): string {
  return `Bearer ${slack.credentials.botToken}`;
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_UTF8 = 'application/json; charset=utf-8';

test('the stand-in Slack accepts a token in the header or in a form field', async () => {
  const token = slack.credentials.botToken;
  const inHeader = await call('auth.test', '', { authorization: `Bearer ${token}` });
  const inForm = await call('auth.test', `token=${token}`, { 'content-type': FORM });
  assert.deepEqual([inHeader.answer.ok, inForm.answer.ok], [true, true]);
});

test('the stand-in Slack does not accept a token in a JSON body', async () => {
  const body = JSON.stringify({ token: slack.credentials.botToken });
  const { answer } = await call('auth.test', body, { 'content-type': JSON_UTF8 });
  assert.equal(answer.error, 'not_authed');
});

test('the stand-in Slack refuses an unknown token, a token of the wrong kind and an unknown method', async () => {
  const invalid = await call('auth.test', '', { authorization: 'Bearer xoxb-other' });
  assert.equal(invalid.answer.error, 'invalid_auth');
  const app = await call('users.info', 'user=U0BOB', {
    authorization: `Bearer ${slack.credentials.appToken}`,
    'content-type': FORM,
  });
  assert.equal(app.answer.error, 'not_allowed_token_type');
  const unknown = await call('chat.delet', '', { authorization: bearer() });
  assert.deepEqual(unknown.answer, { ok: false, error: 'unknown_method', req_method: 'chat.delet' });
});

test('the stand-in Slack accepts JSON for methods that write, with a warning if the charset is missing', async () => {
  const body = JSON.stringify({ channel: 'C0OPS', text: 'from JSON' });
  const full = await call('chat.postMessage', body, { authorization: bearer(), 'content-type': JSON_UTF8 });
  assert.equal(full.answer.ok, true);
  const bare = await call('chat.postMessage', body, { authorization: bearer(), 'content-type': 'application/json' });
  assert.partialDeepStrictEqual(bare.answer, {
    ok: true,
    warning: 'missing_charset',
    response_metadata: { warnings: ['missing_charset'] },
  });
});

test('the stand-in Slack ignores a JSON body for methods that read', async () => {
  const body = JSON.stringify({ channel: 'C0OPS' });
  const { answer } = await call('conversations.info', body, { authorization: bearer(), 'content-type': JSON_UTF8 });
  assert.deepEqual(answer, {
    ok: false,
    error: 'invalid_arguments',
    errors: ['missing required field: channel [json-pointer:]'],
    response_metadata: { messages: ['[ERROR] missing required field: channel [json-pointer:]'] },
  });
});

test('the stand-in Slack refuses a body that is not JSON or not an object', async () => {
  for (const [body, error] of [
    ['{', 'invalid_json'],
    ['[]', 'json_not_object'],
  ] as const) {
    const { answer } = await call('chat.postMessage', body, { authorization: bearer(), 'content-type': JSON_UTF8 });
    assert.equal(answer.error, error);
  }
});

test('the stand-in Slack lists the granted scopes in the headers of its answers', async () => {
  const answer = await client.auth.test();
  assert.deepEqual(answer.response_metadata?.scopes, [...DEFAULT_SCOPES, 'im:write']);
  assert.partialDeepStrictEqual(answer, {
    ok: true,
    team_id: 'T0WORKSHOP',
    user_id: 'U0DOCTOR',
    bot_id: 'B0DOCTOR',
    url: 'https://workshop.slack.com/',
  });
});

test('the stand-in Slack names the missing scope when it refuses a method', async () => {
  const poor = await startSlackStandIn({ scopes: ['commands', 'channels:read'] });
  try {
    const needed = async (method: string, args: Record<string, string>) => {
      const error = await refusal(clientOf(poor).apiCall(method, args));
      assert.equal(error['error'], 'missing_scope');
      assert.equal(error['provided'], 'commands,channels:read');
      return error['needed'];
    };
    assert.equal(await needed('chat.postMessage', { channel: 'C0OPS', text: 'x' }), 'chat:write');
    assert.equal(await needed('users.info', { user: 'U0BOB' }), 'users:read');
    assert.equal(await needed('usergroups.users.list', { usergroup: 'S0APPROVERS' }), 'usergroups:read');
    assert.equal(await needed('conversations.info', { channel: 'C0PRIVATE' }), 'groups:read');
    assert.equal(
      await needed('conversations.history', { channel: 'C0OPS' }),
      'channels:history,groups:history,im:history,mpim:history',
    );
  } finally {
    await poor.close();
  }
});

const Failure = z.object({ data: z.looseObject({ ok: z.literal(false), error: z.string() }) });

/** What the API refused a call with. */
async function refusal(calling: Promise<unknown>): Promise<Record<string, unknown>> {
  const outcome = await calling.then(
    () => assert.fail('the call was not refused'),
    (error: unknown) => Failure.parse(error),
  );
  return outcome.data;
}

const REFUSALS: readonly (readonly [name: string, method: string, args: Record<string, unknown>, error: string])[] = [
  ['no such channel', 'chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
  ['a private channel without the bot', 'chat.postMessage', { channel: 'C0SECRET', text: 'x' }, 'channel_not_found'],
  ['a public channel without the bot', 'chat.postMessage', { channel: 'C0LOUNGE', text: 'x' }, 'not_in_channel'],
  ['an archived channel', 'chat.postMessage', { channel: 'C0ARCHIVE', text: 'x' }, 'is_archived'],
  ['no channel', 'chat.postMessage', { text: 'x' }, 'invalid_arguments'],
  ['an empty message', 'chat.postMessage', { channel: 'C0OPS' }, 'no_text'],
  ['empty text and no blocks', 'chat.postMessage', { channel: 'C0OPS', text: '', blocks: [] }, 'no_text'],
  ['blocks that are not JSON', 'chat.postMessage', { channel: 'C0OPS', blocks: '[' }, 'invalid_blocks_format'],
  ['an empty section', 'chat.postMessage', { channel: 'C0OPS', blocks: [{ type: 'section' }] }, 'invalid_blocks'],
  [
    'a thread that is not there',
    'chat.postMessage',
    { channel: 'C0OPS', text: 'x', thread_ts: '1.2' },
    'thread_not_found',
  ],
  [
    'metadata that is text',
    'chat.postMessage',
    { channel: 'C0OPS', text: 'x', metadata: 'key' },
    'invalid_metadata_format',
  ],
  [
    'metadata without a payload',
    'chat.postMessage',
    { channel: 'C0OPS', text: 'x', metadata: { event_type: 'a' } },
    'invalid_metadata_schema',
  ],
  ['an update of nothing', 'chat.update', { channel: 'C0OPS', ts: '1.2', text: 'x' }, 'message_not_found'],
  ['an update in no channel', 'chat.update', { channel: 'C0NOWHERE', ts: '1.2', text: 'x' }, 'channel_not_found'],
  ['an invalid ts', 'chat.update', { channel: 'C0OPS', ts: 'now', text: 'x' }, 'invalid_arguments'],
  [
    'an ephemeral message to a missing user',
    'chat.postEphemeral',
    { channel: 'C0OPS', user: 'U0GONE', text: 'x' },
    'user_not_in_channel',
  ],
  [
    'an ephemeral message that is too long',
    'chat.postEphemeral',
    { channel: 'C0OPS', user: 'U0BOB', text: 'x'.repeat(40_001) },
    'msg_too_long',
  ],
  ['info of a hidden channel', 'conversations.info', { channel: 'C0SECRET' }, 'channel_not_found'],
  ['the history of a channel without the bot', 'conversations.history', { channel: 'C0LOUNGE' }, 'not_in_channel'],
  ['the replies to nothing', 'conversations.replies', { channel: 'C0OPS', ts: '1.2' }, 'thread_not_found'],
  ['an invalid cursor', 'conversations.history', { channel: 'C0OPS', cursor: 'bm9uZQ==' }, 'invalid_cursor'],
  ['an unknown user', 'users.info', { user: 'U0NOBODY' }, 'user_not_found'],
  ['an unknown user group', 'usergroups.users.list', { usergroup: 'S0NONE' }, 'no_such_subteam'],
  ['a disabled user group', 'usergroups.users.list', { usergroup: 'S0FORMER' }, 'no_such_subteam'],
  ['direct messages to a stranger', 'conversations.open', { users: 'U0NOBODY' }, 'user_not_found'],
  ['direct messages to a deactivated user', 'conversations.open', { users: 'U0GONE' }, 'user_disabled'],
  ['a made-up trigger', 'views.open', { trigger_id: '1.2.a', view: modal() }, 'invalid_trigger_id'],
  ['an update of no view', 'views.update', { view_id: 'V0NONE', view: modal() }, 'not_found'],
];

function modal(fields: object = {}) {
  const input = { type: 'input', label: { type: 'plain_text', text: 'Why?' }, element: { type: 'plain_text_input' } };
  const title = { type: 'plain_text', text: 'Reject' };
  return { type: 'modal', title, submit: { type: 'plain_text', text: 'Send' }, blocks: [input], ...fields };
}

for (const [name, method, args, error] of REFUSALS) {
  test(`the stand-in Slack refuses ${method} for ${name}`, async () => {
    assert.equal((await refusal(client.apiCall(method, args)))['error'], error);
  });
}

test('the stand-in Slack says where and why it refuses blocks, in both of Slack’s formats', async () => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }];
  const error = await refusal(client.apiCall('chat.postMessage', { channel: 'C0OPS', text: 'x', blocks }));
  const message = 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]';
  assert.deepEqual(error['errors'], [message]);
  assert.partialDeepStrictEqual(error['response_metadata'], { messages: [`[ERROR] ${message}`] });
});

test('the stand-in Slack cuts posted text at 40,000 characters with a warning, and refuses an update beyond 4,000', async () => {
  const posted = await client.chat.postMessage({ channel: 'C0OPS', text: 'x'.repeat(40_001) });
  assert.equal(posted.warning, 'message_truncated');
  assert.equal(posted.message?.text?.length, 40_000);
  const ts = posted.ts ?? '';
  await client.chat.update({ channel: 'C0OPS', ts, text: 'x'.repeat(4000) });
  const error = await refusal(client.chat.update({ channel: 'C0OPS', ts, text: 'x'.repeat(4001) }));
  assert.equal(error['error'], 'msg_too_long');
});

test('the stand-in Slack refuses to update a message of another author', async () => {
  const { ts } = slack.say({ user: 'U0ALICE', channel: 'C0OPS', text: 'mine' });
  assert.equal(
    (await refusal(client.chat.update({ channel: 'C0OPS', ts, text: 'x' })))['error'],
    'cant_update_message',
  );
});

test('the stand-in Slack puts a reply to a reply into the thread of the first message', async () => {
  const root = await client.chat.postMessage({ channel: 'C0OPS', text: 'root' });
  const reply = await client.chat.postMessage({ channel: 'C0OPS', text: 'one', thread_ts: root.ts ?? '' });
  await client.chat.postMessage({ channel: 'C0OPS', text: 'two', thread_ts: reply.ts ?? '' });
  assert.deepEqual(
    slack.thread('C0OPS', root.ts ?? '').map(({ text }) => text),
    ['root', 'one', 'two'],
  );
  const { messages } = await client.conversations.replies({ channel: 'C0OPS', ts: root.ts ?? '' });
  assert.deepEqual(
    messages?.map(({ thread_ts, reply_count }) => [thread_ts, reply_count]),
    [
      [root.ts, 2],
      [root.ts, undefined],
      [root.ts, undefined],
    ],
  );
});

test('the stand-in Slack returns message metadata only on request, and keeps it over an update that does not mention it', async () => {
  const metadata = { event_type: 'registry_doctor', event_payload: { key: 'k1' } };
  const { ts = '' } = await client.chat.postMessage({ channel: 'C0OPS', text: 'marked', metadata });
  await client.chat.update({ channel: 'C0OPS', ts, text: 'marked still' });
  const asked = await client.conversations.replies({ channel: 'C0OPS', ts, include_all_metadata: true });
  assert.deepEqual(asked.messages?.[0]?.metadata, metadata);
  const unasked = await client.conversations.replies({ channel: 'C0OPS', ts });
  assert.equal(unasked.messages?.[0]?.metadata, undefined);
});

test('the stand-in Slack returns a channel’s history newest first, in pages, without replies', async () => {
  const own = await startSlackStandIn();
  try {
    const mine = clientOf(own);
    for (const text of ['a', 'b', 'c']) await mine.chat.postMessage({ channel: 'C0OPS', text });
    const [first] = own.messages('C0OPS');
    await mine.chat.postMessage({ channel: 'C0OPS', text: 'reply', thread_ts: first?.ts ?? '' });
    const page = await mine.conversations.history({ channel: 'C0OPS', limit: 2 });
    assert.deepEqual([page.messages?.map(({ text }) => text), page.has_more], [['c', 'b'], true]);
    const cursor = page.response_metadata?.next_cursor ?? '';
    const rest = await mine.conversations.history({ channel: 'C0OPS', limit: 2, cursor });
    assert.deepEqual([rest.messages?.map(({ text }) => text), rest.has_more], [['a'], false]);
    const since = await mine.conversations.history({ channel: 'C0OPS', oldest: first?.ts ?? '' });
    assert.deepEqual(
      since.messages?.map(({ text }) => text),
      ['c', 'b'],
    );
  } finally {
    await own.close();
  }
});

test('the stand-in Slack marks guests, strangers, bots and deactivated accounts with the fields that Slack sends', async () => {
  const shown = async (user: string) => (await client.users.info({ user })).user;
  assert.partialDeepStrictEqual(await shown('U0ALICE'), {
    deleted: false,
    is_restricted: false,
    team_id: 'T0WORKSHOP',
  });
  assert.partialDeepStrictEqual(await shown('U0GUEST'), { is_restricted: true, is_ultra_restricted: false });
  assert.partialDeepStrictEqual(await shown('U0ONEROOM'), { is_restricted: true, is_ultra_restricted: true });
  assert.partialDeepStrictEqual(await shown('U0STRANGER'), { is_restricted: false, team_id: 'T0ELSEWHERE' });
  assert.partialDeepStrictEqual(await shown('U0OTHERBOT'), { is_bot: true });
  const gone = await shown('U0GONE');
  assert.deepEqual([gone?.deleted, gone?.is_restricted], [true, undefined]);
});

test('the stand-in Slack lists user groups with their members, and disabled ones only on request', async () => {
  assert.deepEqual((await client.usergroups.users.list({ usergroup: 'S0APPROVERS' })).users, ['U0BOB', 'U0CAROL']);
  const { usergroups } = await client.usergroups.list({ include_users: true });
  assert.deepEqual(
    usergroups?.map(({ id, users }) => [id, users]),
    [['S0APPROVERS', ['U0BOB', 'U0CAROL']]],
  );
  const all = await client.usergroups.list({ include_disabled: true });
  assert.deepEqual(
    all.usergroups?.map(({ id, date_delete }) => [id, date_delete === 0]),
    [
      ['S0APPROVERS', true],
      ['S0FORMER', false],
    ],
  );
});

test('the stand-in Slack opens a direct message with a person and accepts posts by user id', async () => {
  const opened = await client.conversations.open({ users: 'U0BOB' });
  const posted = await client.chat.postMessage({ channel: 'U0BOB', text: 'psst' });
  assert.equal(posted.channel, opened.channel?.id);
});

test('the stand-in Slack keeps every call with its arguments and answer, but without tokens', async () => {
  const before = slack.calls('users.info').length;
  await client.users.info({ user: 'U0CAROL' });
  const [seen] = slack.calls('users.info').slice(before);
  assert.deepEqual([seen?.arguments, seen?.status, seen?.answer.ok], [{ user: 'U0CAROL' }, 200, true]);
  assert.ok(!JSON.stringify(slack.calls()).includes(slack.credentials.botToken));
});
