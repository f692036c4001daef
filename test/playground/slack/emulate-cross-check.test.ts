import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { GRANTED, type Side, startOurs, startTheirs } from './two-slacks.ts';

/**
 * The same calls against the stand-in and against another's emulation of Slack, compared by what a client can
 * tell. Where the two differ, both answers are written down with the reason: a difference that appears or goes is news.
 */

let ours: Side;
let theirs: Side;

before(async () => {
  ours = await startOurs();
  theirs = await startTheirs();
});

after(async () => {
  await ours.close();
  await theirs.close();
});

const HttpError = z.object({ code: z.literal('slack_webapi_http_error'), statusCode: z.number() });
const PlatformError = z.object({
  data: z.looseObject({ error: z.string(), needed: z.string().optional(), provided: z.string().optional() }),
});

/** The code of the refusal, with what was needed where that was said. */
async function refusedWith(calling: Promise<unknown>): Promise<unknown> {
  try {
    await calling;
    return 'taken';
  } catch (error) {
    const overHttp = HttpError.safeParse(error);
    if (overHttp.success) return `HTTP ${overHttp.data.statusCode}`;
    const { data } = PlatformError.parse(error);
    return data.needed === undefined ? data.error : [data.error, data.needed, data.provided];
  }
}

const looksLikeTs = (ts: string | undefined) => /^\d{10}\.\d{6}$/.test(ts ?? '');
const SECTION = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'b' } };
const METADATA = { event_type: 'registry_doctor', event_payload: { key: 'k' } };

type Scenario = readonly [name: string, run: (side: Side) => Promise<unknown>];

/** Calls in which the two have to agree. */
const AGREED: readonly Scenario[] = [
  [
    'auth.test tells whose token it is',
    async ({ client, ids }) => {
      const { ok, team_id, user_id, bot_id, url } = await client.auth.test();
      return [ok, team_id === ids.team, user_id === ids.botUser, bot_id === ids.bot, /^https:.*\/$/.test(url ?? '')];
    },
  ],
  ['a call without a token', ({ withToken }) => refusedWith(withToken('').auth.test())],
  [
    'a message is posted and given back',
    async ({ client, ids }) => {
      const { ok, channel, ts, message } = await client.chat.postMessage({ channel: ids.channel, text: 'hello' });
      const isTheirs = message?.user === ids.botUser && message?.ts === ts && channel === ids.channel;
      return [ok, isTheirs, looksLikeTs(ts), message?.type, message?.text, message?.thread_ts];
    },
  ],
  [
    'blocks and metadata are given back',
    async ({ client, ids }) => {
      const said = { channel: ids.channel, text: 't', blocks: [SECTION], metadata: METADATA };
      const { message } = await client.chat.postMessage(said);
      const [block] = message?.blocks ?? [];
      return [message?.text, block?.type, message?.metadata];
    },
  ],
  [
    'a reply names its thread, and the first message counts its replies',
    async ({ client, ids: { channel, botUser } }) => {
      const root = await client.chat.postMessage({ channel, text: 'root' });
      const ts = root.ts ?? '';
      const reply = await client.chat.postMessage({ channel, text: 'reply', thread_ts: ts });
      const { ok, messages = [], has_more } = await client.conversations.replies({ channel, ts });
      const [first, second] = messages;
      return [
        reply.message?.thread_ts === ts,
        [ok, has_more, messages.map(({ text }) => text)],
        [first?.reply_count, first?.reply_users?.join() === botUser, second?.thread_ts === ts],
      ];
    },
  ],
  [
    'metadata can be read back from a thread',
    async ({ client, ids: { channel } }) => {
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'marked', metadata: METADATA });
      const { messages } = await client.conversations.replies({ channel, ts, include_all_metadata: true });
      return messages?.map(({ metadata }) => metadata);
    },
  ],
  [
    'an update changes text and blocks, and keeps the ts',
    async ({ client, ids: { channel } }) => {
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'old', blocks: [SECTION] });
      const updated = await client.chat.update({ channel, ts, text: 'new', blocks: [SECTION, SECTION] });
      return [
        updated.ok,
        updated.ts === ts,
        updated.channel === channel,
        updated.text,
        updated.message?.blocks?.length,
      ];
    },
  ],
  [
    'an update with only text removes the blocks and leaves the metadata',
    async ({ client, ids: { channel } }) => {
      const said = { channel, text: 'old', blocks: [SECTION], metadata: METADATA };
      const { ts = '' } = await client.chat.postMessage(said);
      await client.chat.update({ channel, ts, text: 'new' });
      const { messages } = await client.conversations.replies({ channel, ts, include_all_metadata: true });
      return messages?.map(({ text, blocks, metadata }) => [text, blocks?.length, metadata]);
    },
  ],
  ['an empty message', ({ client, ids }) => refusedWith(client.chat.postMessage({ channel: ids.channel, text: '' }))],
  ['a missing channel', ({ client }) => refusedWith(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }))],
  [
    'an archived channel',
    ({ client, ids }) => refusedWith(client.chat.postMessage({ channel: ids.archived, text: 'x' })),
  ],
  [
    'an update of no message',
    ({ client, ids }) => refusedWith(client.chat.update({ channel: ids.channel, ts: '1700000000.000001', text: 'x' })),
  ],
  [
    'an update of another author’s message',
    ({ client, ids, foreignTs }) => refusedWith(client.chat.update({ channel: ids.channel, ts: foreignTs, text: 'x' })),
  ],
  [
    'text beyond 40,000 characters is cut off, with a warning',
    async ({ client, ids }) => {
      const posted = await client.chat.postMessage({ channel: ids.channel, text: 'x'.repeat(40_001) });
      return [posted.message?.text?.length, posted.warning, posted.response_metadata?.warnings];
    },
  ],
  [
    'metadata that is not an object',
    ({ client, ids }) =>
      refusedWith(client.apiCall('chat.postMessage', { channel: ids.channel, text: 'x', metadata: '[]' })),
  ],
  [
    'an ephemeral message is accepted and given a ts',
    async ({ client, ids }) => {
      const said = { channel: ids.channel, user: ids.member, text: 'psst' };
      const { ok, message_ts } = await client.chat.postEphemeral(said);
      return [ok, looksLikeTs(message_ts)];
    },
  ],
  [
    'an ephemeral message to a missing user',
    ({ client, ids }) =>
      refusedWith(client.chat.postEphemeral({ channel: ids.channel, user: ids.outsider, text: 'psst' })),
  ],
  [
    'the bot sees that it is in a channel',
    async ({ client, ids }) => {
      const { ok, channel } = await client.conversations.info({ channel: ids.channel });
      const { is_member, is_archived, is_private, is_im, is_channel } = channel ?? {};
      return [
        ok,
        channel?.id === ids.channel,
        channel?.name,
        { is_member, is_archived, is_private, is_im, is_channel },
      ];
    },
  ],
  ['info of no channel', ({ client }) => refusedWith(client.conversations.info({ channel: 'C0NOWHERE' }))],
  [
    'a history comes newest first, in pages, without replies',
    async ({ client, ids: { otherChannel: channel } }) => {
      const [first] = await Promise.all([client.chat.postMessage({ channel, text: 'a' })]);
      await client.chat.postMessage({ channel, text: 'reply', thread_ts: first.ts ?? '' });
      for (const text of ['b', 'c']) await client.chat.postMessage({ channel, text });
      const page = await client.conversations.history({ channel, limit: 2 });
      const cursor = page.response_metadata?.next_cursor ?? '';
      const rest = await client.conversations.history({ channel, limit: 1, cursor });
      return [page.messages?.map(({ text }) => text), page.has_more, rest.messages?.map(({ text }) => text)];
    },
  ],
  ['the history of no channel', ({ client }) => refusedWith(client.conversations.history({ channel: 'C0NOWHERE' }))],
  [
    'direct messages are opened',
    async ({ client, ids }) => {
      const { ok, channel } = await client.conversations.open({ users: ids.member });
      return [ok, /^D/.test(channel?.id ?? '')];
    },
  ],
  [
    'a user and what kind of account it is',
    async ({ client, ids }) => {
      const { ok, user } = await client.users.info({ user: ids.member });
      return [ok, user?.id === ids.member, user?.team_id === ids.team, user?.name, user?.deleted, user?.is_bot];
    },
  ],
  ['no such user', ({ client }) => refusedWith(client.users.info({ user: 'U0NOBODY' }))],
  [
    'a scope that was not granted, with what is needed',
    ({ poorClient, ids }) => refusedWith(poorClient.chat.postMessage({ channel: ids.channel, text: 'x' })),
  ],
  [
    'a trigger that was never given out',
    ({ client }) => {
      const title = { type: 'plain_text' as const, text: 'T' };
      return refusedWith(client.views.open({ trigger_id: '1.2.a', view: { type: 'modal', title, blocks: [SECTION] } }));
    },
  ],
];

/** Calls in which they differ: what ours answers, what theirs answers, and why ours is as it is. */
const DIFFERENT: readonly (readonly [...Scenario, ours: unknown, theirs: unknown, why: string])[] = [
  [
    'an unknown token',
    ({ withToken }) => refusedWith(withToken('xoxb-unknown').auth.test()),
    'invalid_auth',
    'taken',
    'theirs takes any token for that of a developer',
  ],
  [
    'a post to a public channel without the bot',
    ({ client, ids }) => refusedWith(client.chat.postMessage({ channel: ids.without, text: 'x' })),
    'not_in_channel',
    'taken',
    'Slack wants chat:write.public for that; theirs lets everybody write into public channels',
  ],
  [
    'a call without its channel',
    ({ client }) => refusedWith(client.apiCall('chat.postMessage', { text: 'x' })),
    'invalid_arguments',
    'channel_not_found',
    'Slack checks required arguments first, by the schema of the method',
  ],
  [
    'an update in a channel that is not there',
    ({ client }) => refusedWith(client.chat.update({ channel: 'C0NOWHERE', ts: '1700000000.000001', text: 'x' })),
    'channel_not_found',
    'message_not_found',
    'Slack documents this code for chat.update',
  ],
  [
    'the replies to a message that is not there',
    ({ client, ids }) => refusedWith(client.conversations.replies({ channel: ids.channel, ts: '1700000000.000001' })),
    'thread_not_found',
    'taken',
    'Slack documents this code; theirs answers with no messages',
  ],
  [
    'a reply to a message that is not there',
    ({ client, ids }) =>
      refusedWith(client.chat.postMessage({ channel: ids.channel, text: 'x', thread_ts: '1.000001' })),
    'thread_not_found',
    'taken',
    'Slack documents nothing, and a bot that does this has lost its thread',
  ],
  [
    'metadata without its payload',
    ({ client, ids }) => {
      const metadata = '{"event_type":"a"}';
      return refusedWith(client.apiCall('chat.postMessage', { channel: ids.channel, text: 'x', metadata }));
    },
    'invalid_metadata_schema',
    'taken',
    'Slack documents this code; theirs looks for an object only',
  ],
  [
    'metadata without a request for it',
    async ({ client, ids: { channel } }) => {
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'marked', metadata: METADATA });
      return (await client.conversations.replies({ channel, ts })).messages?.[0]?.metadata;
    },
    undefined,
    METADATA,
    'Slack gives it back with include_all_metadata alone; theirs always does',
  ],
  [
    'a section without text',
    ({ client, ids }) =>
      refusedWith(client.apiCall('chat.postMessage', { channel: ids.channel, blocks: [{ type: 'section' }] })),
    'invalid_blocks',
    'taken',
    'theirs checks no block',
  ],
  [
    'text of an update beyond 4,000 characters',
    async ({ client, ids: { channel } }) => {
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'old' });
      return refusedWith(client.chat.update({ channel, ts, text: 'x'.repeat(4001) }));
    },
    'msg_too_long',
    'taken',
    'Slack documents this limit for chat.update',
  ],
  [
    'who posted a message',
    async ({ client, ids: { channel, bot } }) => {
      const { message } = await client.chat.postMessage({ channel, text: 'hello' });
      return [message?.bot_id === bot, message?.app_id];
    },
    [true, 'A0DOCTOR'],
    [false, undefined],
    'theirs leaves out that a bot posted it',
  ],
  [
    'the scopes that the token has',
    async ({ client }) => (await client.auth.test()).response_metadata?.scopes,
    GRANTED,
    undefined,
    'Slack names them in a header of every answer; theirs in none',
  ],
  [
    'a kind of token that the method does not take',
    ({ client }) => refusedWith(client.apps.connections.open()),
    'not_allowed_token_type',
    'HTTP 404',
    'theirs has no Socket Mode',
  ],
  [
    'a user group that is not there',
    ({ client }) => refusedWith(client.usergroups.users.list({ usergroup: 'S0NONE' })),
    'no_such_subteam',
    'HTTP 404',
    'theirs has no user groups',
  ],
  [
    'an unknown method',
    ({ client }) => refusedWith(client.apiCall('chat.whistle')),
    'unknown_method',
    'HTTP 404',
    'Slack answers 200 with this code',
  ],
];

for (const [name, run] of AGREED) {
  test(`the stand-in Slack gives the same answer as the npm package “emulate”: ${name}`, async () => {
    const answer = await run(ours);
    assert.notEqual(answer, undefined);
    assert.deepEqual(answer, await run(theirs));
  });
}

for (const [name, run, ourAnswer, theirAnswer, why] of DIFFERENT) {
  test(`the stand-in Slack answers differently from emulate on purpose: ${name} (${why})`, async () => {
    assert.deepEqual(await run(ours), ourAnswer);
    assert.deepEqual(await run(theirs), theirAnswer);
  });
}
