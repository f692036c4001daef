import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { createLog } from '../../../src/log.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { removePost } from '../../../src/slack/delivery/remove-post.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { undoLate } from '../../../src/workflow/delivery/undo-late.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import type { Messenger, PendingMessage } from '../../../src/workflow/ports/messages.ts';
import { editStatus } from '../../../src/workflow/record/messages.ts';
import { openSqlite } from '../../store/open-store.ts';
import { openIncident, statusMessage } from '../../store/samples.ts';
import { onlyTurn } from '../../support/bots/only-turn.ts';
import { english } from '../../support/words/english.ts';

/** A bot that is stopped in the middle of a request to Slack, and goes on when another bot has delivered long ago. */

const CHANNEL = ChannelId.parse('C0OPS');
const log = createLog('silent');

async function scene(t: TestContext) {
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  const { store, outbox } = await openSqlite(t);
  const { botToken } = slack.credentials;
  const clients = createSlackClients({ botToken, slackApiUrl: slack.apiUrl, log });
  const messenger = new SlackMessenger(clients, log, english);
  const incident = await openIncident(store, { channel: CHANNEL });
  const put = (stage: 'connecting' | 'judging') =>
    store.transact(async (tx) => {
      await tx.putMessage(statusMessage(incident));
      await editStatus(tx, incident.id, { stage });
    });
  await put('connecting');
  const needs = {
    outbox,
    removePost: (channel: string, ts: string) => removePost(clients.messages, channel, ts),
    clock: systemClock,
    log,
  };
  /** Another bot delivers everything. */
  const deliverAll = async (through: Messenger = messenger) => {
    const stop = new AbortController();
    stop.abort();
    await deliverMessagesUntil(onlyTurn(stop.signal), {
      outbox,
      messenger: through,
      clock: systemClock,
      log,
      wake: new Wake(),
    });
  };
  const undo = (message: PendingMessage, ts: string) => undoLate(new AbortController().signal, needs, message, ts);
  const posts = () => slack.messages(CHANNEL);
  return { incident, outbox, messenger, put, deliverAll, undo, posts };
}

const [first] = [0];

test('a post that another bot has made meanwhile is removed, also when that comes to light only later', async (t) => {
  const { outbox, messenger, deliverAll, undo, posts } = await scene(t);
  const message = (await outbox.pending(1, new Date()))[first] ?? assert.fail();
  const late = await messenger.deliver(message);
  assert.ok(late.kind === 'delivered');
  const undone = undo(message, late.ts);
  await sleep(50);
  assert.equal(posts().length, 1, 'it is not removed before another one is there');
  // It has looked for the post just before, and found none.
  await deliverAll();
  await undone;
  assert.equal(posts().length, 1);
  assert.equal(posts()[first]?.ts, await outbox.shownAs(message.key));
  assert.notEqual(posts()[first]?.ts, late.ts);
});

test('a post that another bot has found in Slack stays', async (t) => {
  const { outbox, messenger, deliverAll, undo, posts } = await scene(t);
  const message = (await outbox.pending(1, new Date()))[first] ?? assert.fail();
  await outbox.markTrying(message.key);
  const late = await messenger.deliver(message);
  assert.ok(late.kind === 'delivered');
  await deliverAll();
  await undo(message, late.ts);
  assert.deepEqual(
    posts().map(({ ts }) => ts),
    [late.ts],
  );
});

test('after a late edit the newest version is delivered again', async (t) => {
  const { outbox, messenger, put, deliverAll, undo, posts } = await scene(t);
  await deliverAll();
  await put('judging');
  const older = (await outbox.pending(1, new Date()))[first] ?? assert.fail();
  await deliverAll();
  await put('connecting');
  await deliverAll();
  const shown = posts()[first]?.text;
  const late = await messenger.deliver(older);
  assert.ok(late.kind === 'delivered');
  await undo(older, late.ts);
  await deliverAll();
  assert.equal(posts()[first]?.text, shown);
  assert.equal(posts().length, 1);
});

test('a bot that has lost the turn hands over what it still delivered, and posts nothing more', async (t) => {
  const { outbox, messenger, incident, posts } = await scene(t);
  let isOurs = true;
  const lates: string[] = [];
  const stop = new AbortController();
  const turn = { stop: stop.signal, isMoving: () => stop.signal.aborted, isOurs: () => isOurs, yield: () => {} };
  const lose: Messenger = {
    pace: messenger.pace,
    deliver: (message) => {
      isOurs = false;
      stop.abort();
      return messenger.deliver(message);
    },
  };
  const post = { outbox, messenger: lose, clock: systemClock, log, wake: new Wake() };
  await deliverMessagesUntil(turn, { ...post, late: ({ key }) => lates.push(key) });
  assert.equal(lates.length, 1);
  // As if its turn had ended before.
  await outbox.deliverAgain(`status:${incident.id}`);
  await deliverMessagesUntil(turn, post);
  assert.equal(lates.length, 1);
  assert.equal(posts().length, 1);
});

test('a bot to which Slack gives no answer for fifteen seconds lets another one deliver', async (t) => {
  const { outbox, messenger } = await scene(t);
  let now = Date.now();
  const clock = { now: () => new Date(now), sleep: async () => {} };
  const stop = new AbortController();
  const seconds: number[] = [];
  const silent: Messenger = {
    pace: messenger.pace,
    deliver: async () => {
      seconds.push((now - begin) / 1_000);
      const delivery = {
        kind: 'retry',
        afterMs: 0,
        why: { kind: 'no-answer', why: { code: 'failed', said: 'ECONNRESET' } },
        doubt: 'not-posted',
      } as const;
      now += 5_000;
      return delivery;
    },
  };
  const begin = now;
  const turn = { ...onlyTurn(stop.signal), isMoving: () => stop.signal.aborted, yield: () => stop.abort() };
  await deliverMessagesUntil(turn, { outbox, messenger: silent, clock, log, wake: new Wake() });
  assert.deepEqual(seconds, [0, 5, 10, 15]);
});
