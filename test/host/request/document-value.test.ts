import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentValue } from '../../../src/host/request/document-value.ts';

const VALUES: readonly (readonly [what: string, value: string | Uint8Array, written: string])[] = [
  ['a plain path', '/data/vol1/ops', '/data/vol1/ops'],
  ['nothing', '', '-'],
  ['a lone dash', '-', '\\0055'],
  ['a blank', 'a b', 'a\\0040b'],
  ['a newline at the end', 'a\n', 'a\\0012'],
  ['a quote and an expansion', "'$(reboot)`", '\\0047\\0044\\0050reboot\\0051\\0140'],
  ['a backslash', '\\0040', '\\01340040'],
  ['bytes that are not UTF-8', Uint8Array.of(0x2f, 0xff, 0xfe), '/\\0377\\0376'],
  ['letters beyond ASCII', 'ä', '\\0303\\0244'],
];

for (const [what, value, written] of VALUES) {
  test(`in a document sent to the guard, ${what} is written as ${written}`, () =>
    assert.equal(documentValue(value), written));
}

test('a NUL byte in a value is refused before a document is sent to the guard', () =>
  assert.throws(() => documentValue(Uint8Array.of(0x2f, 0)), RangeError));
