import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { GroupId } from '../../../src/model/record/ids.ts';
import type { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { acknowledgeIncident } from '../../../src/workflow/incident/acknowledge-incident.ts';
import { callPeopleUntil } from '../../../src/workflow/plan/call-people.ts';
import { expirePlansUntil } from '../../../src/workflow/plan/expire-plans.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { withdrawPlan } from '../../../src/workflow/review/withdraw-plan.ts';
import { ALICE, BOB, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';

/** Calls to plans that wait, over the real store, in simulated time. */

const START = new Date('2026-11-23T14:00:00Z');
const MINUTE_MS = 60_000;
const LEADS = GroupId.parse('SLEADS');

type Call = Extract<ThreadMessage, { kind: 'call' }>;

/** A plan of git01 that lives for 15 minutes, requested by Alice; the loops of a bot run over it. */
async function scene(t: TestContext, change: Partial<Policy> = {}) {
  const record = await openRecord(t);
  record.setNow(START);
  const plan = await record.propose();
  const clock = new SimulatedClock(START);
  const store: RecordStore = { transact: (work) => clock.working(record.opened.store.transact(work)) };
  const policy = policyWith({
    approvers: { users: [ALICE.user, BOB.user, CAROL.user], groups: [] },
    escalateTo: { users: [], groups: [LEADS] },
    ...change,
  });
  const host = { ...hostSettings({}), policy };
  const settings = {
    hosts: new Map([[host.name, host]]),
    defaultPolicy: policy,
    fleetLook: null,
    quiet: quietWith(),
    incidentChannel: CHANNEL,
  };
  const context = record.context({ store, clock, settings });
  const startBot = () => {
    const stop = new AbortController();
    const loops = Promise.all([callPeopleUntil(stop.signal, context), expirePlansUntil(stop.signal, context)]);
    return async () => {
      stop.abort();
      await loops;
    };
  };
  const calls = async (): Promise<Call[]> => {
    const kept = await record.opened.auditTrail.incidentRecord(plan.incidentId);
    return (kept?.messages ?? []).flatMap(({ body }) => (body.kind === 'call' ? [body] : []));
  };
  const passMinutes = (minutes: number) => clock.pass(minutes * MINUTE_MS);
  const request = { planIdText: plan.id, planHash: plan.hash, channel: CHANNEL };
  return { record, plan, context, startBot, calls, passMinutes, request };
}

const kinds = (calls: readonly Call[]) => calls.map(({ call }) => call);
const actsOf = async (record: Awaited<ReturnType<typeof openRecord>>, plan: Plan) =>
  (await record.actsOn(plan)).filter((act) => act === 'approvers-reminded' || act === 'plan-escalated');

test('a plan that waits reminds its approvers once, then calls those behind them once', async (t) => {
  const { record, plan, startBot, calls, passMinutes } = await scene(t);
  const stop = startBot();
  await passMinutes(7.4);
  assert.deepEqual(await calls(), []);
  await passMinutes(0.3);
  const [reminder] = await calls();
  assert.deepEqual(reminder?.people, { users: [BOB.user, CAROL.user], groups: [] }, 'not its requester');
  await passMinutes(2.4);
  const [, escalation, ...more] = await calls();
  assert.deepEqual(escalation?.people, { users: [], groups: [LEADS] });
  assert.deepEqual(more, []);
  await passMinutes(60);
  assert.deepEqual(kinds(await calls()), ['reminder', 'escalation']);
  assert.deepEqual(await actsOf(record, plan), ['approvers-reminded', 'plan-escalated']);
  await stop();
});

test('a restart repeats no call, and makes up for what was due meanwhile', async (t) => {
  const { startBot, calls, passMinutes } = await scene(t);
  let stop = startBot();
  await passMinutes(8);
  await stop();
  assert.deepEqual(kinds(await calls()), ['reminder']);
  await passMinutes(4);
  stop = startBot();
  await passMinutes(0.2);
  assert.deepEqual(kinds(await calls()), ['reminder', 'escalation']);
  await stop();
});

test('two bots on one record make each call once', async (t) => {
  const { startBot, calls, passMinutes } = await scene(t);
  const stops = [startBot(), startBot()];
  await passMinutes(14);
  assert.deepEqual(kinds(await calls()), ['reminder', 'escalation']);
  for (const stop of stops) await stop();
});

test('who has approved a plan already is not reminded of it', async (t) => {
  const { context, startBot, calls, passMinutes, request } = await scene(t, { approvalsNeeded: { low: 2, high: 2 } });
  await decidePlan(context, { ...request, verdict: 'approved', by: BOB });
  const stop = startBot();
  await passMinutes(8);
  assert.deepEqual((await calls()).at(0)?.people.users, [CAROL.user]);
  await stop();
});

test('a policy that names no one to call makes no call', async (t) => {
  const { startBot, calls, passMinutes } = await scene(t, {
    approvers: { users: [ALICE.user], groups: [] },
    escalateTo: null,
  });
  const stop = startBot();
  await passMinutes(14);
  assert.deepEqual(await calls(), [], 'its requester is the only approver');
  await stop();
});

type Scene = Awaited<ReturnType<typeof scene>>;

const ENDS: readonly [what: string, end: (scene: Scene) => Promise<unknown>][] = [
  [
    'rejected',
    ({ context, request }) => decidePlan(context, { ...request, verdict: 'rejected', by: BOB, reason: 'not tonight' }),
  ],
  ['approved', ({ context, request }) => decidePlan(context, { ...request, verdict: 'approved', by: BOB })],
  ['withdrawn', ({ context, request }) => withdrawPlan(context, { ...request, by: ALICE })],
  [
    'left to someone who is on its incident',
    ({ context, plan }) =>
      acknowledgeIncident(context, { incidentIdText: String(plan.incidentId), by: CAROL, channel: CHANNEL }),
  ],
];

for (const [what, end] of ENDS) {
  test(`a plan that was ${what} calls no one any more`, async (t) => {
    const here = await scene(t);
    const stop = here.startBot();
    await here.passMinutes(8);
    await end(here);
    await here.passMinutes(30);
    assert.deepEqual(kinds(await here.calls()), ['reminder']);
    await stop();
  });
}

test('once a plan is over, its calls mention no one, also where Slack has not shown them yet', async (t) => {
  const { context, startBot, calls, passMinutes, request } = await scene(t);
  const stop = startBot();
  await passMinutes(12);
  assert.deepEqual(
    (await calls()).map(({ isOver }) => isOver),
    [false, false],
  );
  await withdrawPlan(context, { ...request, by: ALICE });
  assert.deepEqual(
    (await calls()).map(({ isOver }) => isOver),
    [true, true],
  );
  await stop();
});

test('the calls of a plan are in a record that stays intact', async (t) => {
  const { record, startBot, passMinutes } = await scene(t);
  const stop = startBot();
  await passMinutes(20);
  await stop();
  const check = await record.opened.auditTrail.verify();
  assert.equal(check.kind, 'intact', JSON.stringify(check));
});
