import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration } from '../../../src/words/zh-Hans/time.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATIONS: readonly [ms: number, words: string][] = [
  [-5, '0.0 秒'],
  [412, '0.4 秒'],
  [9_949, '9.9 秒'],
  [12 * SECOND, '12 秒'],
  [59_999, '59 秒'],
  [MINUTE, '1 分钟'],
  [4 * MINUTE + 5 * SECOND, '4 分钟'],
  [HOUR, '1 小时'],
  [2 * HOUR + 5 * MINUTE, '2 小时 5 分钟'],
  [DAY + HOUR, '1 天 1 小时'],
  [3 * DAY, '3 天'],
  [1_234 * DAY, '1,234 天'],
];
for (const [ms, words] of DURATIONS) {
  test(`a duration of ${ms} ms is written "${words}" in Chinese`, () => assert.equal(duration(ms), words));
}
