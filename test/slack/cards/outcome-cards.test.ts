import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyOutcome } from '../../../src/model/execution.ts';
import { executionCard } from '../../../src/slack/cards/execution-card.ts';
import { recordCard } from '../../../src/slack/cards/record-card.ts';
import { verificationCard } from '../../../src/slack/cards/verification-card.ts';
import { shortHash } from '../../../src/words/en/record.ts';
import { buttonsOf, shownText } from '../card-text.ts';
import { executionMessage, recordMessage, staleOutcome, wellAgainMessage } from '../scenario-messages.ts';

test('an applied plan shows each directory before and after, and who was really tried', () => {
  const message = executionMessage();
  const card = executionCard(message);
  assert.equal(
    shownText(card),
    `Done on git01: 2 directories as planned; registry (uid 993) now reaches the storage, really tried. Plan 142-1 ${shortHash(message.plan.hash)} · #9 0909…\n` +
      '0750 → 0751  /data/vol1/ops\n0700 → 0701  /data/vol1/ops/disk4t\n',
  );
  assert.deepEqual(buttonsOf(card), []);
});

test('a stale plan says what was found against what was planned, and offers a new diagnosis', () => {
  const card = executionCard(executionMessage(staleOutcome()));
  assert.match(
    shownText(card),
    /^Nothing was changed on git01: \/data\/vol1\/ops is now 0755, the plan was made for 0750\. Plan 142-1 [0-9a-f]{4}… · #9/,
  );
  assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
});

const OTHERS: readonly [ApplyOutcome, RegExp][] = [
  [
    { kind: 'undone', why: 'the second chmod failed', steps: [] },
    /Undone on git01: the second chmod failed\. Every directory is as it was before\./,
  ],
  [{ kind: 'refused', why: 'the host is unreachable' }, /Nothing was changed on git01: the host is unreachable\./],
  [{ kind: 'undo-failed', why: 'no space left on device', steps: [] }, /Somebody has to look at git01 now/],
  [{ kind: 'never-started' }, /Nothing was changed on git01: the plan never started there\./],
];

for (const [outcome, words] of OTHERS) {
  test(`an outcome that is ${outcome.kind} says so and offers a new diagnosis`, () => {
    const card = executionCard(executionMessage(outcome));
    assert.match(shownText(card), words);
    assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
  });
}

test('well again: after how long, and by whose word', () => {
  const card = verificationCard(wellAgainMessage());
  assert.equal(
    shownText(card),
    `git01 is well again after 4 minutes: its registry answers /v2/ with 200 and its health check with 200 {}. Plan 142-1 ${shortHash(executionMessage().plan.hash)} · #10 0a0a…\n\n[Undo]`,
  );
  assert.deepEqual(buttonsOf(card), [{ actionId: 'undo_plan', value: '142-1' }]);
});

test('not well yet: why, and a new diagnosis is offered', () => {
  const verification = {
    kind: 'not-well',
    afterMs: 45_000,
    v2: null,
    health: null,
    why: 'it still answers 503',
  } as const;
  const card = verificationCard({ ...wellAgainMessage(), verification, incidentMs: null });
  assert.match(shownText(card), /^git01 is not well yet, 45 s after the change: it still answers 503\./);
  assert.deepEqual(buttonsOf(card), [
    { actionId: 'diagnose_again', value: '142' },
    { actionId: 'undo_plan', value: '142-1' },
  ]);
});

test('any other act is one line with its number and short hash', () => {
  const shown = shownText(recordCard(recordMessage()));
  assert.match(shown, /^Plan approved on git01 by @U0BOB, 14:04 UTC, plan 142-1 [0-9a-f]{4}… · #7 0707…\n$/);
});

test('an undo says what the directories are again, and offers a new diagnosis', () => {
  const { plan, ...message } = executionMessage();
  const card = executionCard({ ...message, plan: { ...plan, undoes: { id: plan.id, hash: plan.hash } } });
  assert.match(shownText(card), /^Taken back on git01: 2 directories as before plan 142-1; /);
  assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
});
