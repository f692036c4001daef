import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ChannelId, GroupId } from '../../../src/model/record/ids.ts';
import { knownIncident, noticeFault } from '../../../src/workflow/incident/notice-fault.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import { appendAct } from '../../../src/workflow/record/record-act.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';

test('a fault that returns ends an undo that still waits: no one can approve it while its host is diagnosed', async (t) => {
  const record = await openRecord(t);
  const undo = await record.propose();
  const { host, incidentId } = undo;
  const { store } = record.opened;
  const context = record.context();
  const now = context.clock.now();
  const resolved = { state: 'resolved', closedAt: now.toISOString() } as const;
  await store.transact((tx) => tx.moveIncident(incidentId, ['open'], resolved));
  const fault = { host, by: { kind: 'bot', part: 'watch' }, requestKey: 'again', badSince: now } as const;
  const { incident, kind } = await store.transact((tx) => noticeFault(tx, context, fault));
  assert.deepEqual([incident.id, kind], [incidentId, 'reopened']);
  assert.equal(await record.stateOf(undo), 'superseded');
  const about = { planIdText: undo.id, planHash: undo.hash, by: BOB, channel: CHANNEL };
  const { approved } = await decidePlan(context, { ...about, verdict: 'approved' });
  assert.equal(approved, null);
  const state = await store.transact(async (tx) => (await tx.incident(incidentId))?.state);
  assert.equal(state, 'diagnosing');
});

const WATCH = { kind: 'bot', part: 'watch' } as const;
const INCIDENTS = ChannelId.parse('C0INCIDENTS');
const ON_CALL = { users: [], groups: [GroupId.parse('S0ONCALL')] };

/** A person's incident with a plan, in another channel than the incident channel; and a fault that monitoring notices. */
async function elsewhere(t: TestContext) {
  const record = await openRecord(t);
  const plan = await record.propose();
  const { host } = plan;
  const { store, outbox } = record.opened;
  const policy = policyWith({ onCall: ON_CALL });
  const contextIn = (incidentChannel: ChannelId) =>
    record.context({
      settings: {
        hosts: new Map([[host, { ...hostSettings({}), policy }]]),
        defaultPolicy: policy,
        incidentChannel,
        fleetLook: null,
        quiet: quietWith(),
      },
    });
  let faults = 0;
  return {
    ...{ record, plan, store },
    known: async (channel = INCIDENTS) =>
      (await store.transact((tx) => knownIncident(tx, contextIn(channel), host)))?.id ?? null,
    notice: async () => {
      faults += 1;
      const fault = { host, by: WATCH, requestKey: `fault-${faults}` };
      const { incident, kind } = await store.transact((tx) => noticeFault(tx, contextIn(INCIDENTS), fault));
      return [incident.id, kind];
    },
    notices: async () => (await outbox.pending(100, new Date(8e15))).filter(({ incidentId }) => incidentId === null),
  };
}

test('a fault of a host whose incident is open in another channel is told in the incident channel, with who is on call, and leaves that incident and its plan alone', async (t) => {
  const { record, plan, known, notice, notices } = await elsewhere(t);
  const { host, incidentId } = plan;
  assert.equal(await known(), null);
  assert.deepEqual(await notice(), [incidentId, 'elsewhere']);
  assert.equal(await known(), incidentId);
  assert.equal(await record.stateOf(plan), 'proposed');
  const [told, ...more] = await notices();
  assert.deepEqual([told?.channel, more], [INCIDENTS, []]);
  assert.partialDeepStrictEqual(told?.body, {
    kind: 'incident-elsewhere',
    ...{ host, incidentId, channel: CHANNEL, noticedBy: WATCH },
    onCall: { ...ON_CALL, isQuiet: false },
  });
  const entries = await record.opened.auditTrail.list({ incidentId });
  assert.deepEqual(
    entries.filter(({ act }) => act === 'fault-noticed').map(({ actor }) => actor),
    [WATCH],
  );
});

test('another incident channel does not know of an incident that the former one was told of', async (t) => {
  const { known, notice } = await elsewhere(t);
  await notice();
  assert.equal(await known(ChannelId.parse('C0NEW')), null);
});

for (const act of ['incident-resolved', 'diagnosed'] as const) {
  test(`an incident in another channel that is opened again after it was ${act === 'diagnosed' ? 'found healthy' : 'resolved'} is told again`, async (t) => {
    const { plan, store, known, notice } = await elsewhere(t);
    const { incidentId: id, host } = plan;
    await notice();
    await store.transact(async (tx) => {
      await appendAct(tx, { id, host }, { act, actor: WATCH, now: new Date(), outcome: { verdict: 'healthy' } });
      await tx.moveIncident(id, ['open'], { state: 'resolved', closedAt: new Date().toISOString() });
      await tx.moveIncident(id, ['resolved'], { state: 'diagnosing', closedAt: null });
    });
    assert.equal(await known(), null);
  });
}

test('of two incidents in other channels the newer one is named, which has the plan', async (t) => {
  const { plan, store, known, notice } = await elsewhere(t);
  const request = { host: plan.host, channel: ChannelId.parse('C0OTHER'), openedBy: WATCH, now: new Date() };
  const { incident } = await store.transact((tx) => openIncident(tx, { ...request, requestKey: 'newer' }));
  assert.deepEqual(await notice(), [incident.id, 'elsewhere']);
  assert.equal(await known(), incident.id);
});
