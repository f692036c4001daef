import assert from 'node:assert/strict';
import { chownSync } from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { chmodStep, SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { SHELLS } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import { apply, forget } from './apply-run.ts';

/** What is changed is what people approved by its name, and no other directory that a link shows under it. */

const skip = skipUnless('linux', 'root', 'setpriv');

describe('the guard reaches a plan’s directory', { skip }, () => {
  let tree: ScratchTree;
  const made: Plan[] = [];

  beforeEach(() => {
    tree = new ScratchTree();
  });
  afterEach(() => tree.remove());
  after(() => forget(made));

  const planFor = (path: Buffer, root: Buffer): Plan => {
    const plan = samplePlan({ steps: [chmodStep(path, '0711')], storageRoot: hostPath(root) });
    made.push(plan);
    return plan;
  };

  for (const shell of SHELLS) {
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard does not reach a planned directory through a symlink, even if it leads to the planned inode', () => {
        tree.directory(tree.at('real'));
        tree.directory(tree.at('real/closed'), 0o700);
        tree.directory(tree.at('real/closed/root'));
        chownSync(tree.at('real/closed/root'), SERVICE.uid, SERVICE.gid);
        tree.link(tree.at('shown'), 'real');
        const plan = planFor(tree.at('real/closed'), tree.at('real/closed/root'));
        const over = HostPath.parse(`${tree.root}/shown/closed`);
        const shown = { ...plan, steps: plan.steps.map((step) => ({ ...step, path: over })) };
        assert.deepEqual(apply(shell, shown), { kind: 'refused', why: reasonOf('path-over-link') });
        assert.equal(modeOf(tree.at('real/closed')), '0700');
      });
    });
  }
});
