import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterLook, NOT_LOOKED_YET, tellInMs } from '../../../src/incident/watch/sight.ts';
import { dueTogether, firstPauseMs, type Pace, pauseMs } from '../../../src/incident/watch/watch-pace.ts';

const quiet: Pace = { intervalMs: 30_000, isDoubtful: false, hasIncident: false, blindLooks: 0, tellInMs: null };
const pauseSeconds = (change: Partial<Pace>, random = 0) => pauseMs({ ...quiet, ...change }, random) / 1000;

test('after a start the first health checks of monitored hosts are spread over their interval, or half a minute if it is longer', () => {
  assert.deepEqual(
    [0, 0.5, 1].map((place) => firstPauseMs(10_000, place)),
    [0, 5_000, 10_000],
  );
  assert.equal(firstPauseMs(86_400_000, 1), 30_000);
});

test('checks of several hosts that are due within 260 ms begin together, and none before it is due', () => {
  assert.deepEqual([0, 1, 259.5, 260, 260.5].map(dueTogether), [0, 260, 260, 260, 520]);
});

test('a healthy host is checked again after its interval plus up to a tenth, never earlier', () => {
  assert.deepEqual([pauseSeconds({}), pauseSeconds({}, 1)], [30, 33]);
});

test('a host whose registry just answered unhealthy is checked again after five seconds, or its interval if that is shorter', () => {
  assert.equal(pauseSeconds({ isDoubtful: true }, 1), 5);
  assert.equal(pauseSeconds({ isDoubtful: true, intervalMs: 1_000 }, 1), 1);
});

test('a host that does not answer is checked less and less often, at least every five minutes', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 500].map((blindLooks) => pauseSeconds({ blindLooks, isDoubtful: true }));
  assert.deepEqual(pauses, [30, 60, 120, 240, 300, 300, 300]);
});

test('an interval longer than five minutes is never shortened, however often the host did not answer', () => {
  assert.equal(pauseSeconds({ blindLooks: 9, intervalMs: 3_600_000, tellInMs: 1_000 }), 3_600);
});

test('during an incident a host that does not answer is still checked at its normal interval', () => {
  assert.equal(pauseSeconds({ blindLooks: 9, hasIncident: true }, 1), 30);
});

test('a host that does not answer is checked again in time for the report that it can’t be checked', () => {
  assert.equal(pauseSeconds({ blindLooks: 9, tellInMs: 90_000 }), 90);
  assert.equal(pauseSeconds({ blindLooks: 9, tellInMs: 2_000 }), 30);
});

test('the time for which a host can’t be checked starts with the first unanswered check and ends with any answer', () => {
  const seen = afterLook(NOT_LOOKED_YET, 'healthy', 1_000);
  const blind = afterLook(afterLook(seen, 'blind', 31_000), 'blind', 61_000);
  assert.deepEqual(blind, { lastSeenAt: 1_000, blindSince: 31_000, blindLooks: 2 });
  assert.equal(tellInMs(blind, 60_000, 61_000), 30_000);
  assert.equal(tellInMs(blind, 60_000, 99_000), 0);
  const again = afterLook(blind, 'unhealthy', 100_000);
  assert.deepEqual(again, { lastSeenAt: 100_000, blindSince: null, blindLooks: 0 });
  assert.equal(tellInMs(again, 60_000, 200_000), null);
});
