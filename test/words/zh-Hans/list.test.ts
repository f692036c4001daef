import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, plainText, say } from '../../../src/words/phrase.ts';
import { listOf, textList } from '../../../src/words/zh-Hans/list.ts';

const LISTS: readonly [items: readonly string[], and: string, or: string][] = [
  [[], '', ''],
  [['/a'], '/a', '/a'],
  [['/a', '/b'], '/a 和 /b', '/a 或 /b'],
  [['/a', '/b', '/c'], '/a、/b 和 /c', '/a、/b 或 /c'],
  [['属主', '属组'], '属主和属组', '属主或属组'],
  [['/a', '另外 2 个'], '/a 和另外 2 个', '/a 或另外 2 个'],
  [['（甲）', '“乙”'], '（甲）和“乙”', '（甲）或“乙”'],
];
for (const [items, and, or] of LISTS) {
  test(`a Chinese list of ${items.length} items is written "${and}"`, () => {
    assert.equal(textList(items), and);
    assert.equal(textList(items, 'or'), or);
  });
}

test('the items of a Chinese list keep their styles, and a comma inside an item does not split it', () => {
  const list = listOf([[code('/a、b')], say`目录 ${code('/c')}`, [{ kind: 'time', at: 'T', precision: 'time' }]]);
  assert.equal(plainText(list), '/a、b、目录 /c 和 T');
  assert.deepEqual(
    list.filter(({ kind }) => kind === 'code'),
    [code('/a、b'), code('/c')],
  );
  assert.equal(list.at(-1)?.kind, 'time');
});

test('code in a Chinese list stands apart from the word between, also if it is a path in Chinese', () => {
  assert.equal(plainText(listOf([[code('/数据')], [code('/备份')]])), '/数据 和 /备份');
});
