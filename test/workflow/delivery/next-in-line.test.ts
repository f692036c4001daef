import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FREE_TRAFFIC, nextInLine, type WaitingMessage } from '../../../src/workflow/delivery/next-in-line.ts';
import type { Traffic } from '../../../src/workflow/ports.ts';

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

describe('the messages to deliver next', () => {
  test('the messages to deliver next are one for each incident, the oldest new one first', () =>
    assert.deepEqual(idsOf([waiting(2), waiting(1), waiting(3, { incidentId: 2 })]), [1, 3]));
  test('a new message that has to wait delays those after it, but no edit', () => {
    const held = [waiting(1, { notBefore: LATER }), waiting(2)];
    assert.deepEqual(idsOf(held), []);
    assert.deepEqual(idsOf([...held, waiting(3, { isPosted: true })]), [3]);
  });
  test('a record line that has to wait holds up the lines after it', () => {
    const line = { kind: 'record' };
    assert.deepEqual(idsOf([waiting(1, { ...line, notBefore: LATER }), waiting(2, line)]), []);
  });
  test('an edit of a plan’s card goes before a new message', () =>
    assert.deepEqual(idsOf([waiting(1), waiting(2, { kind: 'plan', isPosted: true })]), [2]));
  test('an incident without its channel message goes before one that waits longer', () => {
    const head = waiting(2, { incidentId: 2, kind: 'status' });
    assert.deepEqual(idsOf([waiting(1), head], 1), [2]);
  });
  test('the notices of a channel are one line, which waits for no other channel', () => {
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
  test('an incident that has a message under way waits', () =>
    assert.deepEqual(idsOf([waiting(1), waiting(2, { incidentId: 2 })], 10, { isUnderWay: (id) => id === 1 }), [2]));
});

describe('in a channel that does not take everything', () => {
  const KINDS = ['record', 'verification', 'verdict', 'status', 'plan', 'summary'];

  test('a summary goes first, then plans, then channel messages, verdicts, outcomes and record lines', () => {
    const all = KINDS.map((kind, index) => waiting(index + 1, { kind, incidentId: index + 1 }));
    assert.deepEqual(idsOf(all, 10, roomFor(4)), [6, 5, 4, 3]);
  });
  const thread = KINDS.map((kind, index) => waiting(index + 1, { kind }));

  test('a thread posts its most urgent message first if the channel would take over five seconds for all that is due', () => {
    assert.deepEqual(idsOf([...thread, waiting(7), waiting(8)], 10, roomFor(1)), [6]);
  });
  test('a thread keeps its order if the channel can take all that is due within five seconds', () => {
    assert.deepEqual(idsOf(thread, 10, roomFor(1)), [1]);
    assert.deepEqual(idsOf(thread, 10, roomFor(6)), [1]);
  });
  test('no more than the room is taken, and other channels and edits are not held up', () => {
    const messages = [1, 2, 3].map((id) => waiting(id, { incidentId: id }));
    const elsewhere = waiting(4, { incidentId: 4, channel: 'C2' });
    const edit = waiting(5, { incidentId: 5, isPosted: true });
    assert.deepEqual(idsOf([...messages, elsewhere, edit], 10, roomFor(1)), [1, 4, 5]);
    assert.deepEqual(idsOf([...messages, edit], 10, roomFor(0)), [5]);
  });
  test('an incident that had its turn lets the others go first', () => {
    const messages = [1, 2].map((id) => waiting(id, { incidentId: id }));
    assert.deepEqual(idsOf(messages, 10, { ...roomFor(1), turnOf: (id) => (id === 1 ? 7 : 3) }), [2]);
  });
  test('edits of all channels share their room', () => {
    const edits = [1, 2].map((id) => waiting(id, { incidentId: id, channel: `C${id}`, isPosted: true }));
    assert.deepEqual(idsOf(edits, 10, { room: () => 1 }), [1]);
  });
});

describe('record lines', () => {
  const line = (id: number, change: Partial<WaitingMessage> = {}) => waiting(id, { kind: 'record', ...change });

  test('that follow each other in a thread go out as one post', () =>
    assert.deepEqual(foldsOf([line(1), line(2), line(3), line(4, { incidentId: 2 })]), [[1, 2, 3], [4]]));
  test('do not jump over another message', () => assert.deepEqual(foldsOf([line(1), waiting(2), line(3)]), [[1]]));
  test('that might be in Slack are on their own', () => {
    assert.deepEqual(foldsOf([line(1, { isTried: true }), line(2)]), [[1]]);
    assert.deepEqual(foldsOf([line(1), line(2, { isTried: true }), line(3)]), [[1]]);
  });
  test('are at most eight in one post', () => {
    const many = Array.from({ length: 12 }, (_, index) => line(index + 1));
    assert.equal(foldsOf(many)[0]?.length, 8);
  });
});
