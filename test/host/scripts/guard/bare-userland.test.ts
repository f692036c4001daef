import assert from 'node:assert/strict';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { outcomeRequest, probeRequest, versionRequest } from '../../../../src/host/request/guard-request.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { samplePlan } from '../../sample-plan.ts';
import { hostSettings } from '../../sample-settings.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { DASH, runScript } from '../../shells.ts';

/** What a guard makes of a host without the programs that every Unix has: never a half-read answer. */

/** What every request needs, and what a diagnosis and a plan need beside it. */
const ALWAYS = ['awk', 'cat', 'grep', 'head', 'readlink', 'stat', 'tr'];
const TO_PROBE = ['date', 'id'];
const TO_APPLY = ['chmod', 'date', 'dd', 'id', 'mkdir', 'mv', 'sed', 'wc'];

/** The guard's run on a host that has only these programs, and others made for the test. */
function runWith(programs: readonly string[], request: string, made: Readonly<Record<string, string>> = {}) {
  const tree = new ScratchTree();
  const bin = tree.directory(tree.at('bin')).toString();
  for (const program of programs) {
    symlinkSync(existsSync(`/usr/bin/${program}`) ? `/usr/bin/${program}` : `/bin/${program}`, `${bin}/${program}`);
  }
  for (const [program, text] of Object.entries(made)) {
    writeFileSync(`${bin}/${program}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
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

const FOR_ANY_PLAN = [...ALWAYS, ...TO_APPLY, 'setpriv', 'timeout', 'flock'];

/** What the host has in place of a program, or null, and why no plan can run then. */
const NO_PLAN: readonly (readonly [what: string, tool: string, program: string | null, why: string])[] = [
  ['without setpriv', 'setpriv', null, 'access-not-testable missing-on-host setpriv'],
  ['without timeout', 'timeout', null, 'access-not-testable missing-on-host timeout'],
  ['without flock', 'flock', null, 'no-flock'],
  ['without wc', 'wc', null, 'tool-missing wc'],
  ['without dd', 'dd', null, 'tool-missing dd'],
  ['without date', 'date', null, 'tool-missing date'],
  [
    'with the setpriv of busybox',
    'setpriv',
    'echo "Usage: setpriv [OPTIONS] PROG"',
    'access-not-testable setpriv-without-reuid',
  ],
  [
    'whose shell gives its programs no file',
    'readlink',
    'exec 9<&-; exec /usr/bin/readlink "$@"',
    'shell-closes-files',
  ],
];
for (const [what, tool, program, why] of NO_PLAN) {
  const skip = tool === 'setpriv' ? skipUnless('root') : false;
  test(`asked for its version on a host ${what}, the guard says that no plan can run there`, { skip }, () => {
    const others = FOR_ANY_PLAN.filter((name) => name !== tool);
    const { stdout } = runWith(others, versionRequest('versionnonce'), program === null ? {} : { [tool]: program });
    assert.ok(stdout.includes(` record-refused\0${why}\0`), stdout.replaceAll('\0', '|'));
  });
}

test('the guard answers on a host that has only the programs that it needs', () => {
  const { status, stdout } = runWith(ALWAYS, versionRequest('versionnonce'));
  assert.equal(status, 0);
  assert.match(stdout, /^0 registry-doctor\/1 version/);
});
