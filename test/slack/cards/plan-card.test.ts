import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostPath } from '../../../src/model/host-path.ts';
import type { Plan, PlanState } from '../../../src/model/plan.ts';
import { planCard } from '../../../src/slack/cards/plan-card.ts';
import { buttonsOf, shownText } from '../card-text.ts';
import { incidentPlan, planMessage } from '../scenario-messages.ts';

test('a proposed plan shows the exact commands, what was before, its hash, its life and who gains what', () => {
  const plan = incidentPlan();
  const shown = shownText(planCard(planMessage('proposed', plan)));
  assert.match(
    shown,
    new RegExp(
      `^Plan 142-1 for git01 · hash ${plan.hash.slice(7, 11)}… · low risk · good until 14:17 UTC · #4 0404…\n`,
    ),
  );
  assert.match(
    shown,
    /\nchmod 0751 \/data\/vol1\/ops {2}# was 0750\nchmod 0701 \/data\/vol1\/ops\/disk4t {2}# was 0700\n/,
  );
  assert.match(
    shown,
    /Who gains what: for \/data\/vol1\/ops, every account on git01 can pass through it, and can neither list nor change it;/,
  );
  assert.match(shown, /Predicted: nothing else blocks the registry then\. Not more than that/);
});

test('a proposed plan has Approve and Reject, which carry the id of the plan and nothing else', () => {
  assert.deepEqual(buttonsOf(planCard(planMessage('proposed'))), [
    { actionId: 'approve_plan', value: '142-1' },
    { actionId: 'reject_plan', value: '142-1' },
  ]);
});

test('Approve is a danger button that asks once more: host, number of directories, who gains', () => {
  const [approve, reject] = planCard(planMessage('proposed')).blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements : [],
  );
  assert.ok(approve?.type === 'button' && reject?.type === 'button');
  assert.equal(approve.style, 'danger');
  assert.equal(reject.style, undefined);
  assert.deepEqual(approve.confirm?.title, { type: 'plain_text', text: 'Run plan 142-1 on git01?', emoji: false });
  assert.match(
    approve.confirm?.text?.text ?? '',
    /^2 directories on git01 change\. By it every account on git01 can pass through it/,
  );
});

const RECORDS: readonly [PlanState, RegExp][] = [
  ['approved', /Approved by @U0BOB, 2026-11-23 14:04 UTC\. About to run\./],
  ['executing', /Approved by @U0BOB, .* Running\./],
  ['applied', /Approved by @U0BOB, .* Done\./],
  ['undone', /Approved by @U0BOB, .* Undone: every directory is as it was before\./],
  ['failed', /Approved by @U0BOB, .* Failed: see below\./],
  ['stale', /Approved by @U0BOB, .* Stale: the host had changed, so nothing was touched\./],
  ['rejected', /Rejected by @U0BOB, 2026-11-23 14:04 UTC\.\n/],
  ['expired', /Expired: its time was up before it ran\. Nothing was changed\./],
  ['superseded', /Set aside: the host was looked at again since\. Nothing was changed\./],
];

for (const [state, record] of RECORDS) {
  test(`a plan that is ${state} has become a record without buttons`, () => {
    const card = planCard(planMessage(state));
    assert.deepEqual(buttonsOf(card), []);
    assert.match(shownText(card), record);
    assert.match(shownText(card), /chmod 0751 \/data\/vol1\/ops/);
  });
}

test('a plan of 64 steps is shown whole and can be approved', () => {
  const card = planCard(planMessage('proposed', planWith(64, '/data/vol1/ops/some/ordinary/directory')));
  assert.equal(shownText(card).match(/^chmod /gm)?.length, 64);
  assert.equal(buttonsOf(card)[0]?.actionId, 'approve_plan');
});

test('a plan that cannot be shown whole can be rejected, but not approved', () => {
  const card = planCard(planMessage('proposed', planWith(64, `/${'d'.repeat(4_000)}`)));
  assert.deepEqual(buttonsOf(card), [{ actionId: 'reject_plan', value: '142-1' }]);
  assert.match(shownText(card), /… 63 more steps left out here/);
  assert.match(shownText(card), /63 steps of it did not fit\. Nobody should approve what they cannot see/);
});

function planWith(amount: number, path: string): Plan {
  const plan = incidentPlan();
  const [step] = plan.steps;
  assert.ok(step);
  return {
    ...plan,
    steps: Array.from({ length: amount }, (_, index) => ({ ...step, path: HostPath.parse(`${path}${index}`) })),
  };
}
