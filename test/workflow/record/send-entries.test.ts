import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { otlpCollector } from '../../../src/http/otlp-collector.ts';
import { otlpLogs } from '../../../src/telling/json/otlp-logs.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { oldestUnsent, sendEntriesUntil } from '../../../src/workflow/record/send-entries.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { databasePath, openSqliteAt } from '../../store/open-store.ts';
import { auditDraft, openIncident } from '../../store/samples.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { collectorFor } from '../../support/services/collector.ts';

const SECOND_MS = 1_000;

/** Sends the record in this file to the collector, in simulated time. */
async function sendingFrom(
  t: TestContext,
  path: string,
  url: string,
  change: (store: RecordStore) => RecordStore = (one) => one,
) {
  const opened = await openSqliteAt(t, path);
  const clock = new SimulatedClock(new Date('2026-11-23T14:03:00Z'));
  const logged: string[] = [];
  const note = (_: unknown, message: string) => void logged.push(message);
  const log: Log = { debug: () => {}, info: note, warn: note, error: note, child: () => log };
  const store = change({ transact: (work) => clock.working(opened.store.transact(work)) });
  const real = otlpCollector({ url, headers: { authorization: 'Bearer t' } }, (entries) => otlpLogs(entries, '1.0.0'));
  const trail = {
    storedAfter: (sequence: number, limit: number) => clock.working(opened.auditTrail.storedAfter(sequence, limit)),
  };
  const collector = { send: (...sent: Parameters<typeof real.send>) => clock.working(real.send(...sent)) };
  const stop = new AbortController();
  const counted: string[] = [];
  const metrics = {
    ...UNMEASURED,
    count: (_: string, { reason }: Record<string, string>) => void counted.push(`${reason}`),
  };
  const loop = sendEntriesUntil(stop.signal, { store, clock, log, metrics }, { trail, collector, random: () => 0.5 });
  const end = async () => {
    stop.abort();
    await loop;
    await opened.close();
  };
  t.after(end);
  const incident = await openIncident(opened.store);
  const record = async (entries: number) => {
    await opened.store.transact(async (tx) => {
      for (let n = 0; n < entries; n += 1) await tx.appendAudit(auditDraft(incident.id));
    });
  };
  return { ...opened, clock, logged, counted, record, end, unsent: () => oldestUnsent(opened, opened.auditTrail) };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('every entry reaches the collector once, in order, in bounded requests, as the event that audit stream prints', async (t) => {
  const collector = await collectorFor(t);
  const { clock, record, auditTrail, logged, unsent } = await sendingFrom(t, await databasePath(t), collector.url);
  await record(250);
  await clock.pass(2 * SECOND_MS);
  assert.deepEqual(collector.sequences(), [numbers(1, 100), numbers(101, 200), numbers(201, 250)]);
  assert.equal(await unsent(), null);
  await clock.pass(60 * SECOND_MS);
  assert.equal(collector.received.length, 3, 'nothing is sent while the record does not grow');
  const [{ path, headers, body } = assert.fail()] = collector.received;
  assert.deepEqual(
    [path, headers['content-type'], headers.authorization],
    ['/v1/logs', 'application/json', 'Bearer t'],
  );
  const [{ resource, scopeLogs }] = body.resourceLogs;
  assert.deepEqual(resource.attributes[0], { key: 'service.name', value: { stringValue: 'registry-doctor' } });
  const [first = assert.fail()] = scopeLogs[0].logRecords;
  const [entry = assert.fail()] = await auditTrail.entriesAfter(0, 1);
  assert.equal(first.timeUnixNano, String(BigInt(Date.parse(entry.at)) * 1_000_000n));
  assert.equal(first.severityNumber, 9);
  assert.equal(JSON.parse(first.body.stringValue ?? '').metadata.uid, entry.hash);
  assert.deepEqual(first.attributes, [
    { key: 'event.name', value: { stringValue: entry.act } },
    { key: 'registry_doctor.sequence', value: { intValue: '1' } },
    { key: 'registry_doctor.hash', value: { stringValue: entry.hash } },
    { key: 'registry_doctor.incident', value: { intValue: String(entry.incidentId) } },
  ]);
  assert.deepEqual(logged, []);
});

test('entries wait while the collector refuses them, as long as it asks for, and each reason in turn is one line of the log', async (t) => {
  const collector = await collectorFor(t);
  const { clock, record, logged, unsent } = await sendingFrom(t, await databasePath(t), collector.url);
  collector.answers.push({ status: 503 }, { status: 429, headers: { 'Retry-After': '120' } }, { status: 429 });
  await record(2);
  await clock.pass(5 * SECOND_MS);
  assert.equal(collector.received.length, 2);
  assert.match((await unsent()) ?? '', /^2026-11-23T14:02/);
  await clock.pass(110 * SECOND_MS);
  assert.equal(collector.received.length, 2, 'it asked for two minutes');
  await record(1);
  await clock.pass(30 * SECOND_MS);
  assert.deepEqual(collector.sequences(), [
    [1, 2],
    [1, 2],
    [1, 2, 3],
    [1, 2, 3],
  ]);
  assert.deepEqual(logged, [
    'audit entries could not be sent to the collector; they wait',
    'audit entries could not be sent to the collector; they wait',
    'the collector can be reached again',
  ]);
});

test('after a restart the entries follow that were not sent, and what was sent without being noted comes twice', async (t) => {
  const collector = await collectorFor(t);
  const path = await databasePath(t);
  const first = await sendingFrom(t, path, collector.url);
  await first.record(2);
  await first.clock.pass(2 * SECOND_MS);
  await first.record(1);
  await first.end();
  const forgetful = await sendingFrom(t, path, collector.url, (store) => ({
    transact: (work) =>
      store.transact((tx) => work({ ...tx, saveLastSentEntry: () => Promise.reject(new Error('disk full')) })),
  }));
  await forgetful.clock.pass(100);
  await forgetful.end();
  const last = await sendingFrom(t, path, collector.url);
  await last.clock.pass(2 * SECOND_MS);
  assert.deepEqual(collector.sequences(), [[1, 2], [3], [3]]);
});

test('what the collector rejects is logged and not sent again, and what answers otherwise than a collector has taken nothing', async (t) => {
  const collector = await collectorFor(t);
  const { clock, record, logged, counted } = await sendingFrom(t, await databasePath(t), collector.url);
  collector.answers.push(
    { status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"too old"}}' },
    { status: 200, body: '<html>' },
  );
  await record(2);
  await clock.pass(2 * SECOND_MS);
  await record(1);
  await clock.pass(2 * SECOND_MS);
  assert.deepEqual(collector.sequences(), [[1, 2], [3], [3]]);
  assert.deepEqual(logged, [
    'the collector rejected audit entries; they stay in the record',
    'audit entries could not be sent to the collector; they wait',
    'the collector can be reached again',
  ]);
  assert.deepEqual(counted, ['rejected']);
});

test('an entry that the collector never takes is passed over once a later one was taken, on record, and no other with it', async (t) => {
  const collector = await collectorFor(t);
  const { clock, record, logged, counted, auditTrail, unsent } = await sendingFrom(
    t,
    await databasePath(t),
    collector.url,
  );
  collector.refuse((sequence) => (sequence === 3 ? 400 : sequence === 4 ? 413 : null));
  await record(4);
  await clock.pass(30 * SECOND_MS);
  assert.deepEqual(new Set(collector.taken()), new Set([1, 2]));
  assert.notEqual(await unsent(), null, 'the collector might refuse everything that comes');
  assert.deepEqual(logged, ['audit entries could not be sent to the collector; they wait']);
  await record(3);
  await clock.pass(60 * SECOND_MS);
  assert.deepEqual([...new Set(collector.taken())], [1, 2, 5, 6, 7, 8]);
  assert.equal(await unsent(), null);
  const [told = assert.fail()] = await auditTrail.entriesAfter(7, 1);
  const entries = [
    { entry: 3, why: 'status 400' },
    { entry: 4, why: 'status 413' },
  ];
  assert.deepEqual([told.act, told.outcome], ['entries-not-sent', { entries }]);
  assert.deepEqual(counted, ['refused', 'refused']);
});

test('requests that are too large for the collector are sent in parts that it takes', async (t) => {
  const collector = await collectorFor(t);
  const { clock, record, auditTrail, logged } = await sendingFrom(t, await databasePath(t), collector.url);
  collector.refuse((_, entries) => (entries > 7 ? 413 : null));
  await record(100);
  await clock.pass(SECOND_MS);
  assert.deepEqual(collector.taken(), numbers(1, 100));
  assert.equal((await auditTrail.entriesAfter(0, 200)).length, 100);
  assert.deepEqual(logged, []);
});

test('a row that can’t be read is passed over, on record, and the age of the oldest entry is still told', async (t) => {
  const collector = await collectorFor(t);
  const path = await databasePath(t);
  const before = await sendingFrom(t, path, collector.url);
  await before.end();
  const damaged = await openSqliteAt(t, path);
  const incident = await openIncident(damaged.store);
  await damaged.store.transact(async (tx) => {
    for (let n = 0; n < 4; n += 1) await tx.appendAudit(auditDraft(incident.id));
  });
  const shell = new DatabaseSync(path);
  for (const { name } of shell.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
    shell.exec(`DROP TRIGGER ${name}`);
  }
  shell.exec("UPDATE audit_entries SET actor = '{', at = 'then' WHERE sequence = 1");
  shell.exec("UPDATE audit_entries SET outcome = '{' WHERE sequence = 3");
  shell.close();
  assert.match((await oldestUnsent(damaged, damaged.auditTrail)) ?? '', /^2026-/);
  await damaged.close();
  const { clock, counted, auditTrail } = await sendingFrom(t, path, collector.url);
  await clock.pass(3 * SECOND_MS);
  assert.deepEqual(collector.taken(), [2, 4, 5]);
  const [told = assert.fail()] = await auditTrail.entriesAfter(4, 1);
  const entries = [1, 3].map((entry) => ({ entry, why: 'unreadable' }));
  assert.deepEqual([told.act, told.outcome], ['entries-not-sent', { entries }]);
  assert.deepEqual(counted, ['unreadable', 'unreadable']);
});

test('if the record does not have the entry that was sent last, all entries are sent again and the log says so', async (t) => {
  const collector = await collectorFor(t);
  const path = await databasePath(t);
  const first = await sendingFrom(t, path, collector.url, (store) => ({
    transact: (work) => store.transact((tx) => work({ ...tx, saveLastSentEntry: () => tx.saveLastSentEntry(99) })),
  }));
  await first.record(2);
  await first.clock.pass(2 * SECOND_MS);
  await first.end();
  const last = await sendingFrom(t, path, collector.url);
  await last.clock.pass(2 * SECOND_MS);
  assert.deepEqual(collector.sequences(), [
    [1, 2],
    [1, 2],
  ]);
  assert.match(last.logged.join(), /all entries are sent again/);
});

test('a collector that is not there, or sends elsewhere, takes nothing', async (t) => {
  const collector = await collectorFor(t);
  const { clock, record, unsent, end } = await sendingFrom(t, await databasePath(t), collector.url);
  collector.answers.push({ status: 307, headers: { Location: collector.url } });
  await record(1);
  await clock.pass(1_500);
  assert.equal(collector.received.length, 1);
  await collector.close();
  await clock.pass(60 * SECOND_MS);
  assert.notEqual(await unsent(), null);
  await end();
});

test('a collector that never answers holds up no stop', async (t) => {
  const reached = Promise.withResolvers<void>();
  const server = createServer(() => reached.resolve()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { clock, record, logged, end } = await sendingFrom(t, await databasePath(t), `http://127.0.0.1:${port}`);
  await record(1);
  const passing = clock.pass(2 * SECOND_MS);
  await reached.promise;
  await end();
  await passing;
  assert.deepEqual(logged, [], 'the next start sends it');
});
