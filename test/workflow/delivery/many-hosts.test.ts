import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crowdedChannel, failAtOnce } from '../../support/crowded-channel.ts';

const HOSTS = 20;
const BUTTONS_WITHIN_MS = 25_000;
/** Generous: how long it took is asserted. */
const LIMIT_MS = 120_000;

test(`when ${HOSTS} hosts fail at once, every plan can be approved within 25 s, and Slack refuses hardly anything`, async (context) => {
  const channel = await crowdedChannel();
  context.after(channel.close);
  const { slack, plans } = channel;
  const startedAt = Date.now();
  await failAtOnce(channel, HOSTS);
  await slack.waitUntil('every Approve button', () => plans().length === HOSTS, LIMIT_MS);
  const shownAfterMs = Date.now() - startedAt;
  assert.ok(shownAfterMs <= BUTTONS_WITHIN_MS, `the last button came after ${shownAfterMs} ms`);
  const tries = slack.calls('chat.postMessage');
  const posts = tries.filter(({ answer }) => answer.ok);
  assert.ok(tries.length <= 1.1 * posts.length, `${tries.length} tries for ${posts.length} posts`);
  assert.deepEqual([slack.calls('conversations.history'), slack.calls('conversations.replies')], [[], []]);
});

test('from the fifth host on, one summary holds the plans in its thread', async (context) => {
  const channel = await crowdedChannel();
  context.after(channel.close);
  const { slack, plans, inChannel } = channel;
  await failAtOnce(channel, 7);
  await slack.waitUntil('every Approve button', () => plans().length === 7, LIMIT_MS);
  const summary = inChannel().find(({ text }) => text.startsWith('7 hosts have new incidents: git01, git02,'));
  assert.ok(summary, slack.transcript());
  assert.equal(plans().filter(({ threadTs }) => threadTs === summary.ts).length, 3);
  assert.equal(inChannel().length, 5);
});
