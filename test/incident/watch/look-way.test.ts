import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterTries, NO_WAY_FAILED, type Tried, waysToTry } from '../../../src/incident/watch/look-way.ts';
import type { CheapWay } from '../../../src/model/connection/look-way.ts';

const MINUTE_MS = 60_000;
const both = new Set<CheapWay>(['from-bot', 'from-host']);

const failing = (way: CheapWay, change: Partial<Tried> = {}): Tried => ({
  failed: [{ way, forbidden: false }],
  answeredBy: 'guard',
  isHealthy: true,
  ...change,
});

test('a health check of a monitored host starts with the cheapest method and ends with the guard', () => {
  assert.deepEqual(waysToTry(both, NO_WAY_FAILED, 0), ['from-bot', 'from-host', 'guard']);
  assert.deepEqual(waysToTry(new Set(['from-host'] as const), NO_WAY_FAILED, 0), ['from-host', 'guard']);
  assert.deepEqual(waysToTry(new Set(), NO_WAY_FAILED, 0), ['guard']);
});

test('a check method that failed is skipped, and retried after a pause that doubles up to an hour', () => {
  let memory = NO_WAY_FAILED;
  let nowMs = 0;
  const pauses = [];
  for (let failures = 0; failures < 9; failures += 1) {
    memory = afterTries(memory, failing('from-bot'), nowMs);
    assert.deepEqual(waysToTry(both, memory, nowMs), ['from-host', 'guard']);
    const failedAt = nowMs;
    while (!waysToTry(both, memory, nowMs).includes('from-bot')) nowMs += MINUTE_MS;
    pauses.push((nowMs - failedAt) / MINUTE_MS);
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('a check method that answers again is no longer skipped, even if it answers that the registry is unhealthy', () => {
  const failed = afterTries(NO_WAY_FAILED, failing('from-bot'), 0);
  const answered = { failed: [], answeredBy: 'from-bot', isHealthy: false } as const;
  assert.deepEqual(afterTries(failed, answered, MINUTE_MS), NO_WAY_FAILED);
});

test('no check method is skipped for failing while the registry is down', () => {
  const memory = afterTries(NO_WAY_FAILED, failing('from-bot', { isHealthy: false }), 0);
  assert.deepEqual(memory, NO_WAY_FAILED);
});

test('a check method that the host forbids is skipped, even if the registry is down as well', () => {
  const failed = [{ way: 'from-host', forbidden: true }] as const;
  const memory = afterTries(NO_WAY_FAILED, { failed, answeredBy: 'guard', isHealthy: false }, 0);
  assert.deepEqual(waysToTry(both, memory, 0), ['from-bot', 'guard']);
});

test('a health check without any answer does not change which check methods are skipped', () => {
  const failed = afterTries(NO_WAY_FAILED, failing('from-bot'), 0);
  const blind = { failed: [{ way: 'from-host', forbidden: false }], answeredBy: null, isHealthy: false } as const;
  assert.deepEqual(afterTries(failed, blind, 1), failed);
});
