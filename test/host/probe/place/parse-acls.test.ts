import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { parseAcls } from '../../../../src/host/probe/place/parse-acls.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';

const [A, B] = [HostPath.parse('/a'), HostPath.parse('/a/b')];
const BASE = 'user::rwx\ngroup::r-x\nother::r-x\n\n';
const EXTENDED = 'user::rwx\nuser:993:r--\ngroup::r-x\ngroup:37:-wx\nmask::r-x\nother::---\ndefault:user::rwx\n\n';

test('the parser of getfacl’s output reads an ACL that has only the mode bits as empty', () => {
  assert.deepEqual(parseAcls(Buffer.from(`${BASE}.`), [A]), new Map([[A, known([])]]));
});

test('the parser of getfacl’s output assigns ACLs to the paths in order, and leaves default entries out', () => {
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

test('if getfacl prints one ACL too few, every ACL is reported as unknown, since it can’t be known which one is missing', () => {
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
  test(`the parser of getfacl’s output rejects ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseAcls(Buffer.from(text), [A]), MalformedOutput);
  });
}
