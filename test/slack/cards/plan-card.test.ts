import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { type Plan, type PlanState, PlanStep } from '../../../src/model/plan/plan.ts';
import { GroupId, PlanId, UserId } from '../../../src/model/record/ids.ts';
import { planCard } from '../../../src/slack/cards/plan-card.ts';
import { english } from '../../support/words/english.ts';
import { buttonsOf, foldsOf, shownText } from '../card-text.ts';
import { ALICE, BOB, incidentPlan, planMessage } from '../scenario-messages.ts';

test('the card of a new plan shows risk, expiry, exact commands, who gains access and what is expected', () => {
  const shown = shownText(planCard(planMessage('proposed'), english));
  assert.ok(
    shown.startsWith(
      [
        'Plan 142-1 for git01 · low access risk · expires 14:17 UTC',
        'chmod 0751 /data/vol1/ops         # was 0750',
        'chmod 0701 /data/vol1/ops/disk4t  # was 0700',
        '',
        'Who gains access: every account on git01 can pass through these 2 directories. No one gains the right to list or change them.',
        'Expected: nothing else blocks the registry. It recovers on its own, no restart. The fix survives a reboot.',
        '',
        '[Approve and run][Reject][Withdraw]',
      ].join('\n'),
    ),
    shown,
  );
});

test('the card of a new plan ends with the plan’s hash and audit entry', () => {
  const plan = incidentPlan();
  const last = shownText(planCard(planMessage('proposed', plan), english))
    .trim()
    .split('\n')
    .at(-1);
  assert.equal(last, `Plan hash ${plan.hash.slice(7, 11)}… · record #4 0404…`);
});

test('the plan card folds the details of who gains access, and the narrower option', () => {
  const card = planCard(planMessage('proposed'), english);
  assert.deepEqual(foldsOf(card), ['Narrower option: an ACL for registry only', 'What exactly changes']);
  const shown = shownText(card);
  assert.match(
    shown,
    /\nsetfacl -m user:993:--x \/data\/vol1\/ops\nsetfacl -m user:993:--x \/data\/vol1\/ops\/disk4t\n/,
  );
  assert.match(
    shown,
    /Exactly: for \/data\/vol1\/ops, every account on git01 can pass through it, but not list or change it; for \/data\/vol1\/ops\/disk4t, every account on git01 outside the directory's own group can pass through it/,
  );
  assert.match(shown, /Adds only the missing permission bits, .* No one gains write access\./);
});

test('the plan card promises neither recovery nor that the fix lasts if neither was predicted', () => {
  const { outlook: _, ...message } = planMessage('proposed');
  assert.match(shownText(planCard(message, english)), /\nExpected: nothing else blocks the registry\.\n/);
});

test('the plan card says that the fix will not survive a reboot', () => {
  const message = planMessage('proposed');
  const durability = message.outlook?.durability ?? assert.fail();
  const outlook = { recoversAlone: true, durability: { ...durability, reboot: 'breaks' as const } };
  const shown = shownText(planCard({ ...message, outlook }, english));
  assert.match(shown, /\nExpected: nothing else blocks the registry\. It recovers on its own, no restart\.\n/);
  assert.match(shown, /\nSurvives a reboot: no\. It breaks again at the next reboot\./);
});

test('the plan card says that the plan does not remove everything that blocks the registry', () => {
  const plan = { ...incidentPlan(), clearsEveryBlocker: false };
  assert.match(
    shownText(planCard(planMessage('proposed', plan), english)),
    /\nExpected: this removes the blocks listed\. Something else still blocks the registry, or could not be checked\.\n/,
  );
});

test('the buttons Approve, Reject, Withdraw and narrower option on a plan card carry nothing but the plan’s id', () => {
  assert.deepEqual(buttonsOf(planCard(planMessage('proposed'), english)), [
    { actionId: 'approve_plan', value: '142-1' },
    { actionId: 'reject_plan', value: '142-1' },
    { actionId: 'withdraw_plan', value: '142-1' },
    { actionId: 'use_narrower', value: '142-1' },
  ]);
});

test('the card of a plan without a narrower option has no button for one', () => {
  const { alternatives: _, ...plan } = incidentPlan();
  const buttons = buttonsOf(planCard(planMessage('proposed', plan), english));
  assert.deepEqual(
    buttons.map(({ actionId }) => actionId),
    ['approve_plan', 'reject_plan', 'withdraw_plan'],
  );
});

test('a plan that no person requested has no Withdraw', () => {
  const plan: Plan = { ...incidentPlan(), requestedBy: { kind: 'bot', part: 'watch' } };
  const actions = buttonsOf(planCard(planMessage('proposed', plan), english)).map(({ actionId }) => actionId);
  assert.deepEqual(actions, ['approve_plan', 'reject_plan', 'use_narrower']);
});

const APPROVERS = { users: [UserId.parse('U0BOB'), UserId.parse('U0CAROL')], groups: [GroupId.parse('S0ADMINS')] };

test('a plan that waits mentions those who can decide on it, on the card and in its text', () => {
  const card = planCard({ ...planMessage('proposed'), approvers: APPROVERS }, english);
  const mentioned = JSON.stringify(card.blocks).match(/"(?:user|usergroup)_id":"\w+"/g);
  assert.deepEqual(mentioned, ['"user_id":"U0BOB"', '"user_id":"U0CAROL"', '"usergroup_id":"S0ADMINS"']);
  assert.match(card.text, /Waiting for <@U0BOB>, <@U0CAROL> or <!subteam\^S0ADMINS>\./);
});

test('a plan that one of two has approved mentions only the others', () => {
  const message = { ...planMessage('proposed'), approvers: APPROVERS, review: { needed: 2, approvals: ONE_OF_TWO } };
  const { text } = planCard(message, english);
  assert.match(text, /1 of 2 approvals: <@U0BOB>\. 1 more needed\. Waiting for <@U0CAROL> or <!subteam\^S0ADMINS>\./);
});

test('a plan that is over mentions no approver', () => {
  for (const state of ['expired', 'superseded', 'withdrawn'] as const) {
    const card = planCard({ ...planMessage(state), approvers: APPROVERS }, english);
    assert.doesNotMatch(JSON.stringify(card), /U0BOB|S0ADMINS/);
  }
});

test('of many approvers the card mentions the first twenty and counts the others', () => {
  const users = Array.from({ length: 100 }, (_, index) => UserId.parse(`U0APPROVER${index}`));
  const { text } = planCard({ ...planMessage('proposed'), approvers: { users, groups: [] } }, english);
  assert.equal(text.match(/<@U0APPROVER/g)?.length, 20);
  assert.match(text, /or 80 more\./);
});

test('the card of a withdrawn plan says who withdrew it and when', () => {
  const withdrawn = { by: ALICE, at: '2026-11-23T14:04:30.000Z' };
  const shown = shownText(planCard({ ...planMessage('withdrawn'), withdrawn }, english));
  assert.match(shown, /\nWithdrawn by @U0ALICE at 14:04 UTC\. Nothing was changed\.\n/);
});

function approveButton(message = planMessage('proposed')) {
  const [approve] = planCard(message, english).blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements : [],
  );
  assert.ok(approve?.type === 'button');
  return approve;
}

test('the card of a recommended low-risk plan has a green button, whose dialog says what changes and who gains access', () => {
  const approve = approveButton();
  assert.equal(approve.style, 'primary');
  assert.equal(approve.text.text, 'Approve and run');
  assert.deepEqual(approve.confirm, {
    title: { type: 'plain_text', text: 'Run plan 142-1 on git01?', emoji: false },
    text: {
      type: 'plain_text',
      text: 'Changes 2 directories: /data/vol1/ops to 0751, /data/vol1/ops/disk4t to 0701. Every account on git01 will be able to pass through them.',
      emoji: false,
    },
    confirm: { type: 'plain_text', text: 'Approve and run', emoji: false },
    deny: { type: 'plain_text', text: 'Cancel', emoji: false },
    style: 'primary',
  });
});

test('the Reject button of a plan card has no color', () => {
  const [, reject] = planCard(planMessage('proposed'), english).blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements : [],
  );
  assert.ok(reject?.type === 'button' && reject.style === undefined);
});

test('the card of a high-risk plan has a red Approve button', () => {
  const approve = approveButton(planMessage('proposed', { ...incidentPlan(), risk: 'high' }));
  assert.equal(approve.style, 'danger');
  assert.equal(approve.text.text, 'Approve and run');
});

const ONE_OF_TWO = [{ by: BOB, at: '2026-11-23T14:04:30.000Z' }];

test('the first of two approvers reads on the Approve button and in its dialog that nothing runs yet', () => {
  const approve = approveButton({ ...planMessage('proposed'), review: { needed: 2, approvals: [] } });
  assert.equal(approve.text.text, 'Approve (1 of 2)');
  assert.equal(approve.confirm?.title?.text, 'Approve plan 142-1 for git01?');
  assert.match(
    approve.confirm?.text?.text ?? '',
    /^Your approval counts as 1 of 2\. Nothing runs yet\. Changes 2 directories/,
  );
  assert.equal(approve.confirm?.confirm?.text, 'Approve (1 of 2)');
});

test('the last of two approvers reads on the Approve button and in its dialog that the plan runs', () => {
  const message = { ...planMessage('proposed'), review: { needed: 2, approvals: ONE_OF_TWO } };
  const approve = approveButton(message);
  assert.equal(approve.text.text, 'Approve and run');
  assert.doesNotMatch(approve.confirm?.text?.text ?? '', /Nothing runs yet/);
  assert.match(shownText(planCard(message, english)), /\n1 of 2 approvals: @U0BOB\. 1 more needed\.\n/);
});

const UNDO = { undoes: { id: PlanId.parse('142-9'), hash: incidentPlan().hash } };

test('the card of an undo of a working fix says in its title, red button and dialog that it breaks the registry', () => {
  const message = planMessage('proposed', { ...incidentPlan(), ...UNDO });
  const shown = shownText(planCard(message, english));
  assert.match(
    shown,
    /^Plan 142-1: undo plan 142-9 · breaks the registry again · low access risk · expires 14:17 UTC\n/,
  );
  assert.match(shown, /\nRestores the previous modes\. registry loses access to its storage, so expect 503\. /);
  const approve = approveButton(message);
  assert.equal(approve.style, 'danger');
  assert.equal(approve.text.text, 'Undo and break the registry');
  assert.equal(approve.confirm?.title?.text, 'Undo plan 142-9 on git01?');
  assert.match(
    approve.confirm?.text?.text ?? '',
    /^The registry will lose access to its storage again\. Restores the previous modes of 2 directories\./,
  );
  assert.equal(approve.confirm?.confirm?.text, 'Undo and break the registry');
});

test('the plan card and its dialog count the entries whose owner changes', () => {
  const plan = { ...incidentPlan(), steps: [{ ...TREE, tree: { entries: 97, digest: 'a'.repeat(64) } } as PlanStep] };
  const card = planCard(planMessage('proposed', plan), english);
  assert.match(card.text, /^Plan 142-1 for git01 changes 97 entries\./);
  assert.match(approveButton(planMessage('proposed', plan)).confirm?.text?.text ?? '', /^Changes 97 entries: /);
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
  ['search permission for the path', incidentPlan().steps.map(reversed), /No one gains access by it/],
  ['an owner', [CHOWN], /By it uid 0 owns the directory again, with all that an owner can do/],
  [
    'owners and groups of a tree',
    [CHOWN, TREE],
    /By it uid 0 owns the directory again, .*; uid 1001 owns 12 entries below the directory again, .*; gid 100 is the group of 12 entries/,
  ],
  [
    'a mode that removed bits',
    [OPENED],
    /By it every member of its group can read and enter the directory again; every other account can read and write to the directory again/,
  ],
];

for (const [what, steps, says] of UNDONE) {
  test(`the card and dialog of an undo of ${what} say who gains access`, () => {
    const plan = {
      ...incidentPlan(),
      steps: [...steps],
      undoes: { id: PlanId.parse('142-9'), hash: incidentPlan().hash },
    };
    const card = planCard(planMessage('proposed', plan), english);
    assert.match(shownText(card), says);
    const [approve] = card.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    assert.ok(approve?.type === 'button');
    const asked = approve.confirm?.text?.text ?? '';
    assert.ok(says.test(asked) || asked.endsWith('The card shows every change and who gains access.'), asked);
  });
}

const RECORDS: readonly [PlanState, RegExp][] = [
  ['approved', /\nApproved by @U0BOB at 14:04 UTC\. About to run\.\n/],
  ['executing', /\nApproved by @U0BOB at 14:04 UTC\. Running on git01 …\n/],
  ['applied', /\nApproved by @U0BOB at 14:04 UTC\. Applied\. The outcome is below\.\n/],
  ['undone', /\nApproved by @U0BOB .* Rolled back: every directory is as it was before\.\n/],
  ['failed', /\nApproved by @U0BOB .* Failed\. The outcome is below\.\n/],
  ['stale', /\nApproved by @U0BOB .* Out of date: the host changed after this plan was made\. Nothing was changed\.\n/],
  ['rejected', /\nRejected by @U0BOB at 14:04 UTC\.\n/],
  ['expired', /\nExpired before it ran\. Nothing was changed\. Diagnose again for a new plan\.\n/],
  ['withdrawn', /\nWithdrawn by its requester\. Nothing was changed\.\n/],
  ['superseded', /\nReplaced by a newer diagnosis\. Nothing was changed\.\n/],
];

for (const [state, record] of RECORDS) {
  test(`the card of a plan that is ${state} has no buttons and says what happened to the plan`, () => {
    const card = planCard(planMessage(state), english);
    assert.deepEqual(buttonsOf(card), []);
    assert.match(shownText(card), record);
    assert.match(shownText(card), /chmod 0751 \/data\/vol1\/ops/);
  });
}

test('the card of a plan with 64 steps shows all of them and can be approved', () => {
  const card = planCard(planMessage('proposed', planWith(64, '/data/vol1/ops/some/ordinary/directory')), english);
  assert.equal(shownText(card).match(/^chmod /gm)?.length, 64);
  assert.equal(buttonsOf(card)[0]?.actionId, 'approve_plan');
});

test('a plan that is too long to show completely can be rejected or withdrawn on its card, but not approved', () => {
  const card = planCard(planMessage('proposed', planWith(64, `/${'d'.repeat(4_000)}`)), english);
  assert.deepEqual(buttonsOf(card), [
    { actionId: 'reject_plan', value: '142-1' },
    { actionId: 'withdraw_plan', value: '142-1' },
  ]);
  assert.match(shownText(card), /… 63 more steps not shown here/);
  assert.match(
    shownText(card),
    /This plan is too long to show in full \(63 steps hidden\), so it can’t be approved here\./,
  );
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
