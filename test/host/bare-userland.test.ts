import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { guardOverStdin } from '../../src/host/request/guard-input.ts';
import { probeRequest, versionRequest } from '../../src/host/request/guard-request.ts';
import { hostSettings } from './sample-settings.ts';
import { ScratchTree } from './scratch-tree.ts';
import { DASH, runScript } from './shells.ts';

/** What a guard makes of a host without the programs that every Unix has: never a half-read answer. */

const NEEDED = [
  'awk',
  'cat',
  'chmod',
  'date',
  'grep',
  'head',
  'id',
  'mkdir',
  'mv',
  'readlink',
  'sed',
  'stat',
  'tr',
  'wc',
];

/** The guard's run on a host that has only these programs. */
function runWith(programs: readonly string[], request: string) {
  const tree = new ScratchTree();
  const bin = tree.directory(tree.at('bin')).toString();
  for (const program of programs) {
    symlinkSync(existsSync(`/usr/bin/${program}`) ? `/usr/bin/${program}` : `/bin/${program}`, `${bin}/${program}`);
  }
  const { status, stdout, stderr } = runScript(DASH, guardOverStdin(request).replace(/^PATH=.*$/m, `PATH=${bin}`));
  tree.remove();
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

const PROBE = probeRequest({ nonce: 'probenonce', host: hostSettings({}), rootOverride: null });

for (const tool of NEEDED) {
  test(`the guard answers nothing on a host without ${tool}, and names it`, () => {
    const others = NEEDED.filter((name) => name !== tool);
    assert.deepEqual(runWith(others, PROBE), {
      status: 69,
      stdout: '',
      stderr: `registry-doctor guard: tool-missing ${tool}\n`,
    });
  });
}

test('the guard answers on a host that has only the programs that it needs', () => {
  const { status, stdout } = runWith(NEEDED, versionRequest('versionnonce'));
  assert.equal(status, 0);
  assert.match(stdout, /^0 registry-doctor\/1 version/);
});
