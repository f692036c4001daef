import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseApplyOutcome } from '../../../../src/host/answer/parse-apply-outcome.ts';
import { applyRequest, outcomeRequest } from '../../../../src/host/request/guard-request.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { InstalledGuard, NONCE } from '../../installed-guard.ts';
import { chmodStep, PERMITTED_SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { reasonOf } from './guard-reason-of.ts';

/** Asks the guard $1 four times, with requests from $2: the filesystem of its record is full, has room again, and is full. */
const FULL_AND_FREE = `
mount -t tmpfs -o mode=0755,size=256k none /var/lib
ask() { sh "$1" in-time <"$2/$3" >"$2/$4"; }
fill() { cat /dev/zero >/var/lib/full 2>/dev/null; }
fill
ask "$1" "$2" apply refused
ask "$1" "$2" outcome not-begun
rm /var/lib/full
ask "$1" "$2" apply applied
fill
ask "$1" "$2" apply told-again
`;

test('a guard whose record has no room refuses a plan at once, and leaves it as never begun; what it applied is told on a full disk too', {
  skip: skipUnless('linux', 'root', 'setpriv', 'ssh-keygen', 'mount-namespaces'),
}, () => {
  const guard = new InstalledGuard();
  const tree = new ScratchTree();
  const closed = tree.directory(tree.at('closed'), 0o700);
  const root = tree.directory(tree.at('closed/root'), 0o755);
  guard.permit(`${PERMITTED_SERVICE} ${root}`);
  const signed = guard.signed(samplePlan({ steps: [chmodStep(closed, '0701')], storageRoot: hostPath(root) }));
  writeFileSync(guard.at('apply'), applyRequest(NONCE, signed));
  writeFileSync(guard.at('outcome'), outcomeRequest(NONCE, signed));
  const words = ['-m', '--propagation', 'private', 'sh', '-c', FULL_AND_FREE, 'sh', guard.path, guard.directory];
  const { stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
  const told = ['refused', 'not-begun', 'applied', 'told-again'].map((name) =>
    parseApplyOutcome(readFileSync(guard.at(name)), NONCE),
  );
  const mode = modeOf(closed);
  tree.remove();
  guard.remove();
  assert.equal(stderr, '');
  assert.deepEqual(told[0], {
    kind: 'refused',
    why: reasonOf('record-disk-full /var/lib/registry-doctor/plans'),
  });
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['refused', 'never-started', 'applied', 'applied'],
  );
  assert.equal(mode, '0701');
});
