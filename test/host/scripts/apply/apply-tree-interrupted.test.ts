import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, lchownSync, mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { millisecondsOf, roundsOf } from '../../../support/campaign.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { samplePlan } from '../../sample-plan.ts';
import { hostPath, ScratchTree } from '../../scratch-tree.ts';
import { DASH, SHELLS } from '../../shells.ts';
import { apply, claimOf, forget, outcome, startApply } from './apply-run.ts';
import { ownersBelow, treeStep } from './tree-step.ts';

/** What becomes of a tree whose run dies: all of it is the service's, or all of it is as it was. */

const skip = skipUnless('linux', 'root', 'setpriv');
const DIRECTORIES = 20;
const ROUNDS = roundsOf(6, 90);

describe('the guard settles an interrupted plan that changes a directory tree’s owners', { skip }, () => {
  let tree: ScratchTree;
  let docker: Buffer;
  let root: Buffer;
  const plans: Plan[] = [];

  beforeEach(() => {
    tree = new ScratchTree();
    root = tree.directory(tree.at('root'));
    chownSync(root, 48211, 48212);
    docker = tree.directory(tree.at('root/docker'));
    for (let index = 0; index < DIRECTORIES; index += 1) {
      tree.directory(tree.at(`root/docker/${index}`));
      writeFileSync(tree.at(`root/docker/${index}/data`), 'layer');
    }
  });
  afterEach(() => tree.remove());
  after(() => forget(plans));

  const newPlan = (): Plan => {
    const steps = [treeStep(docker, '0:0', '48211:0')];
    const plan = samplePlan({ steps, storageRoot: hostPath(root) });
    plans.push(plan);
    return plan;
  };
  const owners = () => [...new Set(Object.values(ownersBelow(docker)))].toSorted();
  const giveAllBack = () => {
    for (const name of Object.keys(ownersBelow(docker))) {
      lchownSync(name === '.' ? docker : tree.at('root/docker', name.slice(1)), 0, 0);
    }
  };
  const halfWay = (names: readonly string[]) => {
    for (const name of names) chownSync(tree.at('root/docker', name), 48211, 0);
  };
  /** Runs until the claim holds this file, then dies at once, with everything that it started. */
  const killedAt = async (plan: Plan, file: string, ms = 0) => {
    const child = startApply(DASH, plan);
    const exited = once(child, 'exit');
    const deadline = Date.now() + 10_000;
    while (!existsSync(`${claimOf(plan)}/${file}`) && child.exitCode === null && Date.now() < deadline) await sleep(1);
    await sleep(ms);
    killGroup(child);
    await exited;
  };

  test('a change of a tree’s owners killed at any moment leaves all or nothing, no extra hard links and always the same outcome', async (t) => {
    const seen = new Map<string, number>();
    const wholeMs = await millisecondsOf(() => apply(DASH, newPlan()));
    for (let round = 0; round < ROUNDS; round += 1) {
      giveAllBack();
      const plan = newPlan();
      await killedAt(plan, 'intent', (round * wholeMs) / (2 * ROUNDS));
      const shell = SHELLS[round % SHELLS.length] ?? DASH;
      const result = outcome(shell, plan);
      seen.set(result.kind, (seen.get(result.kind) ?? 0) + 1);
      assert.ok(['applied', 'undone'].includes(result.kind), JSON.stringify(result));
      assert.deepEqual(owners(), [result.kind === 'applied' ? '48211:0' : '0:0'], JSON.stringify(result));
      assert.equal(readdirSync(docker).length, DIRECTORIES, 'nothing of its own is left in the tree');
      assert.deepEqual(outcome(shell, plan), result);
    }
    t.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries(seen))}`);
  });

  for (const shell of SHELLS) {
    describe(`the plan is settled under ${shell.name}`, { skip: shell.skip }, () => {
      test('a change of a tree’s owners interrupted half-way is rolled back only by the saved list of entries', async () => {
        const plan = newPlan();
        await killedAt(plan, 'intent');
        outcomeForgotten(plan);
        halfWay(['3', '3/data', '7/data']);
        // The service's own now, and never root's: not on the list.
        writeFileSync(tree.at('root/docker/4/upload'), '');
        chownSync(tree.at('root/docker/4/upload'), 48211, 48212);
        assert.equal(outcome(shell, plan).kind, 'undone');
        assert.deepEqual(owners(), ['0:0', '48211:48212']);
      });

      test('a half-way change of a tree’s owners with an entry gone is rolled back as far as possible, and a person must check', async () => {
        const plan = newPlan();
        await killedAt(plan, 'intent');
        halfWay(['3', '7/data']);
        unlinkSync(tree.at('root/docker/9/data'));
        assert.partialDeepStrictEqual(outcome(shell, plan), {
          kind: 'undo-failed',
          steps: [{ after: 'mixed' }],
        });
        assert.deepEqual(owners(), ['0:0']);
      });

      test('a change of a tree’s owners interrupted before it recorded its intent is reported as undone, and no owner is touched', () => {
        const plan = newPlan();
        mkdirSync(claimOf(plan), { recursive: true, mode: 0o700 });
        writeFileSync(`${claimOf(plan)}/lock`, '');
        halfWay(['3']);
        assert.equal(outcome(shell, plan).kind, 'undone');
        assert.deepEqual(owners(), ['0:0', '48211:0']);
      });

      test('a second run of an interrupted change of a tree’s owners changes nothing', async () => {
        const plan = newPlan();
        await killedAt(plan, 'intent');
        const result = outcome(shell, plan);
        assert.deepEqual(apply(shell, plan), result);
      });
    });
  }

  /** A run that was killed may have come to its end before that. */
  function outcomeForgotten(plan: Plan): void {
    if (existsSync(`${claimOf(plan)}/outcome`)) unlinkSync(`${claimOf(plan)}/outcome`);
    giveAllBack();
  }
});

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended on its own.
  }
}
