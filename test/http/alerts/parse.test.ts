import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalHash } from '../../../src/hash/canonical-hash.ts';
import { parseDelivery } from '../../../src/http/alerts/parse-delivery.ts';
import { ALERT_LIMITS, Alert } from '../../../src/model/record/alert.ts';
import { ALERT_KINDS, type AlertKind } from '../../../src/model/settings/alert-settings.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { amAlert, amGroup, gitlabAlert, grafanaGroup, signedAlert, sourceOf } from './payloads.ts';

const parse = (kind: AlertKind, body: unknown) => parseDelivery(JSON.stringify(body), sourceOf(kind));
const alertsIn = (kind: AlertKind, body: unknown) => parse(kind, body)?.alerts ?? assert.fail('not parsed');
const only = (kind: AlertKind, body: unknown) => alertsIn(kind, body)[0] ?? assert.fail('no alert');

test('an alert from Alertmanager is read with its fingerprint, start in UTC, summary, link and host label', () => {
  assert.deepEqual(only('alertmanager', amGroup()), {
    source: 'alertmanager',
    fingerprint: 'a1b2c3d4e5f60718',
    status: 'firing',
    summary: 'The registry of git01 answers 503',
    link: 'http://prometheus:9090/graph?g0.expr=up',
    labels: { alertname: 'RegistryDown', instance: '10.0.0.5:5000', severity: 'critical' },
    startsAt: '2026-11-29T14:01:00.123Z',
    hostLabel: '10.0.0.5:5000',
  });
});

test('a group of alerts keeps their order and the state of each, and says how many alerts the sender left out', () => {
  const group = amGroup([amAlert(), amAlert({ status: 'resolved', fingerprint: 'b' })], { truncatedAlerts: 7 });
  const delivery = parse('alertmanager', group);
  assert.deepEqual(
    delivery?.alerts.map(({ status, fingerprint }) => [status, fingerprint]),
    [
      ['firing', 'a1b2c3d4e5f60718'],
      ['resolved', 'b'],
    ],
  );
  assert.equal(delivery?.leftOut?.count, 7);
});

test('an alert from Grafana is read with the same fields as one from Alertmanager', () => {
  assert.deepEqual({ ...only('grafana', grafanaGroup()), source: 'alertmanager' }, only('alertmanager', amGroup()));
});

test('an alert from GitLab becomes one alert for each of its hosts, and resolves at its end time', () => {
  const alerts = alertsIn('gitlab', gitlabAlert());
  assert.deepEqual(
    alerts.map(({ status, hostLabel, fingerprint, summary }) => [status, hostLabel, fingerprint, summary]),
    [
      ['firing', 'git01', 'icinga-7 git01', 'Registry answers 503'],
      ['firing', 'git02', 'icinga-7 git02', 'Registry answers 503'],
    ],
  );
  assert.equal(only('gitlab', gitlabAlert({ end_time: '2026-11-29T15:00:00Z' })).status, 'resolved');
  assert.equal(only('gitlab', { title: 'x' }).hostLabel, null);
  assert.equal(only('gitlab', gitlabAlert({ hosts: 'git03' })).hostLabel, 'git03');
});

test('a signed GitLab alert without a start time starts with its event', () => {
  assert.equal(only('standard-webhooks', signedAlert()).startsAt, '2026-11-29T14:01:00.000Z');
  const later = signedAlert({ startsAt: '2026-11-29T14:02:00Z' });
  assert.equal(only('standard-webhooks', later).startsAt, '2026-11-29T14:02:00.000Z');
});

test('two alerts without a fingerprint but with the same labels and texts are treated as the same alert', () => {
  const of = (change: Record<string, unknown>) => only('standard-webhooks', signedAlert(change)).fingerprint;
  assert.equal(of({}), of({ status: 'resolved' }));
  assert.notEqual(of({}), of({ labels: { host: 'git02' } }));
});

test('the summary of an alert is its first text out of summary, description, message and alert name', () => {
  const said = (annotations: unknown) => only('alertmanager', amGroup([amAlert({ annotations })])).summary;
  assert.equal(said({ description: 'd', message: 'm' }), 'd');
  assert.equal(said({ message: ' m \n n ' }), 'm n');
  assert.equal(said({}), 'RegistryDown');
  assert.equal(said('nothing'), 'RegistryDown');
});

for (const [what, startsAt] of [
  ['the zero time of Go', '0001-01-01T00:00:00Z'],
  ['not a time', 'yesterday'],
  ['a number', 7],
  ['a year of five digits', '+012026-11-29T14:01:00Z'],
] as const) {
  test(`the start of an alert is unknown if it is ${what}`, () => {
    assert.equal(only('alertmanager', amGroup([amAlert({ startsAt })])).startsAt, null);
  });
}

for (const link of [
  'javascript:alert(1)',
  'http://user:secret@host/',
  'file:///etc/passwd',
  'x',
  `http://h/${'x'.repeat(2_000)}`,
]) {
  test(`a dangerous link in an alert is dropped: ${link.slice(0, 30)}`, () => {
    assert.equal(only('alertmanager', amGroup([amAlert({ generatorURL: link })])).link, null);
  });
}

for (const [kind, body] of [
  ['alertmanager', amGroup([], {})],
  ['alertmanager', amGroup([amAlert()], { version: '3' })],
  ['alertmanager', amGroup([amAlert({ status: 'pending' })])],
  ['alertmanager', { version: '4' }],
  ['alertmanager', null],
  ['alertmanager', []],
  ['grafana', 'text'],
  ['gitlab', { description: 'no title' }],
  ['standard-webhooks', { data: { status: 'firing' } }],
] as const) {
  test(`a request body that is no valid ${kind} delivery is rejected: ${JSON.stringify(body).slice(0, 60)}`, () => {
    assert.equal(parse(kind, body), null);
  });
}

test('a request body that is not JSON is rejected as an alert delivery', () => {
  for (const kind of ALERT_KINDS) assert.equal(parseDelivery('{"a":', sourceOf(kind)), null);
});

test('keys such as __proto__ in an alert never change a JavaScript prototype', () => {
  const labels = '{"__proto__":{"polluted":"yes"},"constructor":"c","toString":"t","instance":"i"}';
  const body = JSON.stringify(amGroup([amAlert({ labels: 'LABELS' })])).replace('"LABELS"', labels);
  const [alert] = parseDelivery(body, sourceOf('alertmanager'))?.alerts ?? [];
  assert.deepEqual(alert?.labels, { constructor: 'c', toString: 't', instance: 'i' });
  assert.equal(Object.getPrototypeOf(alert?.labels ?? null), Object.prototype);
  assert.equal('polluted' in {}, false);
});

test('an alert that is read never exceeds its size limits, whatever the source sends', () => {
  const seed = seedOfRun();
  const random = new SeededRandom(seed);
  for (let round = 0; round < 300; round += 1) {
    for (const kind of ALERT_KINDS) {
      const body = randomJson(random, 0);
      const delivery = parse(kind, mixed(random, kind, body));
      for (const alert of delivery?.alerts ?? []) {
        assert.doesNotThrow(() => canonicalHash(Alert.parse(alert)), `RD_SEED=${seed} round ${round}`);
        assert.ok(Object.keys(alert.labels).length <= ALERT_LIMITS.labels);
        assert.ok(alert.summary.isWellFormed());
        assert.doesNotMatch(JSON.stringify(Object.values(alert.labels)), /\\[nrt]/);
      }
    }
  }
});

/** A sample of the kind with random values put into it. */
function mixed(random: SeededRandom, kind: AlertKind, value: unknown): unknown {
  const change = {
    [random.pick(['labels', 'annotations', 'startsAt', 'fingerprint', 'summary', 'hosts', 'title'])]: value,
  };
  switch (kind) {
    case 'alertmanager':
      return amGroup([amAlert(change)]);
    case 'grafana':
      return amGroup([amAlert(change)], { groupKey: value });
    case 'gitlab':
      return gitlabAlert(change);
    case 'standard-webhooks':
      return signedAlert(change);
  }
}

const TEXTS = [
  '',
  'x',
  '\n\r\t',
  '\u0000',
  '\ud83d',
  '💥'.repeat(400),
  '__proto__',
  'constructor',
  '2026-11-29',
  '<!channel>',
];

function randomJson(random: SeededRandom, depth: number): unknown {
  const text = () => random.pick(TEXTS).repeat(1 + random.int(4));
  const choices = [text, () => random.int(1e9), () => null, () => random.chance(50)];
  if (depth > 3 || random.chance(30)) return random.pick(choices)();
  const length = random.int(80);
  if (random.chance(30)) return Array.from({ length }, () => randomJson(random, depth + 2));
  return Object.fromEntries(Array.from({ length }, (_, index) => [`${text()}${index}`, randomJson(random, depth + 2)]));
}
