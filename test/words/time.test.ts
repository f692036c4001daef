import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, duration } from '../../src/words/en/time.ts';
import { clock, dateAndTime, grouped, timeOfDay } from '../../src/words/moment.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATIONS: readonly [ms: number, words: string][] = [
  [-5, '0.0 s'],
  [0, '0.0 s'],
  [412, '0.4 s'],
  [9_949, '9.9 s'],
  [12 * SECOND, '12 s'],
  [59_999, '59 s'],
  [MINUTE, '1 minute'],
  [4 * MINUTE + 5 * SECOND, '4 minutes'],
  [HOUR, '1 hour'],
  [2 * HOUR + 5 * MINUTE, '2 hours 5 minutes'],
  [DAY + HOUR, '1 day 1 hour'],
  [3 * DAY, '3 days'],
];
for (const [ms, words] of DURATIONS) {
  test(`a duration of ${ms} ms is written "${words}"`, () => assert.equal(duration(ms), words));
}

test('counted nouns have the right singular or plural, and numbers a comma per thousand', () => {
  assert.equal(count(1, 'step'), '1 step');
  assert.equal(count(0, 'step'), '0 steps');
  assert.equal(count(2, 'directory', 'directories'), '2 directories');
  assert.equal(grouped(999), '999');
  assert.equal(grouped(1_234_567), '1,234,567');
});

test('a time is shown in UTC if the reader’s time zone is unknown', () => {
  const at = '2026-11-23T14:02:10.000Z';
  assert.equal(clock({ kind: 'time', at, precision: 'time' }), '14:02 UTC');
  assert.equal(clock({ kind: 'time', at, precision: 'date-and-time' }), '2026-11-23 14:02 UTC');
  assert.deepEqual(
    [timeOfDay(at), dateAndTime(at)].map(({ kind }) => kind),
    ['time', 'time'],
  );
});
