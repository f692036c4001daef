import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInode } from '../../../../src/host/probe/place/parse-inode.ts';
import { absent, known } from '../../../../src/model/fact.ts';

test('the parser of stat’s output reads one line as one file', () => {
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
  test(`the parser of stat’s output reads the mode ${mode} as a ${kind}`, () => {
    assert.equal(parseInode(`${mode}:0:0:1:1:1:1:0:a:b`).kind, kind);
  });
}

for (const born of ['0', '-', '?', 'W']) {
  test(`the parser of stat’s output reads a birth time of ${born} as absent`, () => {
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
  test(`the parser of stat’s output rejects ${JSON.stringify(line)}`, () => assert.throws(() => parseInode(line)));
}
