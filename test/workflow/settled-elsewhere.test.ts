import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decidePlan } from '../../src/workflow/decide-plan.ts';
import { executePlan } from '../../src/workflow/execute-plan.ts';
import type { RemoteHost } from '../../src/workflow/ports.ts';
import { BOB, CHANNEL, openRecord } from '../attacks/proposed-plan.ts';

test('a replica asks a host that does not answer no more, once another has put the outcome on record', async (t) => {
  const record = await openRecord(t);
  const { store } = record.opened;
  const plan = await record.propose();
  let asked = 0;
  const remote: RemoteHost = {
    run: async () => {
      asked += 1;
      if (asked === 3) await store.transact((tx) => tx.movePlan(plan.id, 'executing', 'applied'));
      return { kind: 'not-connected', reason: 'host-unreachable', why: 'away' };
    },
  };
  const surroundings = record.surroundings({ remote });
  await decidePlan(surroundings, { planIdText: plan.id, verdict: 'approved', by: BOB, channel: CHANNEL });
  await store.transact((tx) => tx.movePlan(plan.id, 'approved', 'executing'));
  assert.equal(await executePlan(surroundings, plan.id, new AbortController().signal), true, 'it is over');
  assert.equal(asked, 3);
});
