import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentReport } from '../../../src/telling/json/incident-report.ts';
import { english } from '../../support/words/english.ts';
import { incidentDiagnosis } from '../sample-diagnoses.ts';
import { incidentRecord, toldIncident } from '../sample-incident.ts';

const RECORD = incidentRecord(incidentDiagnosis, 'looks right');
const NUMBERS = { downSince: '2026-11-23T14:02:05.000Z', downMs: 250_000, noticedAfterMs: 5_000 };

test('the JSON of an incident has its entries as they are on record, the numbers of its end and the picture of its path', () => {
  const entries = RECORD.entries.map((entry) =>
    entry.act === 'verified' ? { ...entry, outcome: { ...entry.outcome, numbers: NUMBERS } } : entry,
  );
  const report = incidentReport(toldIncident({ ...RECORD, entries }), english);
  assert.deepEqual(report.entries, entries);
  assert.deepEqual(report.plans, RECORD.plans);
  assert.deepEqual(report.numbers, NUMBERS);
  const [diagnosis] = report.diagnoses;
  assert.deepEqual([diagnosis?.verdict, diagnosis?.plan], ['faulty', null]);
  assert.match(diagnosis?.picture ?? '', /^<svg [\s\S]*\/data\/vol1\/ops\/disk4t[\s\S]*<\/svg>$/);
});

test('an incident that has not ended has no numbers', () => {
  assert.equal(incidentReport(toldIncident(RECORD), english).numbers, null);
});
