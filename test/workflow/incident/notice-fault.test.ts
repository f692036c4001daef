import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeFault } from '../../../src/workflow/incident/notice-fault.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';

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
  const { incident, isReopened } = await store.transact((tx) => noticeFault(tx, context, fault));
  assert.deepEqual([incident.id, isReopened], [incidentId, true]);
  assert.equal(await record.stateOf(undo), 'superseded');
  const about = { planIdText: undo.id, planHash: undo.hash, by: BOB, channel: CHANNEL };
  const { approved } = await decidePlan(context, { ...about, verdict: 'approved' });
  assert.equal(approved, null);
  const state = await store.transact(async (tx) => (await tx.incident(incidentId))?.state);
  assert.equal(state, 'diagnosing');
});
