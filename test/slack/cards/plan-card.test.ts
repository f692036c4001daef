import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostPath } from '../../../src/model/host-path.ts';
import { PlanId } from '../../../src/model/ids.ts';
import { type Plan, type PlanState, PlanStep } from '../../../src/model/plan.ts';
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

const CHOWN = PlanStep.parse({
  action: 'chown',
  path: '/data/vol1/registry',
  from: '993:988',
  to: '0:988',
  gainingPrincipal: 'registry',
  precondition: { device: '1', inode: '2', mode: '0750', uid: 993, gid: 988 },
});
const TREE = PlanStep.parse({ ...CHOWN, to: '1001:100', tree: { entries: 12, digest: 'a'.repeat(64) } });
const OPENED = PlanStep.parse({ ...incidentPlan().steps[0], from: '0701', to: '0756' });

const UNDONE: readonly (readonly [what: string, steps: readonly PlanStep[], says: RegExp])[] = [
  ['the way through', incidentPlan().steps.map(reversed), /Nobody gains anything by it/],
  ['an owner', [CHOWN], /By it uid 0 owns the directory again, with all that an owner may do/],
  [
    'owners and groups of a tree',
    [CHOWN, TREE],
    /By it uid 0 owns the directory again, .*; uid 1001 owns 12 entries below the directory again, .*; gid 100 is the group of 12 entries/,
  ],
  [
    'a mode that took',
    [OPENED],
    /By it every member of its group may read and enter the directory again; every other account may read and write to the directory again/,
  ],
];

for (const [what, steps, says] of UNDONE) {
  test(`a plan that takes ${what} back says who gains by it, on its card and where it asks once more`, () => {
    const plan = {
      ...incidentPlan(),
      steps: [...steps],
      undoes: { id: PlanId.parse('142-9'), hash: incidentPlan().hash },
    };
    const card = planCard(planMessage('proposed', plan));
    assert.match(shownText(card), says);
    const [approve] = card.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    assert.ok(approve?.type === 'button');
    const asked = approve.confirm?.text?.text ?? '';
    assert.ok(says.test(asked) || asked.endsWith('The card says who gains what.'), asked);
  });
}

const RECORDS: readonly [PlanState, RegExp][] = [
  ['approved', /Approved by @U0BOB, 2026-11-23 14:04 UTC\. About to run\./],
  ['executing', /Approved by @U0BOB, .* Running\./],
  ['applied', /Approved by @U0BOB, .* Done\./],
  ['undone', /Approved by @U0BOB, .* Undone: every directory is as it was before\./],
  ['failed', /Approved by @U0BOB, .* Failed: see below\./],
  ['stale', /Approved by @U0BOB, .* Stale: the host had changed, so nothing was touched\./],
  ['rejected', /Rejected by @U0BOB, 2026-11-23 14:04 UTC\.\n/],
  ['expired', /Expired: its time was up before it ran\. Nothing was changed\./],
  ['superseded', /Set aside: something newer is known of its host\. Nothing was changed\./],
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

function reversed(step: PlanStep): PlanStep {
  return PlanStep.parse({ ...step, from: step.to, to: step.from });
}

function planWith(amount: number, path: string): Plan {
  const plan = incidentPlan();
  const [step] = plan.steps;
  assert.ok(step);
  return {
    ...plan,
    steps: Array.from({ length: amount }, (_, index) => ({ ...step, path: HostPath.parse(`${path}${index}`) })),
  };
}
