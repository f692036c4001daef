import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyOutcome } from '../../../src/model/plan/execution.ts';
import { executionCard } from '../../../src/slack/cards/execution-card.ts';
import { recordCard } from '../../../src/slack/cards/record-card.ts';
import { verificationCard } from '../../../src/slack/cards/verification-card.ts';
import { shortHash } from '../../../src/words/short-hash.ts';
import { english } from '../../support/words/english.ts';
import { buttonsOf, foldsOf, shownText } from '../card-text.ts';
import {
  appliedOutcome,
  executionMessage,
  recordMessage,
  staleOutcome,
  wellAgainMessage,
} from '../scenario-messages.ts';

test('the card of a successful plan says what was changed, that the registry is healthy, who approved, and its audit entries', () => {
  const message = wellAgainMessage();
  const card = verificationCard(message, english);
  assert.equal(
    shownText(card),
    [
      'Done. 2 directories on git01 changed as planned, and registry (uid 993) can reach the storage (tested).',
      'git01 is healthy again: /v2/ 200, health check 200.',
      '',
      '[Undo this fix…]',
      '0750 → 0751  /data/vol1/ops',
      '0700 → 0701  /data/vol1/ops/disk4t',
      '',
      `Approved by @U0BOB at 14:04 UTC · plan 142-1 ${shortHash(message.plan.hash)} · record #7 0707…, #8 0808…, #9 0909…, #10 0a0a…`,
      '',
    ].join('\n'),
  );
  assert.deepEqual(buttonsOf(card), [{ actionId: 'undo_plan', value: '142-1' }]);
  assert.deepEqual(foldsOf(card), ['Before and after: 2 directories']);
  assert.match(card.text, /^git01 is healthy again: .* Done\. 2 directories/);
});

test('the card of a plan that is out of date says what was found, what was expected, and offers a new diagnosis', () => {
  const card = executionCard(executionMessage(staleOutcome()), english);
  assert.match(
    shownText(card),
    /^Nothing was changed on git01\. \/data\/vol1\/ops is now 0755; the plan expected 0750\.\n\n\[Diagnose again\]\nApproved by @U0BOB at 14:04 UTC · plan 142-1 [0-9a-f]{4}… · record #9 0909…\n$/,
  );
  assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
});

const OTHERS: readonly [ApplyOutcome, RegExp][] = [
  [
    { kind: 'undone', why: { code: 'change-failed', action: 'chmod', detail: 'Read-only file system' }, steps: [] },
    /Rolled back on git01: chmod failed: Read-only file system\. Every directory is as it was before\./,
  ],
  [{ kind: 'refused', why: { code: 'time-is-up' } }, /Nothing was changed on git01: the plan’s time is up\./],
  [
    { kind: 'undo-failed', why: { code: 'not-recorded' }, steps: [] },
    /git01 needs attention now: the change failed and could not be rolled back: the plan could not be recorded on the host\./,
  ],
  [{ kind: 'never-started' }, /Nothing was changed on git01: the plan never started there\./],
];

for (const [outcome, words] of OTHERS) {
  test(`the card of a plan whose outcome is ${outcome.kind} says so and offers a new diagnosis`, () => {
    const card = executionCard(executionMessage(outcome), english);
    assert.match(shownText(card), words);
    assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
  });
}

test('the card of a change that failed and could not be rolled back shows every directory before and after', () => {
  const applied = appliedOutcome();
  assert.ok(applied.kind === 'applied');
  const card = executionCard(
    executionMessage({ kind: 'undo-failed', why: { code: 'interrupted-between' }, steps: applied.steps }),
    english,
  );
  assert.match(shownText(card), /Before and after, for each directory:\n0750 → 0751 {2}\/data\/vol1\/ops\n/);
  assert.deepEqual(foldsOf(card), []);
});

test('the card of a plan whose outcome is unknown says not to run the commands by hand', () => {
  const card = executionCard(executionMessage({ kind: 'unknown', why: { code: 'bot-restarted' } }), english);
  assert.match(
    shownText(card),
    /^Outcome unknown on git01: the bot restarted\. I’ll keep asking the host\. Don’t run the commands by hand\.\n/,
  );
  assert.deepEqual(buttonsOf(card), []);
});

test('the card of a plan after which the registry is still unhealthy says why and offers a new diagnosis', () => {
  const verification = {
    kind: 'not-well',
    afterMs: 45_000,
    v2: null,
    health: null,
    why: { code: 'still-unhealthy' },
  } as const;
  const card = verificationCard({ ...wellAgainMessage(), verification }, english);
  assert.match(
    shownText(card),
    /\ngit01 is still unhealthy 45 s after the change: it still says that it is unhealthy\.\n/,
  );
  assert.deepEqual(buttonsOf(card), [
    { actionId: 'diagnose_again', value: '142' },
    { actionId: 'undo_plan', value: '142-1' },
  ]);
});

test('any other recorded action gets a one-line message with its entry number and short hash', () => {
  const shown = shownText(recordCard(recordMessage(), english));
  assert.match(
    shown,
    /^Approval given \(1 of 2\) on git01 by @U0BOB at 14:04 UTC, plan 142-1 [0-9a-f]{4}… · record #7 0707…\n$/,
  );
});

test('the card of an applied undo shows each directory’s restored mode and offers a new diagnosis', () => {
  const { plan, ...message } = executionMessage();
  const card = executionCard({ ...message, plan: { ...plan, undoes: { id: plan.id, hash: plan.hash } } }, english);
  assert.match(shownText(card), /^Undone on git01: 2 directories as before plan 142-1\. /);
  assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
});
