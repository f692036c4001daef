import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { startAlertServer } from '../../../src/http/alerts/alert-server.ts';
import type { AlertDelivery } from '../../../src/model/record/alert.ts';
import { receiveAlerts } from '../../../src/workflow/alerts/receive-alerts.ts';
import { takeUpAlerts } from '../../../src/workflow/alerts/take-up-alerts.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';
import { sourceOf } from '../../http/alerts/payloads.ts';
import { skipUnless } from '../../support/requirements.ts';
import { type AlertmanagerOptions, type PostedAlert, startAlertmanager } from '../../support/services/alertmanager.ts';

/** The real Alertmanager against the real endpoint and the real record. */

const skip = skipUnless('prometheus-alertmanager');
const TOKEN = 'correct-horse-battery-staple';

const down = (change: Partial<PostedAlert> = {}): PostedAlert => ({
  labels: { alertname: 'RegistryDown', instance: 'git01' },
  annotations: { summary: 'The registry answers 503' },
  startsAt: '2026-11-29T14:01:00Z',
  ...change,
});
const over = (alert: PostedAlert): PostedAlert => ({ ...alert, endsAt: new Date(Date.now() - 1_000).toISOString() });

async function scene(t: TestContext) {
  const record = await openRecord(t);
  const context = record.context();
  const arrivals = new EventEmitter<{ delivery: [AlertDelivery] }>();
  const source = sourceOf('alertmanager', 'prometheus');
  const server = await startAlertServer({
    settings: { host: '127.0.0.1', port: 0, sources: [source] },
    tokens: new Map([[source.name, TOKEN]]),
    intake: {
      takeAlerts: async (delivery) => {
        await receiveAlerts(context, delivery);
        arrivals.emit('delivery', delivery);
      },
    },
    log: context.log,
  });
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.port}/alerts/prometheus`;
  return {
    context,
    start: async (change: Partial<AlertmanagerOptions> = {}) => {
      const alertmanager = await startAlertmanager({ url, token: TOKEN, ...change });
      t.after(alertmanager.stop);
      return alertmanager;
    },
    next: async (): Promise<AlertDelivery> => (await once(arrivals, 'delivery'))[0],
    waiting: () => context.store.transact((tx) => tx.waitingAlerts(0, 100)),
    incidents: () => context.store.transact((tx) => tx.incidentsIn(['diagnosing', 'open'])),
  };
}

const statuses = ({ alerts }: AlertDelivery) => alerts.map(({ status, hostLabel }) => `${status} ${hostLabel}`).sort();

describe('the real Alertmanager', { skip }, () => {
  test('the bot records each firing and resolved alert of a real Alertmanager once, however often Alertmanager repeats it', async (t) => {
    const { start, next, waiting } = await scene(t);
    const alertmanager = await start();
    let arrives = next();
    await alertmanager.send(down());
    assert.deepEqual(statuses(await arrives), ['firing git01']);
    assert.deepEqual(statuses(await next()), ['firing git01'], 'its repeat');
    const [received, ...others] = await waiting();
    assert.deepEqual(others, []);
    assert.equal(received?.alert.summary, 'The registry answers 503');
    assert.equal(received?.alert.startsAt, '2026-11-29T14:01:00.000Z');
    arrives = next();
    await alertmanager.send(over(down()));
    while (!statuses(await arrives).includes('resolved git01')) arrives = next();
    assert.deepEqual(
      (await waiting()).map(({ alert }) => alert.status),
      ['firing', 'resolved'],
    );
  });

  test('the bot takes a whole alert group of a real Alertmanager in one request, and counts the alerts that were left out of it', async (t) => {
    const { start, next } = await scene(t);
    const alertmanager = await start({ maxAlerts: 2 });
    let arrives = next();
    const instances = ['git01', 'git02', 'git03', 'git04', 'git05'];
    await alertmanager.send(...instances.map((instance) => down({ labels: { alertname: 'RegistryDown', instance } })));
    // It does not wait for the group of an alert that began long ago, so it may send the first before it has the last.
    const isWhole = ({ alerts, leftOut }: AlertDelivery) => alerts.length + (leftOut?.count ?? 0) === instances.length;
    while (!isWhole(await arrives)) arrives = next();
    const delivery = await arrives;
    assert.equal(delivery.alerts.length, 2);
    assert.equal(delivery.leftOut?.count, 3);
  });

  test('the same alert from two Alertmanagers opens only one incident', async (t) => {
    const { start, next, context, incidents } = await scene(t);
    for (const peer of [await start(), await start()]) {
      const arrives = next();
      await peer.send(down());
      await arrives;
      await takeUpAlerts(context, () => {});
    }
    assert.equal((await incidents()).length, 1);
  });
});
