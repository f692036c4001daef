import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth } from '../../../src/playground/slack/render/text-width.ts';
import { wrapText } from '../../../src/playground/slack/render/wrap-text.ts';

test('the demo wraps Chinese text between characters and does not split a Latin word', () => {
  assert.deepEqual(wrapText('受阻：不是属主，不在 root 组，其他用户没有 x 权限', 20), [
    '受阻：不是属主，不在',
    'root 组，其他用户没',
    '有 x 权限',
  ]);
});

test('the demo never starts a wrapped line with closing punctuation or ends one with opening punctuation', () => {
  const text = '目录（不含符号链接），文件、“其他”条目。';
  for (let width = 6; width <= textWidth(text); width += 1) {
    for (const line of wrapText(text, width)) {
      assert.doesNotMatch(line, /^[，。、）”]|[（“]$/, `${width}: ${line}`);
      assert.ok(textWidth(line) <= width, `${width}: ${line}`);
    }
  }
});
