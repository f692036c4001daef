import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { roundsOf } from '../../../support/campaign.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, SHELLS } from '../../shells.ts';
import { apply, claimOf, forget } from './apply-run.ts';
import { fileModeStep, uses } from './file-step.ts';

const LATE_ATTACKER = fileURLToPath(new URL('./late-attacker.ts', import.meta.url));
const ROUNDS = roundsOf(8, 120);

describe('a file that is swapped for a symlink during its change', {
  skip: skipUnless('linux', 'root', 'setpriv'),
}, () => {
  let tree: ScratchTree;
  let file: Buffer;
  let victim: Buffer;
  let pinned: number;
  let attacker: ChildProcess;
  const plans: Plan[] = [];

  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    [file, victim] = [tree.at('key'), tree.at('victim')];
    for (const path of [file, victim]) {
      writeFileSync(path, '');
      chownSync(path, 0, SERVICE.gid);
      chmodSync(path, 0o600);
    }
    pinned = openSync(file, 'r');
    const names = [file, tree.link(tree.at('link'), victim), tree.at('free')].map(String);
    attacker = spawn('setpriv', ['--pdeathsig', 'KILL', '--', process.execPath, LATE_ATTACKER, ...names], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(attacker, 'spawn');
  });
  after(async () => {
    attacker?.kill('SIGKILL');
    if (attacker?.signalCode === null) await once(attacker, 'exit');
    closeSync(pinned);
    tree?.remove();
    forget(plans);
  });

  test('if a file is swapped for a symlink during a change, the guard never changes the symlink’s target', async (t) => {
    const kinds: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const plan = samplePlan({
        steps: [fileModeStep(file, '0640')],
        also: [uses('read', file, true)],
        storageRoot: hostPath(tree.at('root')),
      });
      plans.push(plan);
      const swapped = once(attacker.stdout ?? assert.fail(), 'data');
      attacker.stdin?.write(`${claimOf(plan)}/intent\n`);
      const { kind } = apply(SHELLS[round % SHELLS.length] ?? DASH, plan);
      await swapped;
      kinds.push(kind);
      assert.equal(modeOf(victim), '0600', `round ${round}: ${kind}`);
      const mode = (fstatSync(pinned).mode & 0o7777).toString(8);
      assert.equal(mode, kind === 'applied' ? '640' : '600', `round ${round}: ${kind}`);
      fchmodSync(pinned, 0o600);
    }
    t.diagnostic(`outcomes: ${kinds.join()}`);
    assert.ok(!kinds.includes('refused'), 'the attacker came too early to show anything');
  });
});
