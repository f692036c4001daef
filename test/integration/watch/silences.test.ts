import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { alertmanagerSilences } from '../../../src/http/alerts/alertmanager-silences.ts';
import { Alert } from '../../../src/model/record/alert.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import { receiveAlerts } from '../../../src/workflow/alerts/receive-alerts.ts';
import { takeUpAlerts } from '../../../src/workflow/alerts/take-up-alerts.ts';
import type { Metrics } from '../../../src/workflow/ports/bot.ts';
import { readSilences } from '../../../src/workflow/quiet/read-silences.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';
import { sourceOf } from '../../http/alerts/payloads.ts';
import { KeptLog } from '../../ssh/remote-host-fixture.ts';
import { skipUnless } from '../../support/requirements.ts';
import { startAlertmanager } from '../../support/services/alertmanager.ts';
import { freePort } from '../../support/services/free-port.ts';

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
    const { read, muted, counted } = await scene(t, await answering(t, body, status));
    await read();
    assert.deepEqual(await muted(), []);
    assert.deepEqual(counted, [['silenceRead', { result: 'failed' }]]);
  });
}

const silence = (id: string, value: string, isRegex = false) => ({
  ...{ id, endsAt: '2099-01-01T00:00:00.000Z', status: { state: 'active' } },
  matchers: [{ name: 'instance', value, isRegex, isEqual: !isRegex }],
});

test('a silence with an expression that can’t be read mutes nothing, which the log says, and the others count', async (t) => {
  const body = JSON.stringify([silence('broken', '(', true), silence('readable', 'git01')]);
  const { read, muted, log } = await scene(t, await answering(t, body));
  await read();
  assert.deepEqual(await muted(), [['git01', { kind: 'silence', source: 'prometheus', id: 'readable' }]]);
  const said = log.lines.filter(({ message }) =>
    String(message).startsWith('a silence has a matcher that can’t be read'),
  );
  assert.equal(said.length, 1);
});

test('a silence whose id is cut inside an emoji mutes its host and ends like any other', async (t) => {
  const { read, muted } = await scene(t, await answering(t, JSON.stringify([silence('id-\ud83d', 'git01')])));
  await read();
  await read();
  assert.deepEqual(await muted(), [['git01', { kind: 'silence', source: 'prometheus', id: 'id-\ufffd' }]]);
});

async function answering(t: TestContext, body: string, status = 200): Promise<string> {
  const port = await freePort();
  const server = createServer((_, response) => response.writeHead(status, { location: '/' }).end(body));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${port}`;
}
