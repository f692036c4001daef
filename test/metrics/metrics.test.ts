import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredHttp, measuredMessenger, measuredRemote } from '../../src/metrics/measured-adapters.ts';
import { measuredStore } from '../../src/metrics/measured-store.ts';
import { promMetrics } from '../../src/metrics/prom-metrics.ts';
import { readGauges } from '../../src/metrics/read-gauges.ts';
import { ALERT_SOURCE, HOST, METRICS } from '../../src/model/metric.ts';
import { OperatorError } from '../../src/model/operator-error.ts';
import { AlertSourceName } from '../../src/model/record/alert.ts';
import { ChannelId } from '../../src/model/record/ids.ts';
import type { RemoteOutcome } from '../../src/workflow/ports/host.ts';
import type { Delivery } from '../../src/workflow/ports/messages.ts';
import { openRecord } from '../attacks/proposed-plan.ts';
import { GIT01, statusMessage } from '../store/samples.ts';
import { FREE_PACE } from '../support/slack/free-pace.ts';

/** What is counted, and what is never a label. */

const series = (text: string) =>
  new Map(
    [...text.matchAll(/^(registry_doctor_\S+?(?:\{.*?\})?) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );

test('each metric label has a fixed list of values or is a name in the config, so the number of series is limited', () => {
  for (const { name, labels } of Object.values(METRICS)) {
    for (const values of Object.values(labels)) {
      assert.ok(values === HOST || values === ALERT_SOURCE || values.length > 0, name);
    }
  }
});

test('every metric series exists before its first event, so that a rate over it misses nothing', async () => {
  const shown = series(await promMetrics().text());
  assert.equal(shown.get('registry_doctor_executions_total{outcome="undo-failed"}'), 0);
  assert.equal(shown.get('registry_doctor_watch_looks_total{way="guard",result="blind"}'), 0);
  assert.equal(shown.get('registry_doctor_diagnosis_duration_seconds_count{verdict="faulty"}'), 0);
  assert.ok([...shown.keys()].every((name) => !name?.includes('host=')));
});

test('a metric whose value is unknown is not exposed', async () => {
  const metrics = promMetrics();
  metrics.set('hostBlind', { host: 'git01' }, 1);
  metrics.set('hostBlind', { host: 'git02' }, 0);
  metrics.set('hostBlind', { host: 'git01' }, null);
  metrics.set('outboxAge', {}, 12);
  metrics.set('outboxAge', {}, null);
  const shown = series(await metrics.text());
  assert.equal(shown.get('registry_doctor_watch_host_blind{host="git02"}'), 0);
  assert.ok(!shown.has('registry_doctor_watch_host_blind{host="git01"}'));
  assert.ok(!shown.has('registry_doctor_outbox_oldest_age_seconds'));
});

test('the metrics count audit entries once they are on record, and not those of a failed transaction', async (t) => {
  const record = await openRecord(t);
  const metrics = promMetrics();
  const store = measuredStore(record.opened.store, metrics);
  const { clock } = record.context();
  const { incidentId } = await record.propose();
  const diagnosed = {
    at: clock.now().toISOString(),
    incidentId,
    actor: { kind: 'bot', part: 'workflow' },
    planId: null,
    planHash: null,
    act: 'diagnosed',
    outcome: { verdict: 'faulty', durationMs: 1500 },
  } as const;
  await store.transact((tx) => tx.appendAudit(diagnosed));
  const failed = store.transact(async (tx) => {
    await tx.appendAudit(diagnosed);
    throw new Error('the disk is full');
  });
  await assert.rejects(failed, /the disk is full/);
  await store.transact((tx) => tx.appendAudit({ ...diagnosed, act: 'plan-rejected', outcome: {} }));
  await store.transact((tx) => tx.appendAudit({ ...diagnosed, act: 'plan-withdrawn', outcome: {} }));
  const alert = { kind: 'alert', source: AlertSourceName.parse('prometheus') } as const;
  await store.transact((tx) => tx.appendAudit({ ...diagnosed, actor: alert, act: 'incident-opened', outcome: {} }));
  await store.transact((tx) =>
    tx.appendAudit({ ...diagnosed, act: 'execution-finished', outcome: { kind: 'undone' } }),
  );
  await store.transact((tx) => tx.appendAudit({ ...diagnosed, act: 'execution-finished', outcome: { kind: '../x' } }));
  const shown = series(await metrics.text());
  assert.equal(shown.get('registry_doctor_diagnosis_duration_seconds_count{verdict="faulty"}'), 1);
  assert.equal(shown.get('registry_doctor_diagnosis_duration_seconds_sum{verdict="faulty"}'), 1.5);
  assert.equal(shown.get('registry_doctor_plan_decisions_total{decision="rejected"}'), 1);
  assert.equal(shown.get('registry_doctor_plan_decisions_total{decision="withdrawn"}'), 1);
  assert.equal(shown.get('registry_doctor_incidents_opened_total{by="alert"}'), 1);
  assert.equal(shown.get('registry_doctor_incidents_opened_total{by="person"}'), 0);
  assert.equal(shown.get('registry_doctor_executions_total{outcome="undone"}'), 1);
  assert.ok([...shown.keys()].every((name) => !name?.includes('../x')));
});

const SLACK_ERRORS: readonly (readonly [Delivery, string | null])[] = [
  [{ kind: 'delivered', ts: '1.2' }, null],
  [{ kind: 'retry', afterMs: 1, why: { kind: 'no-channel-message' }, doubt: 'not-posted' }, null],
  [{ kind: 'retry', afterMs: 1, why: { kind: 'file-not-in-thread' }, doubt: 'not-posted' }, null],
  [{ kind: 'retry', afterMs: 1, why: { kind: 'rate-limited', afterMs: 1 }, doubt: 'not-posted' }, 'rate-limited'],
  [{ kind: 'refused', why: { kind: 'refused', code: 'invalid_blocks' } }, 'refused'],
];

for (const [delivery, kind] of SLACK_ERRORS) {
  test(`the metrics count a message delivery as a ${kind} error: ${JSON.stringify(delivery)}`, async (t) => {
    const record = await openRecord(t);
    const { incidentId } = await record.propose();
    const incident = await record.opened.store.transact((tx) => tx.incident(incidentId));
    assert.ok(incident);
    const metrics = promMetrics();
    const messenger = measuredMessenger({ pace: FREE_PACE, deliver: async () => delivery }, metrics);
    const delivered = { version: 1, ts: null, threadTs: null, maybePosted: false };
    const pending = { ...statusMessage(incident), placement: 'channel' as const, ...delivered };
    assert.deepEqual(await messenger.deliver({ ...pending, channel: incident.channel }), delivery);
    assertCounted(series(await metrics.text()), 'registry_doctor_slack_errors_total', kind);
  });
}

const FILES: readonly (readonly [Delivery, string | null])[] = [
  [{ kind: 'delivered', ts: 'F1' }, 'posted'],
  [{ kind: 'refused', why: { kind: 'not-made', said: 'no font' } }, 'not-made'],
  [{ kind: 'refused', why: { kind: 'refused', code: 'file_uploads_disabled' } }, 'refused'],
  [{ kind: 'refused', why: { kind: 'no-answer', why: { code: 'not-slack' } } }, 'unanswered'],
  [{ kind: 'refused', why: { kind: 'rate-limited', afterMs: 1 } }, 'unanswered'],
  [{ kind: 'retry', afterMs: 1, why: { kind: 'rate-limited', afterMs: 1 }, doubt: 'not-posted' }, null],
];

for (const [delivery, outcome] of FILES) {
  test(`a file counts as ${outcome}: ${JSON.stringify(delivery)}`, async (t) => {
    const record = await openRecord(t);
    const { incidentId, host } = await record.propose();
    const metrics = promMetrics();
    const messenger = measuredMessenger({ pace: FREE_PACE, deliver: async () => delivery }, metrics);
    const at = '2026-11-23T14:02:00.000Z';
    await messenger.deliver({
      key: 'record-file',
      incidentId,
      placement: 'thread',
      body: { kind: 'file', about: 'record', incidentId, host, at, entries: 1 },
      channel: ChannelId.parse('C1'),
      version: 1,
      ts: null,
      threadTs: '1.0',
      maybePosted: false,
    });
    const shown = series(await metrics.text());
    const counted = [...shown].filter(([name, value]) => name?.startsWith('registry_doctor_files_total') && value > 0);
    const expected = outcome === null ? [] : [[`registry_doctor_files_total{about="record",outcome="${outcome}"}`, 1]];
    assert.deepEqual(counted, expected);
  });
}

test('the file of a long plan is counted once, with the card that it was posted for', async (t) => {
  const record = await openRecord(t);
  const { incidentId } = await record.propose();
  const incident = (await record.opened.store.transact((tx) => tx.incident(incidentId))) ?? assert.fail();
  const metrics = promMetrics();
  const outcomes: Delivery[] = [
    { kind: 'delivered', ts: '1.2', planFile: 'posted' },
    { kind: 'delivered', ts: '1.2' },
  ];
  const deliver = async () => outcomes.shift() ?? assert.fail();
  const messenger = measuredMessenger({ pace: FREE_PACE, deliver }, metrics);
  const delivered = { version: 1, ts: null, threadTs: null, maybePosted: false, channel: incident.channel };
  for (const _ of [1, 2]) await messenger.deliver({ ...statusMessage(incident), placement: 'channel', ...delivered });
  const shown = series(await metrics.text());
  assert.equal(shown.get('registry_doctor_files_total{about="plan",outcome="posted"}'), 1);
});

const OUTPUT = { stdout: new Uint8Array(), stderr: new Uint8Array(), truncated: false };
const SSH_ERRORS: readonly (readonly [RemoteOutcome, string | null])[] = [
  [{ kind: 'exited', exitCode: 1, output: OUTPUT }, null],
  [{ kind: 'timed-out', timeoutMs: 1, output: OUTPUT }, 'timed-out'],
  [{ kind: 'not-connected', reason: 'host-key-mismatch', why: { code: 'shutting-down' } }, 'host-key-mismatch'],
];

for (const [outcome, kind] of SSH_ERRORS) {
  test(`the metrics count a script on a host as a ${kind} error: ${outcome.kind}`, async (t) => {
    const metrics = promMetrics();
    const remote = measuredRemote({ run: async () => outcome }, metrics);
    const host = (await openRecord(t)).context().settings.hosts.get(GIT01);
    assert.ok(host);
    assert.equal(await remote.run(host, 'true', { timeoutMs: 1, maxOutputBytes: 1 }), outcome);
    assertCounted(series(await metrics.text()), 'registry_doctor_ssh_errors_total', kind);
  });
}

test('the metrics count a check that got no connection to its host, as a script that got none', async (t) => {
  const metrics = promMetrics();
  const notAsked = () => Promise.reject(new Error('not asked'));
  const http = measuredHttp(
    {
      ...{ askFromBot: notAsked, certificateEnd: notAsked },
      askFromHost: async () => ({ kind: 'not-connected', reason: 'host-key-mismatch', why: { code: 'shutting-down' } }),
    },
    metrics,
  );
  const host = (await openRecord(t)).context().settings.hosts.get(GIT01);
  assert.ok(host);
  await http.askFromHost(host, 'http://127.0.0.1:5000');
  assertCounted(series(await metrics.text()), 'registry_doctor_ssh_errors_total', 'host-key-mismatch');
});

function assertCounted(shown: ReadonlyMap<string | undefined, number>, name: string, kind: string | null): void {
  const counted = [...shown].filter(([one, value]) => one?.startsWith(name) && value > 0);
  assert.deepEqual(counted, kind === null ? [] : [[`${name}{kind="${kind}"}`, 1]]);
}

test('the outbox age metric is the age of its oldest message, and is not exposed if the outbox can’t be read', async () => {
  const metrics = promMetrics();
  const gauges = {
    writeRecord: async () => {},
    backlog: async () => ({ messages: 3, waitingSince: '2026-11-29T14:00:00.000Z' }),
    oldestUnsent: async () => '2026-11-29T14:00:30.000Z',
    isSlackConnected: () => false,
    watchedHosts: () => 2,
    clock: { now: () => new Date('2026-11-29T14:01:30Z'), sleep: async () => {} },
  };
  await readGauges(gauges, metrics);
  const shown = series(await metrics.text());
  assert.equal(shown.get('registry_doctor_outbox_messages'), 3);
  assert.equal(shown.get('registry_doctor_outbox_oldest_age_seconds'), 90);
  assert.equal(shown.get('registry_doctor_audit_unsent_oldest_age_seconds'), 60);
  assert.equal(shown.get('registry_doctor_slack_connected'), 0);
  const broken = () => Promise.reject(new Error('the disk is gone'));
  await readGauges({ ...gauges, backlog: broken, writeRecord: broken, oldestUnsent: null }, metrics);
  const after = series(await metrics.text());
  assert.equal(after.get('registry_doctor_record_writable'), 0);
  assert.equal(after.get('registry_doctor_record_older_copy'), 0, 'it is not known to be one');
  assert.ok(!after.has('registry_doctor_outbox_messages'));
  assert.ok(!after.has('registry_doctor_audit_unsent_oldest_age_seconds'), 'no collector is named');
});

test('the older copy metric is 1 while the database does not have an entry that the bot has seen', async () => {
  const metrics = promMetrics();
  const shownWith = async (writeRecord: () => Promise<void>) => {
    const gauges = {
      backlog: async () => ({ messages: 0, waitingSince: null }),
      oldestUnsent: null,
      isSlackConnected: () => true,
      watchedHosts: () => 0,
      clock: { now: () => new Date('2026-11-29T14:01:30Z'), sleep: async () => {} },
    };
    await readGauges({ ...gauges, writeRecord }, metrics);
    const all = series(await metrics.text());
    return [all.get('registry_doctor_record_writable'), all.get('registry_doctor_record_older_copy')];
  };
  const problem = { kind: 'older-copy', server: 'postgres://db.example.com/registry_doctor', entry: 7 } as const;
  const refused = () => Promise.reject(new OperatorError({ code: 'store', problem }));
  assert.deepEqual(await shownWith(refused), [0, 1]);
  assert.deepEqual(await shownWith(async () => {}), [1, 0]);
});
