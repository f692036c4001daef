import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import type { Messenger } from '../../../src/workflow/ports/messages.ts';
import { databasePath } from '../../store/open-store.ts';
import { ALICE, auditDraft, GIT01, recordLine } from '../../store/samples.ts';
import { onlyTurn } from '../../support/bots/only-turn.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { unhurried } from '../../support/bots/unhurried-outbox.ts';
import { roundsOf } from '../../support/campaign.ts';
import { postsIn } from '../../support/slack/shown-posts.ts';
import { english } from '../../support/words/english.ts';

const CHANNEL = 'C0OPS';
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

/** Delivery of one incident's thread from a real store to Slack's stand-in, in simulated time. */
async function startDelivery(t: TestContext) {
  const clock = new SimulatedClock(new Date('2026-11-23T14:02:00Z'));
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  const { store, outbox, close } = await openSqliteStore(`sqlite:${await databasePath(t)}`, { clock });
  const silent = createLog('silent');
  const messengerFor = (botToken: string) =>
    new SlackMessenger(createSlackClients({ botToken, slackApiUrl: slack.apiUrl, log: silent }), silent, english);
  let messenger = messengerFor(slack.credentials.botToken);
  const current: Messenger = { pace: messenger.pace, deliver: (message) => clock.working(messenger.deliver(message)) };
  let told = '';
  const note = (_: unknown, text?: string) => {
    told += `${text}\n`;
  };
  const log: Log = { debug: () => {}, info: () => {}, warn: note, error: note, child: () => log };
  const stop = new AbortController();
  const wake = new Wake();
  const post = { outbox: unhurried(outbox, clock), messenger: current, clock, log, wake };
  const delivering = deliverMessagesUntil(onlyTurn(stop.signal), post);
  t.after(async () => {
    stop.abort();
    await delivering;
    await close();
  });
  const request = { host: GIT01, channel: ChannelId.parse(CHANNEL), openedBy: ALICE, requestKey: 'request-1' };
  const { incident } = await store.transact((tx) => openIncident(tx, { ...request, now: clock.now() }));
  let isFirst = true;
  return {
    ...{ clock, slack, outbox },
    told: () => told,
    useToken: (token: string) => {
      messenger = messengerFor(token);
    },
    /** Adds so many entries, and resolves to the keys of what the thread is to show of them. */
    tell: async (entries: number): Promise<readonly string[]> => {
      const keys = isFirst ? [`status:${incident.id}`] : [];
      isFirst = false;
      for (let left = entries; left > 0; left -= 1) {
        const { key } = await store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
        keys.push(key);
      }
      wake.ring();
      return keys;
    },
    keysInSlack: async () => postsIn(slack, CHANNEL).flatMap(({ keys }) => keys),
  };
}
