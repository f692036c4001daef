import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLine, checkSummary } from '../../../src/words/zh-Hans/check.ts';

const SUMMARIES: readonly (readonly [Parameters<typeof checkSummary>[0], string])[] = [
  [{ failed: 0, skipped: 0, notes: 0 }, '检查全部通过。'],
  [{ failed: 0, skipped: 0, notes: 1 }, '检查全部通过，1 条提示。'],
  [{ failed: 0, skipped: 1, notes: 0 }, '没有失败的检查，1 项跳过。'],
  [{ failed: 2, skipped: 1, notes: 0 }, '2 项失败，1 项跳过。'],
];

for (const [counts, summary] of SUMMARIES) {
  test(`check ends in Chinese with this line after ${JSON.stringify(counts)}: ${summary}`, () => {
    assert.equal(checkSummary(counts), summary);
  });
}

test('the lines of check in Chinese have a Chinese colon', () => {
  assert.equal(checkLine('配置文件', '/etc/rd.yml，1 台主机'), '配置文件：/etc/rd.yml，1 台主机');
  assert.equal(checkLine('审计记录', ''), '审计记录');
});
