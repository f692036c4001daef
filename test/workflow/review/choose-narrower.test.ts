import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { Sha256, UserId } from '../../../src/model/record/ids.ts';
import { isSealIntact } from '../../../src/record/plan-seal.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import { chooseNarrower } from '../../../src/workflow/review/choose-narrower.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { ALICE, type AttackedRecord, BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';

/** The narrower option of a plan, chosen in its place. */

const choose = (context: WorkflowContext, plan: Plan, by = BOB) =>
  chooseNarrower(context, { planIdText: plan.id, planHash: plan.hash, by, channel: CHANNEL });

async function openPlans({ opened }: AttackedRecord, { host }: Plan): Promise<readonly Plan[]> {
  const open = await opened.store.transact((tx) => tx.plansIn(['proposed'], host));
  return open.map(({ plan }) => plan);
}

test('the narrower option becomes a plan of its own and replaces the plan on whose card it was', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  assert.deepEqual(await choose(record.context(), plan), { kind: 'accepted' });
  assert.equal(await record.stateOf(plan), 'superseded');
  const [narrower = assert.fail(), ...more] = await openPlans(record, plan);
  assert.deepEqual(more, []);
  assert.deepEqual(narrower.steps, plan.alternatives?.[0]?.steps);
  assert.ok(narrower.steps.every(({ action }) => action === 'setfacl'));
  assert.notEqual(narrower.hash, plan.hash);
  assert.ok(isSealIntact(narrower));
  assert.equal(narrower.alternatives, undefined);
  assert.deepEqual(narrower.requestedBy, plan.requestedBy);
  const entries = await record.opened.auditTrail.list({ incidentId: plan.incidentId });
  const proposed = entries.find(({ act, planId }) => act === 'plan-proposed' && planId === narrower.id);
  assert.deepEqual([proposed?.actor, proposed?.outcome['insteadOf']], [{ kind: 'slack-user', ...BOB }, plan.id]);
  const replaced = entries.find(({ act, planId }) => act === 'plan-superseded' && planId === plan.id);
  assert.deepEqual(replaced?.actor, { kind: 'slack-user', ...BOB }, 'the thread says who chose it');
});

test('the narrower option needs its own approval, which the requester of the diagnosis can’t give by choosing it', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const context = record.context();
  assert.deepEqual(await choose(context, plan, ALICE), { kind: 'accepted' });
  const [narrower = assert.fail()] = await openPlans(record, plan);
  const decide = (by: typeof BOB) =>
    decidePlan(context, {
      planIdText: narrower.id,
      planHash: narrower.hash,
      verdict: 'approved',
      by,
      channel: CHANNEL,
    });
  const own = await decide(ALICE);
  assert.deepEqual([own.outcome.kind === 'answer' && own.outcome.answer.kind, own.approved], ['own-plan', null]);
  assert.equal((await decide(BOB)).approved?.hash, narrower.hash);
});

test('the narrower option expires when the plan that it replaces would have, in Slack and on the host', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const later = new Date(Date.parse(plan.createdAt) + 600_000);
  record.setNow(later);
  await choose(record.context(), plan);
  const [narrower = assert.fail()] = await openPlans(record, plan);
  assert.equal(narrower.uptimeSeconds, (plan.uptimeSeconds ?? assert.fail()) + 600);
  assert.equal(narrower.expiresAt, plan.expiresAt);
});

test('a second click on the narrower option makes no second plan', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const context = record.context();
  await choose(context, plan);
  const again = await choose(context, plan);
  assert.deepEqual(again, { kind: 'answer', answer: { kind: 'plan-not-open', planId: plan.id, state: 'superseded' } });
  assert.equal((await openPlans(record, plan)).length, 1);
});

test('an approved plan is not replaced by its narrower option', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const context = record.context();
  await decidePlan(context, {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'approved',
    by: BOB,
    channel: CHANNEL,
  });
  const answer = await choose(context, plan);
  assert.equal(answer.kind === 'answer' && answer.answer.kind, 'plan-not-open');
  assert.equal(await record.stateOf(plan), 'approved');
});

test('a click on the narrower option of another record’s card, an unknown plan or a plan without one changes nothing', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const context = record.context();
  const otherCard = {
    planIdText: plan.id,
    planHash: Sha256.parse(`sha256:${'0'.repeat(64)}`),
    by: BOB,
    channel: CHANNEL,
  };
  const stale = await chooseNarrower(context, otherCard);
  assert.deepEqual(stale, { kind: 'answer', answer: { kind: 'other-plan', planId: plan.id } });
  assert.deepEqual(await chooseNarrower(context, { ...otherCard, planHash: null }), stale, 'a card that does not say');
  const unknown = await chooseNarrower(context, { ...otherCard, planIdText: '999-1' });
  assert.deepEqual(unknown, { kind: 'answer', answer: { kind: 'plan-unknown' } });
  await choose(context, plan);
  const [narrower = assert.fail()] = await openPlans(record, plan);
  assert.deepEqual(await choose(context, narrower), { kind: 'answer', answer: { kind: 'plan-unknown' } });
  assert.equal(await record.stateOf(narrower), 'proposed');
});

test('a person who can neither request nor approve can’t choose the narrower option', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const stranger = { ...BOB, user: UserId.parse('UMALLORY') };
  const nobody = {
    isMember: async () => ({ kind: 'no' }) as const,
    isFullMember: async () => ({ kind: 'no' }) as const,
  };
  const answer = await choose(record.context({ directory: nobody }), plan, stranger);
  assert.equal(answer.kind === 'answer' && answer.answer.kind, 'may-not-decide');
  assert.equal(await record.stateOf(plan), 'proposed');
});
