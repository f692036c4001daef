import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextInLine, type WaitingMessage } from '../../../src/workflow/delivery/next-in-line.ts';

const NOW = new Date('2026-11-23T14:02:00Z');
const LATER = '2026-11-23T14:03:00.000Z';

function waiting(id: number, change: Partial<WaitingMessage> = {}): WaitingMessage {
  const waitingSince = new Date(NOW.getTime() - 60_000 + id).toISOString();
  const usual = { incidentId: 1, isHead: false, kind: 'record', isPosted: false, notBefore: null };
  return { id, waitingSince, ...usual, ...change };
}

const idsOf = (messages: readonly WaitingMessage[], limit = 10) => nextInLine(messages, limit, NOW).map(({ id }) => id);

describe('the messages to deliver next', () => {
  test('the messages to deliver next are one for each incident, the oldest new one first', () =>
    assert.deepEqual(idsOf([waiting(2), waiting(1), waiting(3, { incidentId: 2 })]), [1, 3]));
  test('a new message that has to wait delays those after it, but no edit', () => {
    const held = [waiting(1, { notBefore: LATER }), waiting(2)];
    assert.deepEqual(idsOf(held), []);
    assert.deepEqual(idsOf([...held, waiting(3, { isPosted: true })]), [3]);
  });
  test('an edit of a plan’s card goes before a new message', () =>
    assert.deepEqual(idsOf([waiting(1), waiting(2, { kind: 'plan', isPosted: true })]), [2]));
  test('an incident without its channel message goes before one that waits longer', () => {
    const head = waiting(2, { incidentId: 2, isHead: true, kind: 'status' });
    assert.deepEqual(idsOf([waiting(1), head], 1), [2]);
  });
});
