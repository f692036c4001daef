import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesGlob } from '../../../../src/host/probe/disk/glob.ts';

const ROWS: [string, string, boolean][] = [
  ['/data', '/data', true],
  ['/data', '/data2', false],
  ['/da*', '/data', true],
  ['/*', '/data', true],
  ['/*', '/data/x', false],
  ['/*/x', '/data/x', true],
  ['/d**a', '/data', true],
  ['/*a*a', '/data', true],
  ['/*b*', '/data', false],
  ['/d?ta', '/data', true],
  ['/?', '/', false],
  ['/d[a-c]ta', '/data', true],
  ['/d[a-c]ta', '/d-ta', false],
  ['/d[-a]ta', '/d-ta', true],
  ['/d[!b]ta', '/data', true],
  ['/d[^a]ta', '/data', false],
  ['/d[z-a]ta', '/data', false],
  ['/d[ab', '/d[ab', true],
  ['/[]]', '/]', true],
  ['/(a|b)+', '/(a|b)+', true],
  ['/.*', '/x', false],
  ['/\u{1f433}?', '/\u{1f433}\u{1f433}', true],
  ['', '', true],
];

for (const [pattern, path, expected] of ROWS) {
  test(`the tmpfiles.d pattern ${pattern || 'nothing'} ${expected ? 'matches' : 'does not match'} ${path || 'nothing'}`, () => {
    assert.equal(matchesGlob(pattern, path), expected);
  });
}
