import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import type { PlanState } from '../../../src/model/plan/plan.ts';
import { AlertSourceName } from '../../../src/model/record/alert.ts';
import { PlanId } from '../../../src/model/record/ids.ts';
import type { StatusMessage } from '../../../src/model/record/thread-message.ts';
import { statusCard } from '../../../src/slack/cards/status-card.ts';
import { english } from '../../support/english.ts';
import { shownText } from '../card-text.ts';
import { BOB, incidentDiagnosis, incidentPlan, statusMessage } from '../scenario-messages.ts';

const FRESH = { diagnosis: null, plan: null, recordEntries: 1 } as const;

test('the channel message says what is broken, where, who must act, who requested it and when', () => {
  assert.equal(
    shownText(statusCard(statusMessage(), english)),
    'git01: the registry can’t reach its storage (503) · incident 142\n' +
      'Plan: ready · Review: waiting for @U0BOB or @U0CAROL · Execution: not started · Record: 4 entries\n' +
      'Requested by @U0ALICE at 14:02 UTC\n',
  );
});

test('the channel message of a plan without listed approvers waits for “an approver”', () => {
  const plan = { id: incidentPlan().id, state: 'proposed' } as const;
  assert.match(
    shownText(statusCard(statusMessage({ plan }), english)),
    /Review: waiting for an approver · Execution: not started/,
  );
});

test('the channel message of a plan that needs two approvals counts the given ones', () => {
  const plan = { id: incidentPlan().id, state: 'proposed', approvals: { given: 1, needed: 2 } } as const;
  assert.match(
    shownText(statusCard(statusMessage({ plan }), english)),
    /Review: 1 of 2 approvals, waiting for an approver ·/,
  );
});

const STAGES: readonly [StatusMessage['stage'], string][] = [
  ['queued', 'Diagnosis: queued · Record: 1 entry'],
  ['connecting', 'Diagnosis: checking the host (step 1 of 2) · Record: 1 entry'],
  ['judging', 'Diagnosis: analyzing the results (step 2 of 2) · Record: 1 entry'],
];

for (const [stage, line] of STAGES) {
  test(`the channel message of an incident shows its stage ${stage}`, () => {
    const shown = shownText(statusCard(statusMessage({ ...FRESH, stage }), english));
    assert.match(shown, /^git01: diagnosing the registry · incident 142\n/);
    assert.equal(shown.split('\n')[1], line);
  });
}

const PLAN_STATES: readonly [PlanState, RegExp][] = [
  ['approved', /Plan: 142-1 · Review: approved by @U0BOB · Execution: about to start/],
  ['executing', /Plan: 142-1 · Review: approved by @U0BOB · Execution: running/],
  ['applied', /Plan: 142-1 · Review: approved by @U0BOB · Execution: done/],
  ['undone', /Review: approved by @U0BOB · Execution: rolled back/],
  ['failed', /Review: approved by @U0BOB · Execution: failed, see the thread/],
  ['stale', /Plan: out of date · Review: approved by @U0BOB · Execution: not run, nothing changed/],
  ['rejected', /Plan: 142-1 · Review: rejected by @U0BOB · Execution: –/],
  ['expired', /Plan: expired before it ran · Review: – · Execution: –/],
  ['superseded', /Plan: replaced · Review: – · Execution: –/],
];

for (const [state, line] of PLAN_STATES) {
  test(`the channel message and its notification text show that the plan is ${state}`, () => {
    const card = statusCard(statusMessage({ plan: { id: incidentPlan().id, state, decidedBy: [BOB] } }), english);
    assert.match(shownText(card), line);
    assert.match(card.text, /^git01: the registry can’t reach its storage \(503\) \(incident 142\)\. Plan: .*\.$/);
  });
}

test('the channel message of an approved plan that waits for another plan names that plan', () => {
  const plan = { id: incidentPlan().id, state: 'approved', waitsFor: PlanId.parse('141-2') } as const;
  assert.match(shownText(statusCard(statusMessage({ plan }), english)), /Execution: waiting for plan 141-2 ·/);
});

test('the final channel message has the time, and how long the incident was open', () => {
  const card = statusCard(statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z' }), english);
  assert.match(shownText(card), /^git01: the registry is healthy again · incident 142\n/);
  assert.match(shownText(card), /\nResolved at 14:06 UTC, 4 minutes after the incident was opened\n$/);
  assert.equal(
    card.text,
    'git01: the registry is healthy again (incident 142). Resolved 4 minutes after the incident was opened.',
  );
});

test('the channel message of an incident that monitoring opened names no person', () => {
  const card = statusCard(statusMessage({ openedBy: { kind: 'bot', part: 'watch' } }), english);
  assert.match(shownText(card), /\nDetected by monitoring at 14:02 UTC\n$/);
});

test('an incident behind a healthy answer says that the registry called itself healthy', () => {
  const card = statusCard(statusMessage({ openedBy: { kind: 'bot', part: 'deep-look' } }), english);
  const origin =
    'Detected by a full diagnosis by monitoring at 14:02 UTC, although the registry said that it was healthy';
  assert.ok(shownText(card).includes(origin), shownText(card));
});

test('the channel message of an incident from an alert quotes the alert, even if the registry is healthy', () => {
  const alert = {
    source: AlertSourceName.parse('prometheus'),
    summary: 'Registry <!channel> down',
    link: 'http://prometheus:9090/graph',
  };
  const opened = statusMessage({ alert, openedBy: { kind: 'alert', source: alert.source } });
  assert.match(
    shownText(statusCard(opened, english)),
    /\nReported by the alert source prometheus at 14:02 UTC\nThe alert says: “Registry <!channel> down” http:\/\/prometheus:9090\/graph\n$/,
  );
  const healthy: Diagnosis = { ...incidentDiagnosis(), verdict: 'healthy', findings: [] };
  const resolved = statusCard({ ...opened, diagnosis: healthy, plan: null, resolvedAt: opened.openedAt }, english);
  assert.match(shownText(resolved), /^git01: the registry is healthy · incident 142\n/);
  assert.match(
    resolved.text,
    /^git01: the registry is healthy \(incident 142\)\. .*The alert says: “Registry &lt;!channel&gt; down”/,
  );
});
