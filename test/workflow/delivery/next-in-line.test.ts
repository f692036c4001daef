import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FREE_TRAFFIC, nextInLine, type WaitingMessage } from '../../../src/workflow/delivery/next-in-line.ts';
import type { Traffic } from '../../../src/workflow/ports/messages.ts';

const NOW = new Date('2026-11-23T14:02:00Z');
const LATER = '2026-11-23T14:03:00.000Z';

function waiting(id: number, change: Partial<WaitingMessage> = {}): WaitingMessage {
  const waitingSince = new Date(NOW.getTime() - 60_000 + id).toISOString();
  const usual = { incidentId: 1, channel: 'C1', kind: 'verdict', isPosted: false, isTried: false };
  return { id, waitingSince, notBefore: null, ...usual, ...change };
}

function idsOf(messages: readonly WaitingMessage[], limit = 10, traffic: Partial<Traffic> = {}) {
  return nextInLine(messages, limit, NOW, { ...FREE_TRAFFIC, ...traffic }).map(({ message }) => message.id);
}

/** Each channel takes this many posts, and any number of edits. */
const roomFor = (posts: number): Partial<Traffic> => ({
  room: (_, act) => (act === 'post' ? posts : Number.POSITIVE_INFINITY),
});

const foldsOf = (messages: readonly WaitingMessage[]) =>
  nextInLine(messages, 10, NOW).map(({ message, folded }) => [message.id, ...folded.map(({ id }) => id)]);

describe('the order of deliveries', () => {
  test('the bot delivers one message per incident at a time, the oldest new one first', () =>
    assert.deepEqual(idsOf([waiting(2), waiting(1), waiting(3, { incidentId: 2 })]), [1, 3]));
  test('a postponed new message delays the new messages after it in its incident, but no edit', () => {
    const held = [waiting(1, { notBefore: LATER }), waiting(2)];
    assert.deepEqual(idsOf(held), []);
    assert.deepEqual(idsOf([...held, waiting(3, { isPosted: true })]), [3]);
  });
  test('a message that was postponed by a clock that was twenty minutes ahead is delivered now', () =>
    assert.deepEqual(idsOf([waiting(1, { notBefore: '2026-11-23T14:22:05.000Z' }), waiting(2)]), [1]));
  test('a postponed audit message delays the audit messages after it', () => {
    const line = { kind: 'record' };
    assert.deepEqual(idsOf([waiting(1, { ...line, notBefore: LATER }), waiting(2, line)]), []);
  });
  test('an edit of a plan’s card is delivered before a new message of its incident', () =>
    assert.deepEqual(idsOf([waiting(1), waiting(2, { kind: 'plan', isPosted: true })]), [2]));
  test('the first channel message of an incident is delivered before older messages of other incidents', () => {
    const head = waiting(2, { incidentId: 2, kind: 'status' });
    assert.deepEqual(idsOf([waiting(1), head], 1), [2]);
  });
  test('messages about alerts without a host are delivered in order per channel, and no channel waits for another', () => {
    const notice = { incidentId: null, kind: 'alert-notice' };
    const notices = [
      waiting(1, { ...notice, notBefore: LATER }),
      waiting(2, notice),
      waiting(3, { ...notice, channel: 'C2' }),
      waiting(4, { ...notice, channel: 'C2' }),
    ];
    assert.deepEqual(idsOf(notices), [3]);
    assert.deepEqual(idsOf(notices, 10, { isUnderWay: (line) => line === 'C2' }), []);
  });
  test('a file waits for no message of its thread, and none waits for it', () => {
    const file = { kind: 'file' };
    assert.deepEqual(idsOf([waiting(1, { notBefore: LATER }), waiting(2, file)]), [2]);
    assert.deepEqual(idsOf([waiting(1, { ...file, notBefore: LATER }), waiting(2)]), [2]);
    assert.deepEqual(idsOf([waiting(1, file), waiting(2), waiting(3, { incidentId: 2, kind: 'record' })]), [2, 3, 1]);
  });
  test('files go one at a time over all channels, and one that has to wait holds up no other', () => {
    const file = { kind: 'file' };
    const files = [waiting(1, { ...file, notBefore: LATER }), waiting(2, { ...file, channel: 'C2', incidentId: 2 })];
    assert.deepEqual(idsOf([...files, waiting(3, { ...file, incidentId: 3 })]), [2]);
    assert.deepEqual(idsOf(files, 10, { isUnderWay: (line) => line === 'files' }), []);
  });
  test('files make no channel crowded, so they don’t change the order of messages', () => {
    const files = [3, 4, 5].map((id) => waiting(id, { kind: 'file' }));
    assert.deepEqual(
      idsOf([waiting(1, { kind: 'record' }), waiting(2, { kind: 'plan' }), ...files], 10, roomFor(2)),
      [1, 3],
    );
  });
  test('an incident’s next message waits while another one of its messages is being delivered', () =>
    assert.deepEqual(idsOf([waiting(1), waiting(2, { incidentId: 2 })], 10, { isUnderWay: (id) => id === 1 }), [2]));
});

describe('deliveries to a channel that Slack limits', () => {
  const KINDS = ['record', 'verification', 'verdict', 'status', 'plan', 'summary'];

  test('if Slack limits a channel, summaries go first, then plans, channel messages, outcomes, diagnoses and audit messages', () => {
    const all = KINDS.map((kind, index) => waiting(index + 1, { kind, incidentId: index + 1 }));
    assert.deepEqual(idsOf(all, 10, roomFor(4)), [6, 5, 4, 2]);
  });
  const thread = KINDS.map((kind, index) => waiting(index + 1, { kind }));

  const others = (count: number) =>
    Array.from({ length: count }, (_, index) => waiting(100 + index, { incidentId: 100 + index }));
  test('a thread posts its most urgent message first if the channel would take over five seconds for what is due in other threads', () => {
    assert.deepEqual(idsOf([...thread, ...others(7)], 1, roomFor(1)), [6]);
  });
  test('a thread keeps its order if the channel can take what is due in other threads within five seconds', () => {
    assert.deepEqual(idsOf([...thread, ...others(6)], 1, roomFor(1)), [1]);
  });
  test('a thread keeps its order however many of its own messages are due', () => {
    const more = Array.from({ length: 20 }, (_, index) => waiting(7 + index));
    assert.deepEqual(idsOf([...thread, ...more], 10, roomFor(1)), [1]);
  });
  test('the bot sends no more new messages than Slack allows a channel, and does not hold up edits and other channels', () => {
    const messages = [1, 2, 3].map((id) => waiting(id, { incidentId: id }));
    const elsewhere = waiting(4, { incidentId: 4, channel: 'C2' });
    const edit = waiting(5, { incidentId: 5, isPosted: true, waitingSince: NOW.toISOString() });
    assert.deepEqual(idsOf([...messages, elsewhere, edit], 10, roomFor(1)), [1, 4, 5]);
    assert.deepEqual(idsOf([...messages, edit], 10, roomFor(0)), [5]);
  });
  test('if Slack limits a channel, an incident that was served lets the others go first', () => {
    const messages = [1, 2].map((id) => waiting(id, { incidentId: id }));
    assert.deepEqual(idsOf(messages, 10, { ...roomFor(1), turnOf: (id) => (id === 1 ? 7 : 3) }), [2]);
  });
  test('an edit that has waited for half a minute is delivered before new messages of other incidents, a younger one after them', () => {
    const posts = [waiting(1), waiting(2, { incidentId: 2 })];
    const edit = (seconds: number) =>
      waiting(3, {
        ...{ incidentId: 3, kind: 'status', isPosted: true },
        waitingSince: new Date(NOW.getTime() - seconds * 1_000).toISOString(),
      });
    assert.deepEqual(idsOf([...posts, edit(30)], 2), [3, 1]);
    assert.deepEqual(idsOf([...posts, edit(29)], 2), [1, 2]);
  });
  test('a plan’s card is delivered before an edit that has waited for long', () => {
    const edit = waiting(1, { kind: 'status', isPosted: true });
    assert.deepEqual(idsOf([edit, waiting(2, { incidentId: 2, kind: 'plan' })], 1), [2]);
  });
  test('edits in all channels share one limit', () => {
    const edits = [1, 2].map((id) => waiting(id, { incidentId: id, channel: `C${id}`, isPosted: true }));
    assert.deepEqual(idsOf(edits, 10, { room: () => 1 }), [1]);
  });
});

describe('audit messages in one post', () => {
  const line = (id: number, change: Partial<WaitingMessage> = {}) => waiting(id, { kind: 'record', ...change });

  test('audit messages that follow each other in a thread go out as one post', () =>
    assert.deepEqual(foldsOf([line(1), line(2), line(3), line(4, { incidentId: 2 })]), [[1, 2, 3], [4]]));
  test('audit messages do not overtake another message of their thread', () =>
    assert.deepEqual(foldsOf([line(1), waiting(2), line(3)]), [[1]]));
  test('an audit message that might already be in Slack is not combined with others into one post', () => {
    assert.deepEqual(foldsOf([line(1, { isTried: true }), line(2)]), [[1]]);
    assert.deepEqual(foldsOf([line(1), line(2, { isTried: true }), line(3)]), [[1]]);
  });
  test('audit messages are combined into posts of at most eight', () => {
    const many = Array.from({ length: 12 }, (_, index) => line(index + 1));
    assert.equal(foldsOf(many)[0]?.length, 8);
  });
});
