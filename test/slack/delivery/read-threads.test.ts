import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { readThreads } from '../../../src/slack/delivery/read-threads.ts';

const CHANNEL = ChannelId.parse('C0INCIDENTS');
const OWN = { user: 'U0BOT', bot_id: 'B0BOT' };
const MARKED = { event_type: 'registry_doctor', event_payload: { key: 'status:1' } };

/** What is read of a channel that has these posts and no thread. */
async function readingOf(t: TestContext, messages: readonly object[]) {
  const answers: Record<string, object> = {
    '/auth.test': { user_id: OWN.user, bot_id: OWN.bot_id },
    '/conversations.history': { messages },
  };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, ...answers[request.url ?? ''] }));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new WebClient('xoxb-1', { slackApiUrl: `http://127.0.0.1:${port}/` });
  const { posts, unread } = await readThreads(client, [], CHANNEL);
  assert.deepEqual(unread, []);
  return posts;
}

test('every post of the bot is read, with its mark or without, and no one else’s', async (t) => {
  const posts = await readingOf(t, [
    { ...OWN, ts: '1.1', text: 'git01: healthy', metadata: MARKED },
    { ...OWN, ts: '1.2', text: 'Approved by Bob' },
    { ...OWN, ts: '1.3', text: 'Approved by Bob', files: [{ id: 'F1' }] },
    { user: 'U0ALICE', ts: '1.4', text: 'git01: healthy', metadata: MARKED },
    { ...OWN, ts: '1.5', text: 'The bot joined', subtype: 'channel_join' },
  ]);
  assert.deepEqual(
    posts.map(({ ts, keys }) => [ts, keys]),
    [
      ['1.1', ['status:1']],
      ['1.2', []],
      ['1.3', []],
    ],
  );
});

test('a post that is only a file is none of the record’s messages', async (t) => {
  assert.deepEqual(await readingOf(t, [{ ...OWN, ts: '1.1', text: '', files: [{ id: 'F1', name: 'plan.txt' }] }]), []);
});

test('an attachment is told from what Slack finds itself behind a link', async (t) => {
  const text = 'https://example.com';
  const posts = await readingOf(t, [
    { ...OWN, ts: '1.1', text, metadata: MARKED, attachments: [{ from_url: text, title: 'Example' }] },
    {
      ...OWN,
      ts: '1.2',
      text,
      metadata: MARKED,
      attachments: [{ fallback: 'Bob approved it', text: 'Bob approved it' }],
    },
  ]);
  assert.deepEqual(
    posts.map(({ hasAttachment }) => hasAttachment),
    [false, true],
  );
});
