import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { ChannelId, Sha256 } from '../../../src/model/record/ids.ts';
import type { Directory } from '../../../src/workflow/ports/people.ts';
import type { Person, Requests } from '../../../src/workflow/requests.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { withdrawPlan } from '../../../src/workflow/review/withdraw-plan.ts';
import { ALICE, BOB, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';

/** Plans that their requester, Alice, does not want any more, over the real store. */

type WithdrawRequest = Parameters<Requests['withdraw']>[0];

async function scene(t: TestContext) {
  const record = await openRecord(t);
  const plan = await record.propose();
  const approvers = { users: [BOB.user, CAROL.user], groups: [] };
  const policy = policyWith({ approvers, approvalsNeeded: { low: 2, high: 2 }, channels: [CHANNEL] });
  const host = { ...hostSettings({}), policy };
  const settings = {
    hosts: new Map([[host.name, host]]),
    defaultPolicy: policy,
    fleetLook: null,
    quiet: quietWith(),
    incidentChannel: CHANNEL,
  };
  const context = record.context({ settings });
  const request = { planIdText: plan.id, planHash: plan.hash, channel: CHANNEL };
  const withdraw = async (by: Person, change: Partial<WithdrawRequest> = {}) => {
    const outcome = await withdrawPlan(context, { ...request, by, ...change });
    return outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind;
  };
  const decide = async (by: Person, verdict: 'approved' | 'rejected') => {
    const { outcome } = await decidePlan(context, { ...request, by, verdict, reason: 'not tonight' });
    return outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind;
  };
  const messageOf = async (key: string) => (await record.opened.store.transact((tx) => tx.message(key)))?.body;
  return { record, plan, context, request, withdraw, decide, messageOf };
}

test('its requester withdraws a plan, and the card says by whom and when', async (t) => {
  const { record, plan, withdraw, decide, messageOf } = await scene(t);
  assert.equal(await withdraw(ALICE), 'accepted');
  assert.equal(await record.stateOf(plan), 'withdrawn');
  assert.deepEqual(await record.actsOn(plan), ['plan-proposed', 'plan-withdrawn']);
  const card = await messageOf(`plan:${plan.id}`);
  assert.deepEqual(card?.kind === 'plan' && card.withdrawn?.by, { kind: 'slack-user', ...ALICE });
  const status = await messageOf(`status:${plan.incidentId}`);
  assert.equal(status?.kind === 'status' && status.plan?.state, 'withdrawn');
  assert.equal(await decide(BOB, 'approved'), 'plan-not-open');
  const check = await record.opened.auditTrail.verify();
  assert.equal(check.kind, 'intact', JSON.stringify(check));
});

test('a plan that one of two has approved can still be withdrawn, and never runs', async (t) => {
  const { record, plan, withdraw, decide } = await scene(t);
  assert.equal(await decide(BOB, 'approved'), 'accepted');
  assert.equal(await withdraw(ALICE), 'accepted');
  assert.equal(await decide(CAROL, 'approved'), 'plan-not-open');
  assert.equal(await record.stateOf(plan), 'withdrawn');
  const check = await record.opened.auditTrail.verify();
  assert.equal(check.kind, 'intact', JSON.stringify(check));
});

test('no one else can withdraw a plan, also not an approver', async (t) => {
  const { record, plan, withdraw } = await scene(t);
  assert.equal(await withdraw(BOB), 'not-requester');
  assert.equal(await record.stateOf(plan), 'proposed');
  assert.deepEqual(await record.actsOn(plan), ['plan-proposed']);
});

test('a requester who is no full member any more, or whom Slack can’t confirm, withdraws nothing', async (t) => {
  const { record, plan, request } = await scene(t);
  const why = { kind: 'no-answer', why: { code: 'failed', said: 'Slack is away' } } as const;
  const answers = [
    ['may-not-request', { kind: 'no' }],
    ['cannot-check-person', { kind: 'unknown', why }],
  ] as const;
  for (const [kind, answer] of answers) {
    const directory: Directory = { isMember: async () => ({ kind: 'yes' }), isFullMember: async () => answer };
    const outcome = await withdrawPlan(record.context({ directory }), { ...request, by: ALICE });
    assert.equal(outcome.kind === 'answer' && outcome.answer.kind, kind);
  }
  assert.equal(await record.stateOf(plan), 'proposed');
});

test('a plan is not withdrawn in another channel, from the card of another plan, or by an invalid or unknown id', async (t) => {
  const { record, plan, withdraw } = await scene(t);
  assert.equal(await withdraw(ALICE, { channel: ChannelId.parse('C2') }), 'wrong-channel');
  assert.equal(await withdraw(ALICE, { planHash: Sha256.parse(`sha256:${'0'.repeat(64)}`) }), 'other-plan');
  assert.equal(await withdraw(ALICE, { planIdText: '999-1' }), 'plan-unknown');
  assert.equal(await withdraw(ALICE, { planIdText: '../1' }), 'plan-unknown');
  assert.equal(await record.stateOf(plan), 'proposed');
});

test('a plan that is over is not withdrawn, and a second click changes nothing', async (t) => {
  const { record, plan, withdraw, decide } = await scene(t);
  assert.equal(await decide(BOB, 'rejected'), 'accepted');
  assert.equal(await withdraw(ALICE), 'plan-not-open');
  assert.equal(await record.stateOf(plan), 'rejected');
});

test('a plan past its deadline expires and is not withdrawn', async (t) => {
  const { record, plan, withdraw } = await scene(t);
  record.setNow(new Date(plan.expiresAt));
  assert.equal(await withdraw(ALICE), 'plan-not-open');
  assert.equal(await record.stateOf(plan), 'expired');
});

test('of a withdrawal and the last approval at the same moment exactly one counts', async (t) => {
  const { record, plan, withdraw, decide } = await scene(t);
  await decide(BOB, 'approved');
  const said = await Promise.all([withdraw(ALICE), decide(CAROL, 'approved'), withdraw(ALICE)]);
  assert.equal(said.filter((what) => what === 'accepted').length, 1);
  assert.ok(['withdrawn', 'approved'].includes((await record.stateOf(plan)) ?? ''));
});

test('a withdrawn plan that the file calls proposed again is neither approved nor withdrawn', async (t) => {
  const { record, withdraw, decide } = await scene(t);
  assert.equal(await withdraw(ALICE), 'accepted');
  const database = new DatabaseSync(record.file);
  database.exec("UPDATE plans SET state = 'proposed'");
  database.close();
  assert.equal(await decide(BOB, 'approved'), 'record-failed');
  assert.equal(await withdraw(ALICE), 'record-failed');
  assert.equal((await record.opened.auditTrail.verify()).kind, 'broken');
});
