import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { alertmanagerSilences } from '../../src/http/alerts/alertmanager-silences.ts';
import { Alert } from '../../src/model/record/alert.ts';
import type { Incident } from '../../src/model/record/incident.ts';
import { readSilences } from '../../src/workflow/incident/read-silences.ts';
import { receiveAlerts } from '../../src/workflow/incident/receive-alerts.ts';
import { takeUpAlerts } from '../../src/workflow/incident/take-up-alerts.ts';
import type { Metrics } from '../../src/workflow/ports.ts';
import { openRecord } from '../attacks/proposed-plan.ts';
import { sourceOf } from '../http/alerts/payloads.ts';
import { KeptLog } from '../ssh/remote-host-fixture.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { freePort } from '../support/free-port.ts';
import { skipUnless } from '../support/requirements.ts';

/** The silences of the real Alertmanager, read into the real record. */

const skip = skipUnless('prometheus-alertmanager');

const ALERT = Alert.parse({
  ...{ source: 'prometheus', fingerprint: 'down', status: 'firing', summary: 'Registry down', link: null },
  ...{ labels: { instance: 'git01' }, startsAt: '2026-11-29T14:01:00.000Z', hostLabel: 'git01' },
});

async function scene(t: TestContext, url: string) {
  const record = await openRecord(t);
  const log = new KeptLog();
  const counted: unknown[] = [];
  const metrics: Metrics = { count: (name, labels) => counted.push([name, labels]), measure: () => {}, set: () => {} };
  const context = record.context({ log, metrics });
  const source = { ...sourceOf('alertmanager', 'prometheus'), silencesUrl: url };
  const opened: Incident[] = [];
  const onOpened = (incident: Incident) => void opened.push(incident);
  return {
    ...{ opened, counted, log },
    read: () => readSilences(context, source, alertmanagerSilences(log), onOpened),
    alert: async () => {
      await receiveAlerts(context, { alerts: [ALERT], leftOut: null });
      await takeUpAlerts(context, onOpened);
    },
    muted: () => context.store.transact(async (tx) => (await tx.openMutes()).map(({ host, source }) => [host, source])),
    notices: async () => (await record.opened.outbox.pending(10, new Date(8e15))).map(({ body }) => body.kind),
  };
}

async function realScene(t: TestContext) {
  const alertmanager = await startAlertmanager({ url: 'http://127.0.0.1:9/', token: 'unused' });
  t.after(alertmanager.stop);
  return { alertmanager, ...(await scene(t, alertmanager.url)) };
}

describe('silences of the real Alertmanager', { skip }, () => {
  test('an active silence of a host mutes it, and its end sums up and opens an incident for what still fires', async (t) => {
    const { alertmanager, read, muted, alert, opened, notices, counted } = await realScene(t);
    const id = await alertmanager.silence([{ name: 'instance', value: 'git0[1-3]', isRegex: true }]);
    await read();
    await read();
    assert.deepEqual(await muted(), [['git01', { kind: 'silence', source: 'prometheus', id }]]);
    await alert();
    assert.deepEqual([opened, await notices()], [[], []]);
    await alertmanager.expireSilence(id);
    await read();
    assert.deepEqual(await muted(), []);
    assert.equal(opened.length, 1);
    assert.deepEqual((await notices()).sort(), ['mute-summary', 'status']);
    assert.deepEqual(counted.at(-1), ['silenceRead', { result: 'read' }]);
  });

  test('a silence of one alert, of another host, or one that has not begun leaves the host as it is', async (t) => {
    const { alertmanager, read, muted } = await realScene(t);
    const host = { name: 'instance', value: 'git01' };
    await alertmanager.silence([host, { name: 'alertname', value: 'DiskSlow' }]);
    await alertmanager.silence([{ name: 'instance', value: 'git02' }]);
    const startsAt = new Date(Date.now() + 600_000).toISOString();
    await alertmanager.silence([host], { startsAt, endsAt: new Date(Date.now() + 3_600_000).toISOString() });
    await read();
    assert.deepEqual(await muted(), []);
  });

  test('an Alertmanager that is gone silences nothing, which the log and the metrics say', async (t) => {
    const { alertmanager, read, muted, counted, log } = await realScene(t);
    await alertmanager.silence([{ name: 'instance', value: 'git01' }]);
    await read();
    assert.equal((await muted()).length, 1);
    await alertmanager.stop();
    await read();
    assert.deepEqual(await muted(), []);
    assert.deepEqual(counted.at(-1), ['silenceRead', { result: 'failed' }]);
    assert.ok(
      log.lines.some(({ message }) => message === 'an Alertmanager gave no silences: nothing is silenced by it'),
    );
  });
});

for (const [what, status, body] of [
  ['an error', 500, '[]'],
  ['a redirect', 302, '[]'],
  ['no JSON', 200, '<html>'],
  ['JSON of another form', 200, '[{"id":1}]'],
  ['more than is read', 200, `[${' '.repeat(9 * 1024 * 1024)}]`],
] as const) {
  test(`an answer that is ${what} silences nothing`, async (t) => {
    const port = await freePort();
    const server = createServer((_, response) => response.writeHead(status, { location: '/' }).end(body));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { read, muted, counted } = await scene(t, `http://127.0.0.1:${port}`);
    await read();
    assert.deepEqual(await muted(), []);
    assert.deepEqual(counted, [['silenceRead', { result: 'failed' }]]);
  });
}
