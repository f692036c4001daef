import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shellAssignment } from '../../src/host/shell-assignment.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import { runScript, SHELLS } from './shells.ts';

const EVERY_BYTE = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
const VALUES = [
  { what: 'an empty value', bytes: Buffer.alloc(0) },
  { what: 'every byte but NUL', bytes: EVERY_BYTE },
  { what: 'digits behind a byte that is escaped', bytes: Buffer.from('\n7\n77') },
  ...HOSTILE_NAMES,
];

for (const shell of SHELLS) {
  describe(`a shell assignment under ${shell.name}`, { skip: shell.skip }, () => {
    for (const { what, bytes } of VALUES) {
      test(`holds ${what}`, () => {
        const assignment = shellAssignment('value', bytes);
        assert.match(assignment, /^[\x20-\x7e]*$/);
        const { stdout, stderr } = runScript(shell, `LC_ALL=C\n${assignment}\nprintf %s "$value"\n`);
        assert.deepEqual(
          { stdout: stdout.toString('latin1'), stderr: stderr.toString() },
          {
            stdout: bytes.toString('latin1'),
            stderr: '',
          },
        );
      });
    }
  });
}

test('a NUL byte, which no variable can hold, is refused', () => {
  assert.throws(() => shellAssignment('value', Buffer.from('a\0b')), RangeError);
});
