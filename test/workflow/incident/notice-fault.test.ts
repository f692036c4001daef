import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelId, GroupId } from '../../../src/model/record/ids.ts';
import { knownIncident, noticeFault } from '../../../src/workflow/incident/notice-fault.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/policy.ts';
import { quietWith } from '../../support/quiet.ts';

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

test('a fault of a host whose incident a person opened in another channel is told once in the incident channel, and leaves that incident and its plan alone', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const { host, incidentId } = plan;
  const onCall = { users: [], groups: [GroupId.parse('S0ONCALL')] };
  const incidentChannel = ChannelId.parse('C0INCIDENTS');
  const policy = policyWith({ onCall });
  const context = record.context({
    settings: {
      hosts: new Map([[host, { ...hostSettings({}), policy }]]),
      defaultPolicy: policy,
      incidentChannel,
      fleetLook: null,
      quiet: quietWith(),
    },
  });
  const { store, outbox } = record.opened;
  const known = () => store.transact((tx) => knownIncident(tx, context, host));
  assert.equal(await known(), null);
  const by = { kind: 'bot', part: 'watch' } as const;
  for (const requestKey of ['first', 'second']) {
    const { incident, kind } = await store.transact((tx) => noticeFault(tx, context, { host, by, requestKey }));
    assert.deepEqual([incident.id, kind], [incidentId, 'elsewhere']);
  }
  assert.equal((await known())?.id, incidentId);
  assert.equal(await record.stateOf(plan), 'proposed');
  const notices = (await outbox.pending(100, new Date(8e15))).filter(({ incidentId: of }) => of === null);
  assert.deepEqual(
    notices.map(({ channel, body }) => [channel, body]),
    [
      [
        incidentChannel,
        {
          kind: 'incident-elsewhere',
          ...{ host, incidentId, channel: CHANNEL, noticedBy: by },
          onCall: { ...onCall, isQuiet: false },
        },
      ],
    ],
  );
});
