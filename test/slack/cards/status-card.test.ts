import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import type { PlanState } from '../../../src/model/plan/plan.ts';
import { AlertSourceName } from '../../../src/model/record/alert.ts';
import { GroupId, PlanId, UserId } from '../../../src/model/record/ids.ts';
import type { StatusMessage } from '../../../src/model/record/messages/status-message.ts';
import { statusCard } from '../../../src/slack/cards/status-card.ts';
import { english } from '../../support/words/english.ts';
import { buttonsOf, shownText } from '../card-text.ts';
import { BOB, incidentDiagnosis, incidentPlan, statusMessage } from '../scenario-messages.ts';

const FRESH = { diagnosis: null, plan: null, recordEntries: 1 } as const;

test('the channel message says what is broken, where, who must act, who requested it and when', () => {
  assert.equal(
    shownText(statusCard(statusMessage(), english)),
    'git01: the registry can’t reach its storage (503) · incident 142\n' +
      'Plan: ready · Review: waiting for @U0BOB or @U0CAROL · Execution: not started · Record: 4 entries\n' +
      'Requested by @U0ALICE at 14:02 UTC\n\n[Acknowledge]',
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
  ['withdrawn', /Plan: withdrawn · Review: – · Execution: –/],
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
  assert.match(
    shownText(card),
    /\nResolved at 14:06 UTC, 4 minutes after the incident was opened\nExport the record: registry-doctor audit export 142\n$/,
  );
  assert.equal(
    card.text,
    'git01: the registry is healthy again (incident 142). Resolved 4 minutes after the incident was opened.',
  );
});

test('the final channel message says how long the registry was down, and what took how long', () => {
  const numbers = {
    downSince: '2026-11-23T14:02:05.000Z',
    downMs: 250_000,
    noticedAfterMs: 5_000,
    countedFrom: '2026-11-23T14:02:10.000Z',
    verdictAfterMs: 400,
    approvedAfterMs: 140_000,
    recoveredAfterMs: 245_000,
  };
  const card = statusCard(statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z', numbers }), english);
  assert.match(
    shownText(card),
    /\nDown for 4 minutes, from 14:02 UTC to 14:06 UTC\nNoticed 5\.0 s after the first failed check; verdict 0\.4 s and approval 2 minutes after the incident was opened\nExport the record: /,
  );
  assert.match(card.text, /The registry was down for 4 minutes\.$/);
  const { downMs: _, ...withoutEnd } = { ...numbers, countedFrom: '2026-11-23T14:03:00.000Z' };
  const reopened = statusCard(statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z', numbers: withoutEnd }), english);
  assert.match(shownText(reopened), /verdict 0\.4 s and approval 2 minutes after the new diagnosis was requested\n/);
  assert.doesNotMatch(shownText(reopened), /Down for/);
});

test('an incident that has ended offers its record: by a button where files can be posted, else by the command', () => {
  const files = { canPostFiles: true };
  const ended = statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z' });
  assert.deepEqual(buttonsOf(statusCard(ended, english, files)), [{ actionId: 'post_record', value: '142' }]);
  assert.doesNotMatch(shownText(statusCard(ended, english, files)), /audit export/);
  assert.deepEqual(buttonsOf(statusCard(ended, english)), []);
  assert.deepEqual(
    buttonsOf(statusCard(statusMessage(), english, files)).map(({ actionId }) => actionId),
    ['acknowledge'],
    'it is still open',
  );
});

test('the channel message of an incident that monitoring opened names no person', () => {
  const card = statusCard(statusMessage({ openedBy: { kind: 'bot', part: 'watch' } }), english);
  assert.match(shownText(card), /\nDetected by monitoring at 14:02 UTC\n\n\[Acknowledge\]$/);
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
    /\nReported by the alert source prometheus at 14:02 UTC\nThe alert says: “Registry <!channel> down” http:\/\/prometheus:9090\/graph\n\n\[Acknowledge\]$/,
  );
  const healthy: Diagnosis = { ...incidentDiagnosis(), verdict: 'healthy', findings: [] };
  const resolved = statusCard({ ...opened, diagnosis: healthy, plan: null, resolvedAt: opened.openedAt }, english);
  assert.match(shownText(resolved), /^git01: the registry is healthy · incident 142\n/);
  assert.match(
    resolved.text,
    /^git01: the registry is healthy \(incident 142\)\. .*The alert says: “Registry &lt;!channel&gt; down”/,
  );
});

const ON_CALL = { users: [UserId.parse('U0CAROL')], groups: [GroupId.parse('S0ONCALL')], isQuiet: false };

/** The mentions in the blocks and in the text of a card, without those of a plan's approvers. */
function mentionsIn(status: StatusMessage): readonly string[] {
  const card = statusCard({ ...status, plan: null }, english);
  const inBlocks = JSON.stringify(card.blocks).match(/(?<="(?:user|usergroup)_id":")\w+/g) ?? [];
  const inText = card.text.match(/(?<=<@|<!subteam\^)\w+/g) ?? [];
  assert.deepEqual(inText.toSorted(), inBlocks.filter((id) => id !== 'U0ALICE').toSorted(), card.text);
  return inText;
}

test('an open incident mentions who is on call', () => {
  assert.deepEqual(mentionsIn(statusMessage({ onCall: ON_CALL })), ['U0CAROL', 'S0ONCALL']);
  assert.match(shownText(statusCard(statusMessage({ onCall: ON_CALL }), english)), /\nOn call: @U0CAROL and /);
});

test('in quiet hours the people on call are named without a mention', () => {
  const onCall = { ...ON_CALL, isQuiet: true, names: ['carol', 'oncall <!channel>'] };
  assert.deepEqual(mentionsIn(statusMessage({ onCall })), []);
  const card = statusCard(statusMessage({ onCall }), english);
  assert.match(shownText(card), /\nOn call: carol and oncall <!channel> \(quiet hours\)\n/);
  assert.match(card.text, / On call: carol and oncall &lt;!channel&gt; \(quiet hours\)\.$/);
});

test('once someone is on an incident it says who and since when, and others can take over', () => {
  const acknowledged = { by: BOB, at: '2026-11-23T14:03:20.000Z' };
  const card = statusCard(statusMessage({ onCall: ON_CALL, acknowledged }), english);
  assert.match(shownText(card), /\n@U0BOB is on it since 14:03 UTC\n\n\[Take over\]$/);
  assert.doesNotMatch(JSON.stringify(card), /S0ONCALL/);
  assert.deepEqual(buttonsOf(card), [{ actionId: 'acknowledge', value: '142' }]);
});

test('an incident that is over mentions no one on call and can’t be acknowledged', () => {
  const acknowledged = { by: BOB, at: '2026-11-23T14:03:20.000Z' };
  for (const end of [{ isOpen: false }, { resolvedAt: '2026-11-23T14:06:15.000Z' }]) {
    for (const people of [{ onCall: ON_CALL }, { onCall: ON_CALL, acknowledged }]) {
      const card = statusCard(statusMessage({ ...people, ...end }), english);
      assert.deepEqual(buttonsOf(card), []);
      assert.doesNotMatch(JSON.stringify(card), /S0ONCALL|is on it/);
    }
  }
});
