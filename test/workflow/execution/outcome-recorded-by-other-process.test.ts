import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executePlan } from '../../../src/workflow/execution/execute-plan.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { toldOfPlan } from '../exited.ts';

test('a replica stops asking a host that does not answer once another replica has put the outcome on record', async (t) => {
  const record = await openRecord(t);
  const { store } = record.opened;
  const plan = await record.propose();
  let asked = 0;
  const remote: RemoteHost = {
    run: async () => {
      asked += 1;
      if (asked === 3) await store.transact((tx) => tx.movePlan(plan.id, 'executing', 'failed'));
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  const context = record.context({ remote });
  await decidePlan(context, {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'approved',
    by: BOB,
    channel: CHANNEL,
  });
  await store.transact((tx) => tx.movePlan(plan.id, 'approved', 'executing'));
  assert.equal(await executePlan(context, plan.id, new AbortController().signal), true, 'it is over');
  assert.equal(asked, 3);
});

test('a plan that one bot process could not send is not called refused if another process has sent it', async (t) => {
  const record = await openRecord(t);
  const { store, auditTrail } = record.opened;
  const plan = await record.propose();
  const stop = new AbortController().signal;
  const takenUp = Promise.withResolvers<boolean>();
  const firstGaveUp = Promise.withResolvers<void>();
  const sentAgain = Promise.withResolvers<void>();

  const second: RemoteHost = {
    run: async (_, input) => {
      if (/^verb outcome$/m.test(input)) return toldOfPlan(input, ['kind', 'never-started']);
      sentAgain.resolve();
      await firstGaveUp.promise;
      return toldOfPlan(input, ['kind', 'refused'], ['why', 'the host says so']);
    },
  };
  let tries = 0;
  const first: RemoteHost = {
    run: async () => {
      tries += 1;
      if (tries > 1) firstGaveUp.resolve();
      else {
        void executePlan(record.context({ remote: second }), plan.id, stop).then(takenUp.resolve, takenUp.reject);
        await sentAgain.promise;
      }
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  const context = record.context({ remote: first });
  await decidePlan(context, {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'approved',
    by: BOB,
    channel: CHANNEL,
  });
  assert.equal(await executePlan(context, plan.id, stop), true);
  assert.equal(await takenUp.promise, true);

  assert.deepEqual(await store.transact(async (tx) => (await tx.execution(plan.id))?.outcome), {
    kind: 'refused',
    why: { code: 'host-said', said: 'the host says so' },
  });
  const ends = (await record.actsOn(plan)).filter((act) => act.startsWith('execution-'));
  assert.deepEqual(ends, ['execution-intended', 'execution-sent-again', 'execution-finished']);
  assert.equal((await auditTrail.verify()).kind, 'intact');
});
