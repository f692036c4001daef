import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanState } from '../../../src/model/plan.ts';
import type { StatusMessage } from '../../../src/model/thread-message.ts';
import { statusCard } from '../../../src/slack/cards/status-card.ts';
import { shownText } from '../card-text.ts';
import { incidentPlan, statusMessage } from '../scenario-messages.ts';

const FRESH = { diagnosis: null, plan: null, recordEntries: 1 } as const;

test('the channel message says what is broken, which incident it is, who asked and when', () => {
  assert.equal(
    shownText(statusCard(statusMessage())),
    'git01: the registry can’t reach its storage · incident 142 · asked by @U0ALICE, 14:02 UTC\n' +
      'Plan: ready · Review: waiting for an approver · Execution: – · Record: 4 entries\n',
  );
});

const STAGES: readonly [StatusMessage['stage'], string][] = [
  ['queued', 'Diagnosis: waiting for its turn · Record: 1 entry'],
  ['connecting', 'Diagnosis: looking at the host (1 of 2) · Record: 1 entry'],
  ['judging', 'Diagnosis: judging what was seen (2 of 2) · Record: 1 entry'],
];

for (const [stage, line] of STAGES) {
  test(`while it is ${stage}, the stage is in the message`, () => {
    const shown = shownText(statusCard(statusMessage({ ...FRESH, stage })));
    assert.match(shown, /^git01: diagnosing the registry · incident 142/);
    assert.equal(shown.split('\n')[1], line);
  });
}

const PLAN_STATES: readonly [PlanState, RegExp][] = [
  ['approved', /Review: approved · Execution: about to start/],
  ['executing', /Review: approved · Execution: running/],
  ['applied', /Review: approved · Execution: done/],
  ['undone', /Execution: undone, as before/],
  ['failed', /Execution: failed, see the thread/],
  ['stale', /Plan: stale · .* Execution: nothing was changed/],
  ['rejected', /Review: rejected · Execution: –/],
  ['expired', /Plan: expired before it ran/],
  ['superseded', /Plan: set aside after a newer look at the host/],
];

for (const [state, line] of PLAN_STATES) {
  test(`a plan that is ${state} shows in the message and in its text`, () => {
    const card = statusCard(statusMessage({ plan: { id: incidentPlan().id, state } }));
    assert.match(shownText(card), line);
    assert.match(card.text, /^git01: the registry can’t reach its storage \(incident 142\)\. Plan .*\.$/);
  });
}

test('when the registry is well again, the message says so and after how long', () => {
  const card = statusCard(statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z' }));
  assert.match(shownText(card), /^git01: the registry is well again · .* · well again after 4 minutes, 14:06 UTC/);
  assert.equal(card.text, 'git01: the registry is well again (incident 142). It took 4 minutes.');
});

test('what the watch opened names no person', () => {
  const card = statusCard(statusMessage({ openedBy: { kind: 'bot', part: 'watch' } }));
  assert.match(shownText(card), /noticed by the watch, 14:02 UTC/);
});
