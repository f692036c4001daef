import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqlite } from '../open-store.ts';
import { newIncident } from '../samples.ts';

test('a long series of transactions does not block Slack requests and timers', async (t) => {
  const { store } = await openSqlite(t);
  const order: string[] = [];
  const row = ['first', 'second', 'third'].map(async (requestKey) => {
    await store.transact((tx) => tx.insertIncident(newIncident({ requestKey })));
    order.push(requestKey);
  });
  setImmediate(() => order.push('others'));
  await Promise.all(row);
  const [last, ...before] = order.toReversed();
  assert.equal(last, 'third');
  assert.ok(before.includes('others'), order.join(', '));
});
