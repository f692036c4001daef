import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { GUARD_PROGRAM } from '../../../src/host/request/guard-program.ts';
import { skipUnless } from '../../support/requirements.ts';
import { SCRIPTS } from '../scripts/guard/guard-inputs.ts';
import { inTurn, runPiped, runScript, SHELLS } from '../shells.ts';

/** Not used, not reached: the scripts share their parts, and what one does not use, another does. */
const PARTS_OF_OTHERS = 'SC2034,SC2317';

/** Where a dying connection may cut a script: anywhere; here, at a dozen places and at every one near the end. */
function cutsOf(script: string): readonly number[] {
  const sampled = Array.from({ length: 12 }, (_, index) => Math.floor((index * script.length) / 12));
  const nearTheEnd = Array.from({ length: 12 }, (_, index) => script.length - 2 - index);
  return [...sampled, ...nearTheEnd];
}

for (const [name, script] of Object.entries(SCRIPTS)) {
  test(`the program sent to a host has only ASCII characters, whatever the paths in it: ${name}`, () => {
    assert.match(script, /^[\t\n -~]*$/);
  });
}

test('shellcheck finds no problem in the guard', { skip: skipUnless('shellcheck') }, () => {
  const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-e', PARTS_OF_OTHERS, '-'], {
    input: GUARD_PROGRAM,
    encoding: 'utf8',
  });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('no shell function of the guard is defined twice', () => {
  const names = [...GUARD_PROGRAM.matchAll(/^([a-z_]+)\(\)/gm)].map(([, name]) => name);
  assert.ok(names.length > 300, String(names.length));
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) < index),
    [],
  );
});

for (const shell of SHELLS) {
  const test = inTurn(shell);
  test(`the guard answers through a pipe as from a file, under ${shell.name}`, { skip: shell.skip }, () => {
    const { stdout, status } = runPiped(shell, SCRIPTS['version'] ?? assert.fail());
    assert.equal(status, 0);
    assert.ok(stdout.toString().startsWith('0 registry-doctor/1 version\0'), stdout.toString());
  });

  describe(`the program sent to a host, cut off by a lost connection, under ${shell.name}`, {
    skip: shell.skip,
  }, () => {
    for (const [name, script] of Object.entries(SCRIPTS)) {
      test(`a host runs nothing of the program for ${name} if a lost connection cuts it off, under ${shell.name}`, () => {
        for (const cut of cutsOf(script)) {
          const { stdout } = runScript(shell, script.slice(0, cut));
          assert.equal(stdout.toString(), '', `cut after ${cut} of ${script.length} characters`);
        }
      });
    }
  });
}
