import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryMark } from '../../../src/model/record/messages/thread-message.ts';
import { KnownEnd } from '../../../src/store/postgres/known-end.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { mark } from '../../slack/scenario-messages.ts';

const SERVER = 'postgres://127.0.0.1/record';

/** A bot that has seen these entries. It logs nothing. */
function endAt(...seen: readonly EntryMark[]): KnownEnd {
  const known = new KnownEnd(SERVER);
  for (const entry of seen) known.see(entry);
  return known;
}

function isOlderCopy(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable)) return false;
  const { operatorProblem } = error;
  return operatorProblem.code === 'store' && operatorProblem.problem.kind === 'older-copy';
}

test('an entry that is appended while the question about the newest one is on its way makes no older copy of the record', () => {
  const known = endAt(mark(5));
  const question = known.question();
  known.see(mark(6));
  question.require([mark(5)]);
  assert.throws(() => known.question().require([mark(5)]), isOlderCopy);
});

test('a bot that has fallen behind by more entries than one answer holds goes on, and asks from the newest of them', () => {
  const known = endAt(mark(5));
  const question = known.question();
  known.see(mark(200));
  question.require([mark(5), mark(6), mark(104)]);
  assert.match(known.question().text, /sequence >= 200 /);
});

for (const [what, rows] of [
  ['ends before it', []],
  ['has another entry in its place', [{ sequence: 5, hash: mark(6).hash }]],
] as const) {
  test(`nothing is done on a database without the newest entry that the bot has seen: one that ${what}`, () => {
    assert.throws(() => endAt(mark(5)).question().require(rows), isOlderCopy);
  });
}

test('a bot that has seen no entry takes the newest one of the database for the end of the record', () => {
  const known = endAt();
  known.question().require([mark(7)]);
  assert.match(known.question().text, /sequence >= 7 /);
});
