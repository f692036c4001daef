import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Alert, type AlertDelivery } from '../../../src/model/record/alert.ts';
import { AlertInbox } from '../../../src/workflow/alerts/receive-alerts.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';

function deliveryOf(fingerprint: string): AlertDelivery {
  const alert = Alert.parse({
    source: 'prometheus',
    fingerprint,
    status: 'firing',
    summary: 'Registry down',
    link: null,
    labels: { instance: 'git01' },
    startsAt: '2026-11-29T14:01:00.000Z',
    hostLabel: 'git01',
  });
  return { alerts: [alert], leftOut: null };
}

/** The real store, whose transactions are counted. Some of them fail, by their number. */
async function scene(t: TestContext, failing: readonly number[] = []) {
  const record = await openRecord(t);
  const { store } = record.opened;
  let transactions = 0;
  const counted: RecordStore = {
    transact: (work) => {
      transactions += 1;
      return failing.includes(transactions) ? Promise.reject(new Error('the disk is full')) : store.transact(work);
    },
  };
  return {
    inbox: new AlertInbox(record.context({ store: counted })),
    transactions: () => transactions,
    onRecord: () =>
      store.transact(async (tx) => (await tx.waitingAlerts(0, 1_000)).map(({ alert }) => alert.fingerprint)),
  };
}

test('an alert is on record when it is taken', async (t) => {
  const { inbox, onRecord } = await scene(t);
  await inbox.takeAlerts(deliveryOf('one'));
  assert.deepEqual(await onRecord(), ['one']);
});

test('what arrives while a transaction runs shares the next one, in its order, and all of it is on record', async (t) => {
  const { inbox, transactions, onRecord } = await scene(t);
  const first = inbox.takeAlerts(deliveryOf('first'));
  await Promise.resolve();
  const others = Array.from({ length: 50 }, (_, index) => `other-${index}`);
  await Promise.all([first, ...others.map((fingerprint) => inbox.takeAlerts(deliveryOf(fingerprint)))]);
  assert.equal(transactions(), 2);
  assert.deepEqual(await onRecord(), ['first', ...others]);
});

test('a transaction that fails is told to all that share it, and to no one after them', async (t) => {
  const { inbox, onRecord } = await scene(t, [2]);
  const first = inbox.takeAlerts(deliveryOf('first'));
  await Promise.resolve();
  const shared = await Promise.allSettled(['a', 'b'].map((one) => inbox.takeAlerts(deliveryOf(one))));
  await first;
  assert.deepEqual(
    shared.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await inbox.takeAlerts(deliveryOf('again'));
  assert.deepEqual(await onRecord(), ['first', 'again']);
});
