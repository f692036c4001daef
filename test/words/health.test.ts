import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartTrouble } from '../../src/model/health.ts';
import { partLine as english } from '../../src/words/en/health.ts';
import { partLine as chinese } from '../../src/words/zh-Hans/health.ts';

const TROUBLES: readonly (readonly [PartTrouble | null, string, string])[] = [
  [null, 'slack: healthy', 'slack：正常'],
  [{ code: 'timed-out', timeoutMs: 2_000 }, 'slack: unhealthy: no answer within 2 s', 'slack：异常：2 秒内没有响应'],
  [{ code: 'failed', said: 'disk full' }, 'slack: unhealthy: disk full', 'slack：异常：“disk full”'],
  [{ code: 'not-connected', trouble: null }, 'slack: unhealthy: not connected to Slack', 'slack：异常：未连接到 Slack'],
];

for (const [trouble, inEnglish, inChinese] of TROUBLES) {
  test(`the health of a part in words: ${inEnglish}`, () => {
    assert.equal(english('slack', trouble), inEnglish);
    assert.equal(chinese('slack', trouble), inChinese);
  });
}
