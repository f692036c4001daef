import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { parseAcls } from '../../../../src/host/probe/place/parse-acls.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';

const [A, B] = [HostPath.parse('/a'), HostPath.parse('/a/b')];
const BASE = 'user::rwx\ngroup::r-x\nother::r-x\n\n';
const EXTENDED = 'user::rwx\nuser:993:r--\ngroup::r-x\ngroup:37:-wx\nmask::r-x\nother::---\ndefault:user::rwx\n\n';

test('an ACL of only the mode bits is empty', () => {
  assert.deepEqual(parseAcls(Buffer.from(`${BASE}.`), [A]), new Map([[A, known([])]]));
});

test('ACL blocks belong to the paths in order, and default entries are left out', () => {
  const acls = parseAcls(Buffer.from(`${BASE}${EXTENDED}.`), [A, B]);
  assert.deepEqual(acls.get(A), known([]));
  assert.deepEqual(
    acls.get(B),
    known([
      { tag: 'user', id: null, permissions: 'rwx' },
      { tag: 'user', id: 993, permissions: 'r--' },
      { tag: 'group', id: null, permissions: 'r-x' },
      { tag: 'group', id: 37, permissions: '-wx' },
      { tag: 'mask', id: null, permissions: 'r-x' },
      { tag: 'other', id: null, permissions: '---' },
    ]),
  );
});

test('one ACL block too few leaves every ACL unknown, since the missing one can’t be told', () => {
  const why = unknown('acls-incomplete');
  assert.deepEqual(
    parseAcls(Buffer.from(`${BASE}.`), [A, B]),
    new Map([
      [A, why],
      [B, why],
    ]),
  );
});

for (const text of [
  '',
  BASE,
  'user:root:rwx\n\n.',
  'user::rwxs\n\n.',
  'nobody::rwx\n\n.',
  'user:99999999999999999:r--\n\n.',
]) {
  test(`ACLs are malformed: ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseAcls(Buffer.from(text), [A]), MalformedOutput);
  });
}
