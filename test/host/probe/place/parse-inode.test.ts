import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInode } from '../../../../src/host/probe/place/parse-inode.ts';
import { absent, known } from '../../../../src/model/fact.ts';

test('one line of stat is an inode', () => {
  assert.deepEqual(parseInode('43e8:0:37:65024:18446744073709551615:1795478416:1795478412:1795478415:root:UNKNOWN'), {
    kind: 'directory',
    mode: '1750',
    uid: 0,
    gid: 37,
    owner: 'root',
    group: '37',
    device: '65024',
    inode: '18446744073709551615',
    changedAt: 1795478416,
    modifiedAt: known(1795478412),
    bornAt: known(1795478415),
  });
});

for (const [mode, kind] of [
  ['a1ff', 'symlink'],
  ['81a4', 'file'],
  ['1180', 'other'],
  ['c1ed', 'other'],
  ['41c0', 'directory'],
] as const) {
  test(`st_mode ${mode} is a ${kind}`, () => {
    assert.equal(parseInode(`${mode}:0:0:1:1:1:1:0:a:b`).kind, kind);
  });
}

for (const born of ['0', '-', '?', 'W']) {
  test(`a birth time of ${born} counts as absent`, () => {
    assert.deepEqual(parseInode(`41ed:0:0:1:1:1:1:${born}:a:b`).bornAt, absent);
  });
}

for (const line of [
  '',
  '41ed:0:0:1:1:1:1:0:a',
  '41ed:0:0:1:1:1:1:0:a:b:c',
  'xyz:0:0:1:1:1:1:0:a:b',
  '41ed:-1:0:1:1:1:1:0:a:b',
  '41ed:0:0:1:1:1e3:1:0:a:b',
  '41ed:0:0:1:1:1:1e3:0:a:b',
]) {
  test(`a stat line is malformed: ${JSON.stringify(line)}`, () => assert.throws(() => parseInode(line)));
}
