import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { CHANNEL, startDelivery } from '../../support/bots/simulated-delivery.ts';
import { roundsOf } from '../../support/campaign.ts';

/** How long the trouble lasts: an hour in a campaign. */
const MINUTES = roundsOf(5, 60);
const TROUBLE_MS = MINUTES * 60_000;
/** The longest pause of a message, and some. */
const SOON_MS = 180_000;

type Delivery = Awaited<ReturnType<typeof startDelivery>>;

/** What can be wrong with Slack for long. */
const TROUBLES: Record<string, { begin: (of: Delivery) => unknown; end: (of: Delivery) => unknown }> = {
  'Slack is away': {
    begin: ({ slack }) => slack.outage('refused'),
    end: ({ slack }) => slack.outage(null),
  },
  'Slack answers 503': {
    begin: ({ slack }) => slack.outage('http-503'),
    end: ({ slack }) => slack.outage(null),
  },
  'Slack answers 429 to everything': {
    begin: ({ slack }) => limit(slack, Number.MAX_SAFE_INTEGER),
    end: ({ slack }) => limit(slack, 0),
  },
  'the token is revoked': {
    begin: (of) => of.useToken('xoxb-revoked'),
    end: (of) => of.useToken(of.slack.credentials.botToken),
  },
  'the channel is archived': {
    begin: ({ slack }) => slack.changeChannel(CHANNEL, { isArchived: true }),
    end: ({ slack }) => slack.changeChannel(CHANNEL, { isArchived: false }),
  },
  'the bot is removed from the channel': {
    begin: ({ slack }) => slack.changeChannel(CHANNEL, { members: ['U0ALICE'] }),
    end: ({ slack }) => slack.changeChannel(CHANNEL, { members: ['U0ALICE', 'U0DOCTOR'] }),
  },
};

function limit(slack: SlackStandIn, times: number): void {
  for (const method of ['chat.postMessage', 'chat.update']) slack.rateLimit(method, 30, times);
}

for (const [what, { begin, end }] of Object.entries(TROUBLES)) {
  test(`nothing is lost when ${what} for ${MINUTES} minutes: the log and the backlog tell, and all of it follows in order`, async (t) => {
    const delivery = await startDelivery(t);
    const earlier = await delivery.tell(2);
    await delivery.clock.pass(SOON_MS);
    await begin(delivery);
    const meanwhile = await delivery.tell(3);
    await delivery.clock.pass(TROUBLE_MS);
    assert.deepEqual(await delivery.keysInSlack(), earlier);
    const { messages, waitingSince } = await delivery.outbox.backlog();
    assert.ok(messages >= meanwhile.length);
    const waitedMs = delivery.clock.now().getTime() - Date.parse(waitingSince ?? '');
    assert.ok(waitedMs >= TROUBLE_MS);
    assert.match(delivery.told(), /Slack did not take a message; trying again/);
    await end(delivery);
    await delivery.clock.pass(SOON_MS);
    assert.deepEqual(await delivery.keysInSlack(), [...earlier, ...meanwhile]);
  });
}

test('a thread that someone deleted is posted again as a whole, in order and once, when the next entry follows', async (t) => {
  const delivery = await startDelivery(t);
  const { slack, clock } = delivery;
  const earlier = await delivery.tell(3);
  await clock.pass(SOON_MS);
  const [root] = slack.messages(CHANNEL);
  for (const { ts } of slack.thread(CHANNEL, root?.ts ?? '').toReversed()) slack.remove(CHANNEL, ts);
  assert.deepEqual(await delivery.keysInSlack(), []);
  const next = await delivery.tell(1);
  await clock.pass(SOON_MS);
  assert.deepEqual(await delivery.keysInSlack(), [...earlier, ...next]);
  assert.equal(slack.messages(CHANNEL).length, 1);
  assert.match(delivery.told(), /a thread is gone in Slack; it is posted again/);
});
