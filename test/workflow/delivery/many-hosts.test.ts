import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { SLACK_RATES } from '../../../src/playground/slack/faults.ts';
import { SLACK_PACE } from '../../../src/slack/delivery/slack-pace.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { ChannelPacer } from '../../../src/workflow/delivery/channel-pacer.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import type { Messenger, PendingMessage } from '../../../src/workflow/ports/messages.ts';
import { onlyTurn } from '../../support/bots/only-turn.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { unhurried } from '../../support/bots/unhurried-outbox.ts';
import { crowdedChannel, failAtOnce } from '../../support/slack/crowded-channel.ts';

const HOSTS = 20;
/** Generous: nothing depends on how long it takes. `npm run bench` measures that. */
const LIMIT_MS = 120_000;

/** How long a call of Slack takes, and for how long everything is delivered. */
const CALL_MS = 150;
const ALL_MS = 300_000;

test(`when ${HOSTS} hosts fail at once, the bot posts every plan before diagnoses and audit messages, and Slack refuses few posts`, async (context) => {
  const { posted, tries, lookUps, put } = await simulated(context);
  assert.equal(
    put,
    posted.reduce((sum, { folded = [] }) => sum + 1 + folded.length, 0),
    'everything is posted once',
  );
  assert.ok(tries <= 1.1 * posted.length, `${tries} tries for ${posted.length} posts`);
  assert.equal(lookUps, 0);
  const kinds = posted.map(({ body }) => body.kind);
  assert.equal(kinds[0], 'summary', kinds.join(' '));
  const untilLastPlan = Object.groupBy(kinds.slice(0, kinds.lastIndexOf('plan') + 1), (kind) => kind);
  assert.deepEqual(
    Object.entries(untilLastPlan).map(([kind, all]) => [kind, all.length]),
    [
      ['summary', 1],
      ['status', 4],
      ['plan', HOSTS],
    ],
    kinds.join(' '),
  );
});

/** Everything is put before the delivery begins. Time passes only when all wait for it. */
async function simulated(context: TestContext) {
  const clock = new SimulatedClock(new Date('2026-11-23T14:02:00Z'));
  const directory = await mkdtemp(join(tmpdir(), 'rd-many-hosts-'));
  const store = await openSqliteStore(`sqlite:${join(directory, 'record.db')}`, { clock });
  context.after(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const wake = new Wake();
  await failAtOnce({ store, wake }, HOSTS, clock);
  const put = (await store.outbox.backlog()).messages;
  const slack = limitedSlack(clock);
  const stop = new AbortController();
  const post = {
    outbox: unhurried(store.outbox, clock),
    messenger: slack.messenger,
    clock,
    log: createLog('silent'),
    wake,
  };
  const running = deliverMessagesUntil(onlyTurn(stop.signal), post);
  await clock.pass(ALL_MS);
  assert.equal((await store.outbox.backlog()).messages, 0);
  stop.abort();
  await running;
  return { ...slack.seen, put };
}

/** Slack's limit on posts, by the simulated clock. A look-up is what a message that might be posted needs. */
function limitedSlack(clock: SimulatedClock) {
  const { posts = assert.fail(), edits = assert.fail() } = SLACK_RATES;
  const limits = new ChannelPacer({ posts, edits }, clock);
  const seen = { posted: [] as PendingMessage[], tries: 0, lookUps: 0 };
  const messenger: Messenger = {
    pace: SLACK_PACE,
    deliver: async (message) => {
      seen.tries += 1;
      if (message.maybePosted) seen.lookUps += 1;
      await clock.sleep(CALL_MS);
      if (limits.room(message.channel, 'post') === 0) {
        const why = { kind: 'rate-limited', afterMs: 1_000 } as const;
        return { kind: 'retry', afterMs: 1_000, why, doubt: 'not-posted', pausesChannel: true };
      }
      limits.take(message.channel, 'post');
      seen.posted.push(message);
      return { kind: 'delivered', ts: `1.${seen.posted.length}` };
    },
  };
  return { messenger, seen };
}

test('if more than four hosts fail together, the plans of the fifth and later ones go into the thread of one summary', async (context) => {
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
