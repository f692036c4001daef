import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingNumbers } from '../../src/incident/closing-numbers.ts';
import { type Act, type AuditEntry, GENESIS_HASH } from '../../src/model/record/audit.ts';
import { IncidentId } from '../../src/model/record/ids.ts';

type Told = readonly [second: number, act: Act, outcome?: AuditEntry['outcome']];

function at(second: number): string {
  return new Date(Date.UTC(2026, 10, 23, 14, 0, second)).toISOString();
}

function entries(told: readonly Told[]): AuditEntry[] {
  return told.map(([second, act, outcome = {}], index) => ({
    sequence: index + 1,
    at: at(second),
    incidentId: IncidentId.parse(7),
    incidentEntry: index + 1,
    actor: { kind: 'bot', part: 'workflow' },
    act,
    planId: null,
    planHash: null,
    outcome,
    salts: {},
    previousHash: GENESIS_HASH,
    hash: GENESIS_HASH,
  }));
}

const OPENED_BY_WATCH: Told = [5, 'incident-opened', { badSince: at(0) }];
const FAULTY: Told = [6, 'diagnosed', { verdict: 'faulty', registrySeen: 'not-well' }];

test('the registry was down from the first bad look of monitoring to the first good one', () => {
  const numbers = closingNumbers(entries([OPENED_BY_WATCH, FAULTY, [65, 'plan-approved']]), {
    at: at(70),
    badSince: null,
  });
  assert.deepEqual(numbers, {
    downSince: at(0),
    downMs: 70_000,
    noticedAfterMs: 5_000,
    countedFrom: at(5),
    verdictAfterMs: 1_000,
    approvedAfterMs: 60_000,
    recoveredAfterMs: 65_000,
  });
});

test('an incident that a person opened was down from its first bad diagnosis, and no one knows who noticed when', () => {
  const numbers = closingNumbers(entries([[0, 'incident-opened'], FAULTY]), { at: at(66), badSince: null });
  assert.deepEqual(numbers, {
    downSince: at(6),
    downMs: 60_000,
    countedFrom: at(0),
    verdictAfterMs: 6_000,
    recoveredAfterMs: 66_000,
  });
});

test('an earlier bad look of monitoring counts, also if a person opened the incident', () => {
  const numbers = closingNumbers(entries([[4, 'incident-opened'], FAULTY]), { at: at(10), badSince: at(1) });
  assert.partialDeepStrictEqual(numbers, { downSince: at(1), downMs: 9_000, noticedAfterMs: 3_000 });
});

test('a registry that no look found unhealthy was not down as far as anyone knows', () => {
  const healthy: Told = [1, 'diagnosed', { verdict: 'healthy', registrySeen: 'well' }];
  const numbers = closingNumbers(entries([[0, 'incident-opened'], healthy]), { at: at(1), badSince: null });
  assert.deepEqual(numbers, { countedFrom: at(0), verdictAfterMs: 1_000, recoveredAfterMs: 1_000 });
});

for (const end of [['verified', { registry: 'well' }] as const, ['incident-resolved', {}] as const]) {
  test(`an incident that came back after ${end[0]} is counted from the new request`, () => {
    const told = entries([
      OPENED_BY_WATCH,
      FAULTY,
      [30, 'plan-approved'],
      [40, ...end],
      [100, 'diagnosis-requested'],
      [102, 'diagnosed', { registrySeen: 'not-well' }],
    ]);
    assert.deepEqual(closingNumbers(told, { at: at(110), badSince: null }), {
      downSince: at(102),
      downMs: 8_000,
      countedFrom: at(100),
      verdictAfterMs: 2_000,
      recoveredAfterMs: 10_000,
    });
  });
}

test('a second request while the incident is open starts no new period', () => {
  const told = entries([OPENED_BY_WATCH, FAULTY, [50, 'diagnosis-requested'], [51, 'diagnosed']]);
  assert.partialDeepStrictEqual(closingNumbers(told, { at: at(60), badSince: null }), {
    downSince: at(0),
    countedFrom: at(5),
    verdictAfterMs: 1_000,
  });
});

test('a clock that was set back gives no negative number', () => {
  const numbers = closingNumbers(entries([OPENED_BY_WATCH, [3, 'diagnosed']]), { at: at(1), badSince: null });
  assert.deepEqual(numbers, { downSince: at(0), downMs: 1_000, noticedAfterMs: 5_000, countedFrom: at(5) });
});

test('a registry that an undo broke is counted from the first bad look only: no one has asked anything', () => {
  const told = entries([
    OPENED_BY_WATCH,
    [40, 'verified', { registry: 'well' }],
    [50, 'plan-proposed'],
    [60, 'plan-approved'],
  ]);
  assert.deepEqual(closingNumbers(told, { at: at(90), badSince: at(70) }), { downSince: at(70), downMs: 20_000 });
});
