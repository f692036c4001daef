import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { guardOverStdin } from '../../src/host/request/guard-input.ts';
import { outcomeRequest, probeRequest, versionRequest } from '../../src/host/request/guard-request.ts';
import { samplePlan } from './sample-plan.ts';
import { hostSettings } from './sample-settings.ts';
import { ScratchTree } from './scratch-tree.ts';
import { DASH, runScript } from './shells.ts';

/** What a guard makes of a host without the programs that every Unix has: never a half-read answer. */

/** What every request needs, and what a diagnosis and a plan need beside it. */
const ALWAYS = ['awk', 'cat', 'grep', 'head', 'readlink', 'stat', 'tr'];
const TO_PROBE = ['date', 'id'];
const TO_APPLY = ['chmod', 'id', 'mkdir', 'mv', 'sed', 'wc'];

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
const OUTCOME = outcomeRequest('outcomenonce', { plan: samplePlan(), signature: null, approvals: [] });

const REQUESTS: readonly (readonly [what: string, request: string, needed: readonly string[]])[] = [
  ['a diagnosis', PROBE, [...ALWAYS, ...TO_PROBE]],
  ['the outcome of a plan', OUTCOME, [...ALWAYS, ...TO_APPLY]],
];

for (const [what, request, needed] of REQUESTS) {
  for (const tool of needed) {
    test(`asked for ${what} on a host without ${tool}, the guard answers nothing and names it`, () => {
      const others = needed.filter((name) => name !== tool);
      assert.deepEqual(runWith(others, request), {
        status: 69,
        stdout: '',
        stderr: `registry-doctor guard: tool-missing ${tool}\n`,
      });
    });
  }
}

const WITHOUT: readonly (readonly [tool: string, why: string])[] = [
  ['setpriv', 'access-not-testable missing-on-host setpriv'],
  ['timeout', 'access-not-testable missing-on-host timeout'],
  ['flock', 'no-flock'],
  ['wc', 'tool-missing wc'],
];
for (const [tool, why] of WITHOUT) {
  test(`asked for its version on a host without ${tool}, the guard says that no plan can run there`, () => {
    const all = [...ALWAYS, ...TO_APPLY, 'setpriv', 'timeout', 'flock'];
    const { stdout } = runWith(
      all.filter((name) => name !== tool),
      versionRequest('versionnonce'),
    );
    assert.ok(stdout.includes(` record-refused\0${why}\0`), stdout.replaceAll('\0', '|'));
  });
}

test('the guard answers on a host that has only the programs that it needs', () => {
  const { status, stdout } = runWith(ALWAYS, versionRequest('versionnonce'));
  assert.equal(status, 0);
  assert.match(stdout, /^0 registry-doctor\/1 version/);
});
