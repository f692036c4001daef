import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId, GroupId, UserId } from '../../../src/model/record/ids.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { planHashIn } from '../../../src/slack/cards/parts/plan-block.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import { shortHash } from '../../../src/words/short-hash.ts';
import type { PendingMessage } from '../../../src/workflow/ports/messages.ts';
import { english } from '../../support/words/english.ts';
import {
  INCIDENT,
  planMessage,
  recordMessage,
  statusMessage,
  unmonitoredMessage,
  wholeThread,
} from '../scenario-messages.ts';
import { startSlack } from '../start-slack.ts';

const CHANNEL = 'C0INCIDENTS';
const NOW = new Date().toISOString();

test('Slack accepts the bot’s whole thread of an incident, with metadata and without link previews', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  for (const [index, body] of wholeThread().slice(1).entries()) {
    const delivery = await messenger.deliver(inThread(rootTs, { key: `record:${index}`, body }));
    assert.equal(delivery.kind, 'delivered', `${body.kind}: ${JSON.stringify(delivery)}`);
  }
  assert.equal(slack.thread(CHANNEL, rootTs).length, wholeThread().length);
  for (const call of slack.calls('chat.postMessage')) {
    assert.equal(String(call.arguments['unfurl_links']), 'false');
    assert.equal(String(call.arguments['unfurl_media']), 'false');
    assert.equal(call.arguments['parse'], 'none');
  }
  assert.deepEqual(slack.messages(CHANNEL)[0]?.metadata, {
    event_type: 'registry_doctor',
    event_payload: { key: 'status:142' },
  });
});

test('the bot edits a message that it already posted instead of posting it again', async (context) => {
  const { slack, messenger } = await start(context);
  const ts = await deliverStatus(messenger);
  const delivery = await messenger.deliver(status({ ts, version: 2, body: statusMessage({ stage: 'judging' }) }));
  assert.equal(delivery.kind === 'delivered' && delivery.ts, ts);
  assert.equal(slack.messages(CHANNEL).length, 1);
  assert.equal(slack.messages(CHANNEL)[0]?.versions.length, 2);
});

test('Slack accepts the message about a host that can’t be checked, and the bot finds and edits it later', async (context) => {
  const { slack, messenger } = await start(context);
  const key = 'unmonitored:143';
  const openedAt = new Date().toISOString();
  const message = (change: Partial<PendingMessage>) =>
    status({ key, body: unmonitoredMessage({ openedAt }), ...change });
  slack.dropNextResponse('chat.postMessage');
  assert.equal((await messenger.deliver(message({}))).kind, 'retry');
  const posted = await messenger.deliver(message({ maybePosted: true }));
  assert.ok(posted.kind === 'delivered');
  const body = unmonitoredMessage({ openedAt, seenAgainAt: openedAt });
  assert.equal((await messenger.deliver(message({ ts: posted.ts, version: 2, body }))).kind, 'delivered');
  assert.equal(slack.messages(CHANNEL).length, 1);
  assert.match(slack.messages(CHANNEL)[0]?.text ?? '', /^git01: I can’t check the registry|^git01: I can check/);
});

test('each version of a card has a new block_id, so a click says which version of the plan it was on', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  const plan = inThread(rootTs, { key: 'plan:142-1', body: planMessage() });
  const first = await messenger.deliver(plan);
  assert.ok(first.kind === 'delivered');
  await messenger.deliver({ ...plan, ts: first.ts, version: 2 });
  const versions = slack.thread(CHANNEL, rootTs)[1]?.versions ?? [];
  const ids = versions.map(({ blocks }) => blocks.find(({ type }) => type === 'actions')?.block_id);
  assert.equal(new Set(ids).size, 2);
  for (const id of ids) assert.equal(planHashIn(id), planMessage().plan.hash);
});

test('a plan is shown in the channel as well only where it is to be, when it is posted and while it waits', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  const deliver = (key: string, body: PendingMessage['body'], ts: string | null = null) =>
    messenger.deliver(inThread(rootTs, { key, body, ts }));
  const shown = { ...planMessage(), broadcast: true as const };
  const posted = await deliver('plan:142-1', shown);
  assert.ok(posted.kind === 'delivered');
  await deliver('plan:142-1', shown, posted.ts);
  await deliver('plan:142-2', planMessage());
  await deliver('plan:142-3', { ...planMessage('expired'), broadcast: true });
  assert.deepEqual(
    slack.thread(CHANNEL, rootTs).map(({ isBroadcast }) => isBroadcast),
    [false, true, false, false],
  );
  const [edit = assert.fail()] = slack.calls('chat.update');
  assert.equal('reply_broadcast' in edit.arguments, false);
});

test('a fault that is back is shown in the channel as well as in the thread, and mentions who is on call', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  const body: PendingMessage['body'] = {
    kind: 'reopened',
    incidentId: planMessage().plan.incidentId,
    host: planMessage().plan.host,
    by: { kind: 'bot', part: 'watch' },
    at: NOW,
    onCall: { users: [], groups: [GroupId.parse('S0ONCALL')], isQuiet: false },
    record: planMessage().record,
  };
  await messenger.deliver(inThread(rootTs, { key: 'record:7', body }));
  const [, told] = slack.thread(CHANNEL, rootTs);
  assert.equal(told?.isBroadcast, true);
  assert.match(
    told?.text ?? '',
    /^git01 is broken again: incident 142 is open again, noticed by monitoring at <!date.*>\. On call: <!subteam\^S0ONCALL>\. /,
  );
});

test('Slack accepts a call to a plan that waits, and the call mentions its people', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  const { id, host, createdAt, expiresAt } = planMessage().plan;
  const people = { users: [UserId.parse('U0BOB')], groups: [GroupId.parse('S0APPROVERS')] };
  const call = {
    kind: 'call',
    plan: { id, host, createdAt, expiresAt },
    people,
    record: recordMessage().entry,
  } as const;
  const record = { sequence: call.record.sequence, hash: call.record.hash };
  const base = { ...call, record };
  await messenger.deliver(inThread(rootTs, { key: 'record:7', body: { ...base, call: 'reminder', isOver: false } }));
  await messenger.deliver(inThread(rootTs, { key: 'record:8', body: { ...base, call: 'escalation', isOver: false } }));
  await messenger.deliver(inThread(rootTs, { key: 'record:9', body: { ...base, call: 'reminder', isOver: true } }));
  const [reminder = '', escalation = '', over = ''] = slack
    .thread(CHANNEL, rootTs)
    .slice(1)
    .map(({ text }) => text);
  assert.match(
    reminder,
    /^Reminder for <@U0BOB> and <!subteam\^S0APPROVERS>: plan 142-1 for git01 is waiting for a decision and expires <!date.*>\. Record #7 /,
  );
  assert.match(
    escalation,
    /^Escalation to <@U0BOB> and <!subteam\^S0APPROVERS>: no decision on plan 142-1 for git01 since <!date.*>\. It expires <!date/,
  );
  assert.match(over, /^Reminder: plan 142-1 for git01 was waiting for a decision\. Record #7 /);
});

test('in quiet hours people on call are named as in Slack, and mentioned nowhere', async (context) => {
  const { slack, messenger } = await start(context);
  const people = { users: [UserId.parse('U0BOB')], groups: [GroupId.parse('S0APPROVERS')] };
  const onCall = { ...people, isQuiet: true };
  const body = statusMessage({ openedAt: NOW, plan: null, onCall });
  const posted = await messenger.deliver(status({ body }));
  assert.ok(posted.kind === 'delivered');
  const [message] = slack.messages(CHANNEL);
  assert.match(message?.text ?? '', / On call: bob and registry-approvers \(quiet hours\)\.$/);
  assert.doesNotMatch(JSON.stringify(message), /<@U0BOB|subteam|usergroup_id|"user_id":"U0BOB"/);
  await messenger.deliver(status({ body, ts: posted.ts, version: 2 }));
  assert.equal(slack.calls('usergroups.list').length, 1, 'Slack is asked once');
});

test('people on call whom Slack does not name in quiet hours are shown by their ids', async (context) => {
  const { slack, messenger } = await start(context);
  slack.failNext('usergroups.list', 'internal_error');
  const onCall = { users: [UserId.parse('U0NOBODY')], groups: [GroupId.parse('S0APPROVERS')], isQuiet: true };
  const posted = await messenger.deliver(status({ body: statusMessage({ openedAt: NOW, plan: null, onCall }) }));
  assert.equal(posted.kind, 'delivered');
  assert.match(slack.messages(CHANNEL)[0]?.text ?? '', / On call: U0NOBODY and S0APPROVERS \(quiet hours\)\.$/);
});

test('a reply is not posted before its incident has a message in the channel', async (context) => {
  const { slack, messenger } = await start(context);
  const delivery = await messenger.deliver({
    ...inThread('1.0', { key: 'plan:142-1', body: planMessage() }),
    threadTs: null,
  });
  assert.equal(delivery.kind, 'retry');
  assert.deepEqual(slack.calls('chat.postMessage'), []);
});

test('the bot finds and edits a post whose response was lost, and does not post it twice', async (context) => {
  const { slack, messenger } = await start(context);
  slack.dropNextResponse('chat.postMessage');
  const first = await messenger.deliver(status());
  assert.equal(first.kind, 'retry');
  assert.equal(first.kind === 'retry' && first.why.kind, 'no-answer');
  const second = await messenger.deliver(status({ maybePosted: true }));
  assert.equal(second.kind === 'delivered' && second.ts, slack.messages(CHANNEL)[0]?.ts);
  assert.equal(slack.messages(CHANNEL).length, 1);
});

test('the bot finds a reply whose response was lost in its thread', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  const reply = inThread(rootTs, { key: 'plan:142-1', body: planMessage() });
  slack.dropNextResponse('chat.postMessage');
  assert.equal((await messenger.deliver(reply)).kind, 'retry');
  assert.equal((await messenger.deliver({ ...reply, maybePosted: true })).kind, 'delivered');
  assert.equal(slack.thread(CHANNEL, rootTs).length, 2);
});

test('the bot finds a post whose response was lost even behind many newer messages', async (context) => {
  const { slack, messenger } = await start(context);
  slack.dropNextResponse('chat.postMessage');
  await messenger.deliver(status());
  for (let index = 0; index < 450; index += 1) slack.say({ user: 'U0BOB', channel: CHANNEL, text: `word ${index}` });
  assert.equal((await messenger.deliver(status({ maybePosted: true }))).kind, 'delivered');
  assert.equal(slack.calls('chat.postMessage').length, 1);
});

test('the bot does not take a message with another key for a post whose response was lost', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  await messenger.deliver(inThread(rootTs, { key: 'record:6', body: recordMessage() }));
  await messenger.deliver(inThread(rootTs, { key: 'record:7', body: recordMessage(), maybePosted: true }));
  assert.equal(slack.thread(CHANNEL, rootTs).length, 3);
});

test('the bot does not repeat a post while Slack can’t say whether it was posted', async (context) => {
  const { slack, messenger } = await start(context);
  slack.rateLimit('conversations.history', 7, 1);
  const delivery = await messenger.deliver(status({ maybePosted: true }));
  assert.deepEqual(delivery, {
    kind: 'retry',
    afterMs: 7_000,
    why: { kind: 'rate-limited', afterMs: 7_000 },
    doubt: 'maybe-posted',
  });
  assert.deepEqual(slack.calls('chat.postMessage'), []);
});

test('audit messages that wait together go out as one Slack post, and each can be found again by its key', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  const delivery = await messenger.deliver(twoLines(rootTs));
  assert.equal(delivery.kind, 'delivered');
  const [, post, ...more] = slack.thread(CHANNEL, rootTs);
  assert.deepEqual(more, []);
  const marks = [LINE, OTHER_LINE].map(({ entry }) => `#${entry.sequence} `);
  for (const mark of marks) assert.ok(post?.text.includes(mark), `no ${mark}in: ${post?.text}`);
  assert.equal(post?.text.split('\n').length, 2);
  assert.deepEqual(post?.metadata?.event_payload, {
    key: 'record:7',
    folded: [{ key: 'record:8' }],
    record: [LINE, OTHER_LINE].map(({ entry: { sequence, hash } }) => ({ sequence, hash })),
  });
});

test('a Slack post of several audit messages whose response was lost is found by each one’s key, and not edited', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  slack.dropNextResponse('chat.postMessage');
  const lost = await messenger.deliver(twoLines(rootTs));
  assert.equal(lost.kind === 'retry' && lost.doubt, 'maybe-posted');
  const alone = inThread(rootTs, { key: 'record:8', body: OTHER_LINE, maybePosted: true });
  const [, post] = slack.thread(CHANNEL, rootTs);
  assert.deepEqual(await messenger.deliver(alone), { kind: 'delivered', ts: post?.ts });
  assert.equal(slack.thread(CHANNEL, rootTs).length, 2);
  assert.equal(slack.thread(CHANNEL, rootTs)[1]?.versions.length, 1);
});

test('the bot posts a deleted message again, so that the incident’s story stays complete', async (context) => {
  const { slack, messenger } = await start(context);
  const ts = await deliverStatus(messenger);
  slack.failNext('chat.update', 'message_not_found');
  const delivery = await messenger.deliver(status({ ts, version: 2 }));
  assert.equal(delivery.kind, 'delivered');
  assert.notEqual(delivery.kind === 'delivered' && delivery.ts, ts);
  assert.equal(slack.messages(CHANNEL).length, 2);
});

test('a 429 from Slack pauses the channel of the message that got it, for as long as Slack says', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  slack.rateLimit('chat.postMessage', 30, 1);
  const delivery = await messenger.deliver(inThread(rootTs, { key: 'record:7', body: recordMessage() }));
  assert.deepEqual(delivery, {
    kind: 'retry',
    afterMs: 30_000,
    why: { kind: 'rate-limited', afterMs: 30_000 },
    doubt: 'not-posted',
    pausesChannel: true,
  });
  const other = await messenger.deliver(inThread(rootTs, { key: 'plan:142-1', body: planMessage() }));
  assert.equal(other.kind, 'delivered');
});

/** Slack says of these that some of the work may have been done. */
const UNCLEAR = ['internal_error', 'fatal_error', 'service_unavailable'];
const PASSING = [...UNCLEAR, 'invalid_auth', 'token_revoked', 'missing_scope', 'something_new'];
for (const code of PASSING) {
  test(`the bot retries a message later after the Slack error ${code}`, async (context) => {
    const { slack, messenger } = await start(context);
    slack.failNext('chat.postMessage', code);
    const delivery = await messenger.deliver(status());
    const doubt = UNCLEAR.includes(code) ? 'maybe-posted' : 'not-posted';
    assert.deepEqual(delivery, { kind: 'retry', afterMs: 60_000, why: { kind: 'refused', code }, doubt });
  });
}

for (const [code, channelRefused] of Object.entries({
  channel_not_found: 'no-access',
  not_in_channel: 'no-access',
  is_archived: 'archived',
  restricted_action: 'restricted',
})) {
  test(`the bot retries a message later after the Slack error ${code}, and says that the channel takes nothing`, async (context) => {
    const { slack, messenger } = await start(context);
    slack.failNext('chat.postMessage', code);
    const retry = { kind: 'retry', afterMs: 60_000, why: { kind: 'refused', code }, doubt: 'not-posted' };
    assert.deepEqual(await messenger.deliver(status()), { ...retry, channelRefused });
  });
}

const FINAL = ['restricted_action_thread_locked', 'metadata_too_large'];
for (const code of FINAL) {
  test(`the bot gives a message up after the Slack error ${code}`, async (context) => {
    const { slack, messenger } = await start(context);
    slack.failNext('chat.postMessage', code);
    assert.deepEqual(await messenger.deliver(status()), { kind: 'refused', why: { kind: 'refused', code } });
  });
}

test('the bot notices that the thread of a message was deleted', async (context) => {
  const { messenger } = await start(context);
  const delivery = await messenger.deliver(inThread('1700000000.000100', { key: 'record:7', body: recordMessage() }));
  assert.deepEqual(delivery, { kind: 'thread-gone', why: { kind: 'refused', code: 'thread_not_found' } });
});

test('the bot sends a message as text without blocks if Slack says msg_blocks_too_long', async (context) => {
  const { slack, messenger, logged } = await start(context);
  slack.failNext('chat.postMessage', 'msg_blocks_too_long');
  assert.equal((await messenger.deliver(status())).kind, 'delivered');
  const [message] = slack.messages(CHANNEL);
  assert.deepEqual(message?.blocks, []);
  assert.match(message?.text ?? '', /^git01: the registry can’t reach its storage/);
  assert.ok(logged.some((line) => line.includes('msg_blocks_too_long')));
});

test('the bot sends a card that Slack refuses without a reason again in a simpler layout, with all its words', async (context) => {
  const { slack, messenger, logged } = await start(context);
  slack.failNext('chat.postMessage', 'invalid_blocks');
  assert.equal((await messenger.deliver(status())).kind, 'delivered');
  const [message] = slack.messages(CHANNEL);
  assert.match(JSON.stringify(message?.blocks), /rich_text_preformatted.*git01: the registry can’t reach its storage/);
  assert.ok(logged.some((line) => line.includes('invalid_blocks')));
});

const COMMAND = /chmod/;
const BUTTONS = /approve_plan/;

for (const type of ['container', 'rich_text_preformatted', 'rich_text']) {
  test(`the bot still shows a plan’s commands, hash and buttons on a Slack without ${type} blocks`, async (context) => {
    const { slack, messenger } = await start(context);
    const rootTs = await deliverStatus(messenger);
    slack.refuseBlock(type);
    const plan = planMessage();
    assert.equal((await messenger.deliver(inThread(rootTs, { key: 'plan:142-1', body: plan }))).kind, 'delivered');
    const blocks = slack.thread(CHANNEL, rootTs)[1]?.blocks ?? [];
    const shown = JSON.stringify(blocks.filter((block) => block.type !== 'actions'));
    assert.match(shown, COMMAND);
    assert.ok(shown.includes(shortHash(plan.plan.hash)));
    assert.match(JSON.stringify(blocks), BUTTONS);
    assert.doesNotMatch(shown, /can’t be approved here/);
  });
}

test('the bot resends a card without the foldable block that Slack refused, and with everything else', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  slack.refuseBlock('container');
  await messenger.deliver(inThread(rootTs, { key: 'plan:142-1', body: planMessage() }));
  const asItIs = cardFor(planMessage(), english).blocks.filter(({ type }) => type !== 'container').length;
  const types = slack.thread(CHANNEL, rootTs)[1]?.blocks.map(({ type }) => type) ?? [];
  assert.ok(types.length > asItIs && !types.includes('container'), types.join(', '));
  assert.equal(slack.calls('chat.postMessage').filter(({ answer }) => !answer.ok).length, 1);
});

test('the bot says on a plan whose buttons Slack refuses that it can’t be approved there', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  slack.refuseBlock('actions');
  await messenger.deliver(inThread(rootTs, { key: 'plan:142-1', body: planMessage() }));
  const message = slack.thread(CHANNEL, rootTs)[1];
  assert.match(JSON.stringify(message?.blocks), /can’t be approved here/);
  assert.match(JSON.stringify(message?.blocks), COMMAND);
  assert.match(message?.text ?? '', /can’t be approved here/);
  assert.doesNotMatch(JSON.stringify(message?.blocks), BUTTONS);
});

test('the bot puts a plan’s commands into plain text, without buttons, if Slack refuses every kind of block', async (context) => {
  const { slack, messenger } = await start(context);
  const rootTs = await deliverStatus(messenger);
  for (let refusal = 0; refusal < 3; refusal += 1) slack.failNext('chat.postMessage', 'invalid_blocks');
  await messenger.deliver(inThread(rootTs, { key: 'plan:142-1', body: planMessage() }));
  const message = slack.thread(CHANNEL, rootTs)[1];
  assert.deepEqual(message?.blocks, []);
  assert.match(message?.text ?? '', /can’t be approved here[\s\S]*chmod/);
});

for (const outage of ['refused', 'http-500', 'http-503'] as const) {
  test(`the bot retries a message after a Slack outage (${outage})`, async (context) => {
    const { slack, messenger } = await start(context);
    await slack.outage(outage);
    const delivery = await messenger.deliver(status());
    assert.equal(delivery.kind === 'retry' && delivery.afterMs, 5_000);
    await slack.outage(null);
    assert.equal((await messenger.deliver(status({ maybePosted: true }))).kind, 'delivered');
    assert.equal(slack.messages(CHANNEL).length, 1);
  });
}

async function start(
  context: TestContext,
): Promise<{ slack: SlackStandIn; messenger: SlackMessenger; logged: string[] }> {
  const slack = await startSlack(context);
  const logged: string[] = [];
  const log = createLog('debug', { destination: { write: (line) => void logged.push(line) } });
  const clients = createSlackClients({ botToken: slack.credentials.botToken, slackApiUrl: slack.apiUrl, log });
  return { slack, messenger: new SlackMessenger(clients, log, english), logged };
}

const BASE = { incidentId: INCIDENT, version: 1, channel: ChannelId.parse(CHANNEL), ts: null, maybePosted: false };

function status(change: Partial<PendingMessage> = {}): PendingMessage {
  const body = statusMessage({ openedAt: NOW });
  return { ...BASE, key: 'status:142', placement: 'channel', threadTs: null, body, ...change };
}

function inThread(
  threadTs: string,
  change: Pick<PendingMessage, 'key' | 'body'> & Partial<PendingMessage>,
): PendingMessage {
  return { ...BASE, placement: 'thread', threadTs, ...change };
}

const LINE = recordMessage();
const OTHER_LINE = { ...LINE, entry: { ...LINE.entry, sequence: LINE.entry.sequence + 1 } };

function twoLines(rootTs: string): PendingMessage {
  const folded = [{ key: 'record:8', version: 1, body: OTHER_LINE }];
  return { ...inThread(rootTs, { key: 'record:7', body: LINE }), folded };
}

async function deliverStatus(messenger: SlackMessenger): Promise<string> {
  const delivery = await messenger.deliver(status());
  assert.ok(delivery.kind === 'delivered');
  return delivery.ts;
}
