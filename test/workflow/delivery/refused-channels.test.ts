import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { RefusedChannels } from '../../../src/workflow/delivery/refused-channels.ts';
import { openPostgresAt, RecordServer } from '../../store/open-postgres.ts';
import { CHANNEL, INCIDENT_CHANNEL, startDelivery } from '../../support/bots/simulated-delivery.ts';
import { skipUnless } from '../../support/requirements.ts';
import { postsIn } from '../../support/slack/shown-posts.ts';

/** The longest pause of a message, and some. */
const SOON_MS = 180_000;
const ARCHIVED = { isArchived: true };
const OPEN = { isArchived: false };

type Delivery = Awaited<ReturnType<typeof startDelivery>>;

function toldIn({ slack }: Delivery): readonly string[] {
  return postsIn(slack, INCIDENT_CHANNEL).map(({ text }) => text);
}

test('the incident channel is told once that another channel is archived, all of it follows in order once it is not, and it is told again the next time', async (t) => {
  const delivery = await startDelivery(t);
  const { slack, clock } = delivery;
  const earlier = await delivery.tell(2);
  await clock.pass(SOON_MS);
  assert.deepEqual(toldIn(delivery), []);
  slack.changeChannel(CHANNEL, ARCHIVED);
  const meanwhile = await delivery.tell(3);
  await clock.pass(SOON_MS);
  const first = 'I can’t post in <#C0OPS>: the channel is archived.';
  assert.deepEqual(toldIn(delivery), [`${first} 3 messages wait.`]);
  const later = await delivery.tell(2);
  await clock.pass(10 * SOON_MS);
  assert.deepEqual(toldIn(delivery), [`${first} 5 messages wait.`]);
  assert.deepEqual(await delivery.keysInSlack(), earlier);

  slack.changeChannel(CHANNEL, OPEN);
  await clock.pass(SOON_MS);
  assert.deepEqual(await delivery.keysInSlack(), [...earlier, ...meanwhile, ...later]);
  assert.deepEqual(toldIn(delivery), ['I can post again in <#C0OPS>.']);

  slack.changeChannel(CHANNEL, ARCHIVED);
  await delivery.tell(1);
  await clock.pass(SOON_MS);
  assert.deepEqual(toldIn(delivery), ['I can post again in <#C0OPS>.', `${first} 1 message waits.`]);
});

test('the incident channel is told that the bot was removed from a channel, with the way back', async (t) => {
  const delivery = await startDelivery(t);
  delivery.slack.changeChannel(CHANNEL, { members: ['U0ALICE'] });
  await delivery.tell(1);
  await delivery.clock.pass(SOON_MS);
  const [post] = delivery.slack.messages(INCIDENT_CHANNEL);
  assert.match(post?.text ?? '', /^I can’t post in <#C0OPS>: I’m not in the channel, or it was deleted/);
  assert.match(JSON.stringify(post?.blocks), /\/invite @registry-doctor/);
});

test('another bot that goes on with the delivery to a channel that refuses tells no one a second time, and tells the end', async (t) => {
  const delivery = await startDelivery(t);
  delivery.slack.changeChannel(CHANNEL, ARCHIVED);
  const keys = await delivery.tell(2);
  await delivery.clock.pass(SOON_MS);
  await delivery.moveTurn();
  await delivery.clock.pass(SOON_MS);
  assert.equal(toldIn(delivery).length, 1);
  await delivery.moveTurn();
  delivery.slack.changeChannel(CHANNEL, OPEN);
  await delivery.clock.pass(SOON_MS);
  assert.deepEqual(toldIn(delivery), ['I can post again in <#C0OPS>.']);
  assert.deepEqual(await delivery.keysInSlack(), keys);
});

test('of the incident channel itself only the log and the backlog tell', async (t) => {
  const delivery = await startDelivery(t, { incidentChannel: CHANNEL });
  delivery.slack.changeChannel(CHANNEL, ARCHIVED);
  const keys = await delivery.tell(1);
  await delivery.clock.pass(SOON_MS);
  assert.equal((await delivery.outbox.backlog()).messages, keys.length);
  assert.match(delivery.told(), /Slack did not take a message; trying again/);
  delivery.slack.changeChannel(CHANNEL, OPEN);
  await delivery.clock.pass(SOON_MS);
  assert.deepEqual(await delivery.keysInSlack(), keys);
});

test('a channel that takes edits and no posts still refuses, until it takes a post', async (t) => {
  const { store, clock, log } = await startDelivery(t);
  const settings = { incidentChannel: ChannelId.parse(INCIDENT_CHANNEL) };
  const channel = ChannelId.parse(CHANNEL);
  const channels = new RefusedChannels({ store, clock, log, settings });
  const notice = async (number: number) => {
    const said = await store.transact((tx) => tx.notice(`channel-refused:${channel}:${number}`));
    return said?.kind === 'channel-refused' ? said : null;
  };
  await channels.refused(channel, 'edit', 'no-access');
  await channels.refused(channel, 'post', 'no-access');
  await channels.took(channel, 'edit');
  await channels.refused(channel, 'post', 'no-access');
  assert.deepEqual([(await notice(1))?.overAt, await notice(2)], [null, null]);
  await channels.took(channel, 'post');
  assert.notEqual((await notice(1))?.overAt, null);
  await channels.refused(channel, 'edit', 'archived');
  await channels.took(channel, 'edit');
  assert.deepEqual([(await notice(2))?.why, (await notice(2))?.overAt === null], ['archived', false]);
});

test('two bots that find a channel refusing at once put one notice each time on a record on Postgres', {
  skip: skipUnless('postgres'),
}, async (t) => {
  const place = await new RecordServer().place();
  const settings = { incidentChannel: ChannelId.parse(INCIDENT_CHANNEL) };
  const channel = ChannelId.parse(CHANNEL);
  const log = createLog('silent');
  const opened = [await openPostgresAt(t, place), await openPostgresAt(t, place)];
  const bots = opened.map(({ store, clock }) => new RefusedChannels({ store, clock, log, settings }));
  for (let round = 1; round <= 5; round += 1) {
    await Promise.all(bots.map((bot) => bot.refused(channel, 'post', 'archived')));
    await Promise.all(bots.map((bot) => bot.took(channel, 'post')));
  }
  const [{ store } = assert.fail()] = opened;
  const notices = await store.transact(async (tx) => [
    await tx.notice(`channel-refused:${channel}:5`),
    await tx.notice(`channel-refused:${channel}:6`),
  ]);
  assert.deepEqual([notices[0]?.kind, notices[1]], ['channel-refused', null]);
});
