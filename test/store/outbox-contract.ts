import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertSourceName } from '../../src/model/record/alert.ts';
import { ChannelId } from '../../src/model/record/ids.ts';
import type { Incident } from '../../src/model/record/incident.ts';
import type { Outbox } from '../../src/workflow/ports/messages.ts';
import type { RecordStore } from '../../src/workflow/ports/record.ts';
import { putSummary } from '../../src/workflow/record/summary-message.ts';
import type { OpenStore } from './open-store.ts';
import { at, auditDraft, CHANNEL, openIncident, planCard, proposePlan, recordLine, statusMessage } from './samples.ts';

/** What every database must do behind the port `Outbox`. */
export function outboxContract(open: OpenStore): void {
  deliveryContract(open);
  orderContract(open);
  failureContract(open);
}

const NOTICE = {
  key: 'notice-1',
  channel: CHANNEL,
  body: { kind: 'alert-notice', about: 'left-out', source: AlertSourceName.parse('prometheus'), count: 1 },
} as const;

/** The keys that are due, in order. */
async function due(outbox: Outbox, { limit = 100, second = 0 } = {}): Promise<string[]> {
  return (await outbox.pending(limit, at(second))).map(({ key }) => key);
}

const putStatus = (store: RecordStore, incident: Incident, recordEntries = 0) =>
  store.transact((tx) => tx.putMessage(statusMessage(incident, recordEntries)));

const putLine = (store: RecordStore, incident: Incident) =>
  store.transact((tx) => recordLine(tx, auditDraft(incident.id)));

const putPlan = (store: RecordStore, incident: Incident) =>
  store.transact(async (tx) => {
    const plan = await proposePlan(tx, incident);
    const entry = await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan));
    const card = planCard(plan, entry);
    await tx.putMessage(card);
    return { plan, entry, card };
  });

/** An incident whose message in the channel is there. */
async function postedIncident(store: RecordStore, outbox: Outbox): Promise<Incident> {
  const incident = await openIncident(store);
  await putStatus(store, incident);
  await outbox.markDelivered(`status:${incident.id}`, 1, `100.${incident.id}`);
  return incident;
}

function deliveryContract(open: OpenStore): void {
  test('the outbox offers a new message with its channel and thread until it is delivered', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    assert.deepEqual(await outbox.pending(10, at(0)), [
      {
        ...statusMessage(incident),
        version: 1,
        channel: incident.channel,
        ts: null,
        threadTs: null,
        maybePosted: false,
      },
    ]);
    await outbox.markDelivered(`status:${incident.id}`, 1, '100.1');
    assert.deepEqual(await due(outbox), []);
  });

  test('the outbox returns a message by its key, and null for an unknown key', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    const message = await store.transact((tx) => tx.message(`status:${incident.id}`));
    assert.deepEqual(message, statusMessage(incident));
    assert.equal(await store.transact((tx) => tx.message('nothing')), null);
  });

  test('the place of a message is known once it is posted: in the channel, in a thread, or in that of a summary', async (t) => {
    const { store, outbox } = await open(t);
    const placeOf = (key: string) => store.transact((tx) => tx.placeOfMessage(key));
    const incident = await openIncident(store);
    await putStatus(store, incident);
    const status = `status:${incident.id}`;
    assert.deepEqual([await placeOf(status), await placeOf('nothing')], [null, null]);
    await outbox.markDelivered(status, 1, '100.1');
    assert.deepEqual(await placeOf(status), { channel: CHANNEL, ts: '100.1', threadTs: null });
    const { card } = await putPlan(store, incident);
    assert.equal(await placeOf(card.key), null);
    await outbox.markDelivered(card.key, 1, '100.2');
    assert.deepEqual(await placeOf(card.key), { channel: CHANNEL, ts: '100.2', threadTs: '100.1' });
    await store.transact(async (tx) => {
      await tx.joinSummary(incident.id, incident.id);
      await putSummary(tx, incident, [incident]);
    });
    await outbox.markDelivered(`summary:${incident.id}`, 1, '100.0');
    assert.deepEqual(await placeOf(status), { channel: CHANNEL, ts: '100.1', threadTs: '100.0' });
    await store.transact((tx) => tx.putNotice(NOTICE));
    await outbox.markDelivered(NOTICE.key, 1, '100.3');
    assert.equal(await placeOf(NOTICE.key), null);
  });

  test('fifty changes to an undelivered message lead to one delivery, with the newest content', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    for (let entries = 0; entries < 50; entries += 1) await putStatus(store, incident, entries);
    const [pending, ...more] = await outbox.pending(10, at(0));
    assert.deepEqual(more, []);
    assert.equal(pending?.version, 50);
    assert.deepEqual(pending?.body, statusMessage(incident, 49).body);
  });

  test('a message that is queued again with the same content is not delivered again', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await postedIncident(store, outbox);
    await putStatus(store, incident);
    assert.deepEqual(await due(outbox), []);
  });

  test('a message that changed while it was being delivered is delivered again, as an edit of the same Slack message', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    await outbox.markTrying(`status:${incident.id}`);
    await putStatus(store, incident, 3);
    await outbox.markDelivered(`status:${incident.id}`, 1, '100.1');
    const [edit] = await outbox.pending(10, at(0));
    assert.deepEqual(
      { version: edit?.version, ts: edit?.ts, threadTs: edit?.threadTs, maybePosted: edit?.maybePosted },
      { version: 2, ts: '100.1', threadTs: '100.1', maybePosted: false },
    );
    await outbox.markDelivered(`status:${incident.id}`, 2, '100.1');
    assert.deepEqual(await due(outbox), []);
  });

  test('a message whose delivery attempt ended unclearly counts as possibly posted, even after it was postponed or changed', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    await outbox.markTrying(`status:${incident.id}`);
    await outbox.postpone(`status:${incident.id}`, at(0), 'maybe-posted');
    await putStatus(store, incident, 1);
    assert.equal((await outbox.pending(10, at(0)))[0]?.maybePosted, true);
  });

  test('a message that Slack certainly did not post does not count as possibly posted', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    await outbox.markTrying(`status:${incident.id}`);
    await outbox.postpone(`status:${incident.id}`, at(0), 'not-posted');
    assert.equal((await outbox.pending(10, at(0)))[0]?.maybePosted, false);
  });

  test('waiting audit messages of one thread go out as one post, except one that was possibly posted already', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await postedIncident(store, outbox);
    const [first, second] = [await putLine(store, incident), await putLine(store, incident)];
    const [post, ...more] = await outbox.pending(10, at(0));
    assert.deepEqual(more, []);
    assert.equal(post?.key, first.key);
    assert.deepEqual(post?.folded, [{ key: second.key, version: 1, body: second.body }]);
    await outbox.markTrying(first.key);
    assert.equal((await outbox.pending(10, at(0)))[0]?.folded, undefined);
  });

  test('the outbox refuses to move a message’s key to another incident, or from channel to thread', async (t) => {
    const { store } = await open(t);
    const [first, second] = [await openIncident(store), await openIncident(store)];
    await putStatus(store, first);
    const key = `status:${first.id}`;
    await assert.rejects(store.transact((tx) => tx.putMessage({ ...statusMessage(second), key })));
    await assert.rejects(store.transact((tx) => tx.putMessage({ ...statusMessage(first), placement: 'thread' })));
  });

  test('the outbox refuses a second channel message for the same incident', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    await assert.rejects(store.transact((tx) => tx.putMessage({ ...statusMessage(incident), key: 'another' })));
  });

  test('the outbox refuses a message about an audit entry that is not on record', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    const card = planCard(plan, { sequence: 8, hash: plan.hash });
    await assert.rejects(store.transact((tx) => tx.putMessage(card)));
  });

  test('the outbox offers a message without an incident in its own channel, outside any thread, and edits it by its key', async (t) => {
    const { store, outbox } = await open(t);
    await postedIncident(store, outbox);
    const notice = (count: number) => ({ ...NOTICE, body: { ...NOTICE.body, count } });
    await store.transact((tx) => tx.putNotice(notice(1)));
    const { channel, key } = NOTICE;
    const place = { key, channel, incidentId: null, placement: 'channel', threadTs: null, maybePosted: false };
    assert.deepEqual(await outbox.pending(10, at(0)), [{ ...place, body: notice(1).body, version: 1, ts: null }]);
    await outbox.markDelivered(key, 1, '200.1');
    await store.transact((tx) => tx.putNotice(notice(1)));
    assert.deepEqual(await due(outbox), []);
    await store.transact((tx) => tx.putNotice(notice(2)));
    assert.deepEqual(await outbox.pending(10, at(0)), [{ ...place, body: notice(2).body, version: 2, ts: '200.1' }]);
  });

  test('the record says what a notice says, and how many messages wait for a channel', async (t) => {
    const { store, outbox } = await open(t);
    const waiting = () => store.transact((tx) => tx.waitingFor(CHANNEL));
    const incident = await postedIncident(store, outbox);
    assert.equal(await store.transact((tx) => tx.notice(NOTICE.key)), null);
    assert.equal(await waiting(), 0);
    await store.transact((tx) => tx.putNotice(NOTICE));
    await store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
    await store.transact((tx) => tx.putNotice({ ...NOTICE, key: 'elsewhere', channel: ChannelId.parse('C0OTHER') }));
    assert.deepEqual(await store.transact((tx) => tx.notice(NOTICE.key)), NOTICE.body);
    assert.equal(await waiting(), 2);
    await outbox.giveUp(NOTICE.key, 1, refusedWith('msg_too_long'));
    assert.equal(await waiting(), 1);
  });

  test('the outbox refuses to mark an unknown message as tried, delivered, postponed or given up', async (t) => {
    const { outbox } = await open(t);
    await assert.rejects(outbox.markTrying('nothing'), /there is no message nothing/);
    await assert.rejects(outbox.markDelivered('nothing', 1, '100.1'), /there is no message nothing/);
    await assert.rejects(outbox.postpone('nothing', at(1), 'not-posted'), /there is no message nothing/);
    await assert.rejects(outbox.giveUp('nothing', 1, refusedWith('why')), /there is no message nothing/);
  });
}

function orderContract(open: OpenStore): void {
  test('the outbox offers a thread’s messages after the incident’s channel message, in the order in which they were queued', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    const first = await putLine(store, incident);
    await putStatus(store, incident);
    const second = await putLine(store, incident);
    assert.deepEqual(await due(outbox), [`status:${incident.id}`]);
    await outbox.markDelivered(`status:${incident.id}`, 1, '100.1');
    const [pending, ...more] = await outbox.pending(10, at(0));
    assert.equal(pending?.key, first.key);
    assert.equal(pending?.threadTs, '100.1');
    assert.deepEqual(more, []);
    await outbox.markDelivered(first.key, 1, '100.2');
    assert.deepEqual(await due(outbox), [second.key]);
  });

  test('the outbox offers new audit messages of a thread before an edit of the incident’s channel message', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await postedIncident(store, outbox);
    await putStatus(store, incident, 1);
    const line = await putLine(store, incident);
    assert.deepEqual(await due(outbox), [line.key]);
    await outbox.markDelivered(line.key, 1, '100.2');
    assert.deepEqual(await due(outbox), [`status:${incident.id}`]);
  });

  test('the outbox offers the edit of a card with buttons before new audit messages of the same thread', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await postedIncident(store, outbox);
    const { plan, entry, card } = await putPlan(store, incident);
    await outbox.markDelivered(card.key, 1, '100.2');
    await putLine(store, incident);
    await store.transact((tx) => tx.putMessage(planCard(plan, entry, 'approved')));
    assert.deepEqual(await due(outbox), [card.key]);
  });

  test('the outbox offers cards with buttons and first channel messages before older audit messages of other incidents', async (t) => {
    const { store, outbox, clock } = await open(t);
    const lines = [];
    for (let second = 0; second < 3; second += 1) {
      clock.set(at(second));
      lines.push(await putLine(store, await postedIncident(store, outbox)));
    }
    clock.set(at(20));
    const silent = await openIncident(store);
    await putStatus(store, silent);
    clock.set(at(30));
    const { card } = await putPlan(store, await postedIncident(store, outbox));
    const keys = [card.key, `status:${silent.id}`, ...lines.map(({ key }) => key)];
    assert.deepEqual(await due(outbox, { second: 40 }), keys);
    assert.deepEqual(await due(outbox, { second: 40, limit: 2 }), keys.slice(0, 2));
  });

  test('the outbox offers the messages before a card with buttons as early as the card itself', async (t) => {
    const { store, outbox, clock } = await open(t);
    const older = await putLine(store, await postedIncident(store, outbox));
    clock.set(at(5));
    const incident = await postedIncident(store, outbox);
    const verdict = await putLine(store, incident);
    await putPlan(store, incident);
    assert.deepEqual(await due(outbox, { second: 9 }), [verdict.key, older.key]);
  });

  test('an edited message keeps its place in the outbox’s queue', async (t) => {
    const { store, outbox, clock } = await open(t);
    const [first, second] = [await postedIncident(store, outbox), await postedIncident(store, outbox)];
    clock.set(at(1));
    await putStatus(store, first, 1);
    clock.set(at(2));
    await putStatus(store, second, 1);
    clock.set(at(3));
    await putStatus(store, first, 2);
    assert.deepEqual(await due(outbox, { second: 9 }), [`status:${first.id}`, `status:${second.id}`]);
  });
}

function failureContract(open: OpenStore): void {
  test('a postponed message is not offered before its time, and delays no other incident', async (t) => {
    const { store, outbox } = await open(t);
    const [slow, other] = [await postedIncident(store, outbox), await postedIncident(store, outbox)];
    const [first, , line] = [await putLine(store, slow), await putLine(store, slow), await putLine(store, other)];
    await outbox.postpone(first.key, at(30), 'not-posted');
    assert.deepEqual(await due(outbox, { second: 29 }), [line.key]);
    assert.deepEqual(await due(outbox, { second: 30 }), [first.key, line.key]);
    await putStatus(store, slow, 1);
    assert.deepEqual(await due(outbox, { second: 29 }), [`status:${slow.id}`, line.key]);
  });

  test('a postponed card does not let later messages of its incident overtake those of others', async (t) => {
    const { store, outbox, clock } = await open(t);
    const older = await putLine(store, await postedIncident(store, outbox));
    clock.set(at(5));
    const incident = await postedIncident(store, outbox);
    const { plan, entry, card } = await putPlan(store, incident);
    await outbox.markDelivered(card.key, 1, '100.9');
    await store.transact((tx) => tx.putMessage(planCard(plan, entry, 'approved')));
    await outbox.postpone(card.key, at(60), 'not-posted');
    const line = await putLine(store, incident);
    assert.deepEqual(await due(outbox, { second: 9 }), [older.key, line.key]);
  });

  test('a message that was given up delays no other, and is offered again once its content changes', async (t) => {
    const { store, outbox, auditTrail } = await open(t);
    const incident = await postedIncident(store, outbox);
    const { plan, entry, card } = await putPlan(store, incident);
    const line = await putLine(store, incident);
    await outbox.giveUp(card.key, 1, refusedWith('invalid_blocks'));
    assert.deepEqual(await due(outbox), [line.key]);
    const messages = (await auditTrail.incidentRecord(incident.id))?.messages;
    assert.deepEqual(messages?.find(({ body }) => body.kind === 'plan')?.delivery, {
      kind: 'given-up',
      why: refusedWith('invalid_blocks'),
    });
    await outbox.markDelivered(line.key, 1, '100.3');
    await store.transact((tx) => tx.putMessage(planCard(plan, entry, 'approved')));
    assert.deepEqual(await due(outbox), [card.key]);
  });

  test('giving up one version of a message does not give up a version that was queued meanwhile', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    await putStatus(store, incident, 1);
    await outbox.giveUp(`status:${incident.id}`, 1, refusedWith('msg_too_long'));
    assert.deepEqual(await due(outbox), [`status:${incident.id}`]);
  });

  test('a thread is given up together with its channel message, and offered again together with it', async (t) => {
    const { store, outbox, auditTrail } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    const line = await putLine(store, incident);
    const deliveries = async () =>
      (await auditTrail.incidentRecord(incident.id))?.messages.map(({ delivery }) => delivery);
    const waiting = { kind: 'waiting', since: at(0).toISOString() };
    assert.deepEqual(await deliveries(), [waiting, waiting]);
    await outbox.giveUp(`status:${incident.id}`, 1, refusedWith('is_archived'));
    const givenUp = { kind: 'given-up', why: refusedWith('is_archived') };
    assert.deepEqual(await deliveries(), [givenUp, givenUp]);
    assert.deepEqual(await due(outbox), []);
    await putStatus(store, incident, 1);
    await outbox.markDelivered(`status:${incident.id}`, 2, '100.1');
    assert.deepEqual(await due(outbox), [line.key]);
  });

  test('the outbox’s backlog counts the messages not yet in Slack, and says since when the oldest one waits', async (t) => {
    const { store, outbox, clock } = await open(t);
    assert.deepEqual(await outbox.backlog(), { messages: 0, waitingSince: null });
    const incident = await openIncident(store);
    clock.set(at(1));
    await putStatus(store, incident);
    clock.set(at(2));
    await putLine(store, incident);
    assert.deepEqual(await outbox.backlog(), { messages: 2, waitingSince: at(1).toISOString() });
    await outbox.markDelivered(`status:${incident.id}`, 1, '100.1');
    assert.deepEqual(await outbox.backlog(), { messages: 1, waitingSince: at(2).toISOString() });
  });

  test('the backlog counts messages that wait for their summary, unless the summary was given up', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await store.transact(async (tx) => {
      await tx.joinSummary(incident.id, incident.id);
      await putSummary(tx, incident, [incident]);
    });
    await putStatus(store, incident);
    assert.equal((await outbox.backlog()).messages, 2);
    assert.deepEqual(await due(outbox), [`summary:${incident.id}`]);
    await outbox.giveUp(`summary:${incident.id}`, 1, refusedWith('is_archived'));
    assert.deepEqual(await outbox.backlog(), { messages: 0, waitingSince: null });
  });
  test('the backlog does not count messages that were given up, nor their threads', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await openIncident(store);
    await putStatus(store, incident);
    await putLine(store, incident);
    await outbox.giveUp(`status:${incident.id}`, 1, refusedWith('is_archived'));
    assert.deepEqual(await outbox.backlog(), { messages: 0, waitingSince: null });
  });

  test('the outbox still offers a thread’s messages after an edit of its channel message was refused', async (t) => {
    const { store, outbox } = await open(t);
    const incident = await postedIncident(store, outbox);
    await putStatus(store, incident, 1);
    await outbox.giveUp(`status:${incident.id}`, 2, refusedWith('cant_update_message'));
    const line = await putLine(store, incident);
    assert.deepEqual(await due(outbox), [line.key]);
  });
}

/** Slack's own word for why it takes a message never. */
function refusedWith(code: string) {
  return { kind: 'refused', code } as const;
}
