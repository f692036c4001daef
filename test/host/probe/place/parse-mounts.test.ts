import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { parseMounts } from '../../../../src/host/probe/place/parse-mounts.ts';

test("the parser of the mount table puts a mount's own options first, and then other options of its filesystem", () => {
  assert.deepEqual(parseMounts(Buffer.from('22 1 254:0 / / rw,relatime ext4 /dev/vda ro,relatime,discard\n')), [
    {
      mountPoint: '/',
      filesystem: 'ext4',
      source: '/dev/vda',
      options: ['rw', 'relatime', 'ro', 'discard'],
      id: 22,
      parent: 1,
      device: '254:0',
      root: '/',
    },
  ]);
});

test('the parser of the mount table decodes octal escapes, whatever bytes they stand for', () => {
  const [mount] = parseMounts(Buffer.from('23 22 0:31 /x /a\\040b\\012\\134x41\\377 rw nfs4 host:/\\043x rw\n'));
  assert.equal(mount?.mountPoint, '/a b\n\\x5cx41\\xff');
  assert.equal(mount?.source, 'host:/#x');
});

test('the parser of the mount table reads a filesystem without options of its own', () => {
  assert.deepEqual(parseMounts(Buffer.from('24 22 0:5 / /p rw proc proc \n'))[0]?.options, ['rw']);
});

test('the parser of the mount table rejects a line with too few fields', () => {
  assert.throws(() => parseMounts(Buffer.from('22 1 254:0 / / rw ext4\n')), MalformedOutput);
});
