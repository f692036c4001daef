import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { judgeAccess } from '../../src/access/judge-access.ts';
import { unknown } from '../../src/model/fact.ts';
import type { Facts, PathNode } from '../../src/model/facts.ts';
import type { PlanDraft, PlanStep } from '../../src/model/plan.ts';
import { applySteps } from '../../src/plan/apply-steps.ts';
import { planFix } from '../../src/plan/plan-fix.ts';
import { factsOf, withoutTries } from '../support/facts-builder.ts';
import { kernelSays } from '../support/kernel-oracle.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { growTree, makeGrounds, randomIdentity, randomPath } from '../support/random-tree.ts';
import { nodesOfTree } from '../support/real-tree.ts';
import { skipUnless } from '../support/requirements.ts';

const TREES = 12;
const CASES_A_TREE = 40;
const SEED = seedOfRun();

describe('a plan does on the host what it predicts', { skip: skipUnless('linux', 'root') }, () => {
  let scratch: string;
  let grounds: string;
  before(() => {
    ({ scratch, grounds } = makeGrounds());
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  test('with mode bits alone', (t) => {
    t.diagnostic(`RD_SEED=${SEED}: ${tryPlans(grounds, false)}`);
  });

  test('with ACLs', { skip: skipUnless('acl') }, (t) => {
    t.diagnostic(`RD_SEED=${SEED}: ${tryPlans(grounds, true)}`);
  });
});

/** Carries every plan out for real, asks the kernel, and puts the modes back. */
function tryPlans(grounds: string, withAcls: boolean): string {
  const random = new SeededRandom(SEED);
  const tally = { whole: 0, partial: 0 };
  for (let index = 0; index < TREES; index += 1) {
    const tree = mkdtempSync(`${grounds}/tree-`);
    const paths = growTree(random, tree, withAcls);
    const nodes = nodesOfTree(tree, withAcls);
    for (let turn = 0; turn < CASES_A_TREE; turn += 1) {
      const facts = factsFor(nodes, randomPath(random, paths), random);
      const plan = planFix(judgeAccess(facts));
      if (plan === null) continue;
      tally[plan.clearsEveryBlocker ? 'whole' : 'partial'] += 1;
      tryPlan(facts, plan, () => nodesOfTree(tree, withAcls));
    }
    rmSync(tree, { recursive: true });
  }
  assert.ok(tally.whole > 0 && tally.partial > 0, 'both kinds of plans have to come up');
  return `${tally.whole} plans that clear everything, ${tally.partial} that open the way alone`;
}

function factsFor(nodes: PathNode[], storageRoot: string, random: SeededRandom): Facts {
  // Nothing is known of what is set up to be mounted: no plan changes an owner then, only permissions.
  const mountSetup = unknown('not asked');
  return withoutTries(factsOf({ nodes, storageRoot, identity: randomIdentity(random), mountSetup }));
}

function tryPlan(facts: Facts, plan: PlanDraft, nodesNow: () => PathNode[]): void {
  const described = `RD_SEED=${SEED} ${plan.storageRoot} as ${JSON.stringify(plan.identity)}`;
  const root = plan.storageRoot ?? assert.fail(described);
  const before = kernelSays(root, plan.identity);
  assert.ok(before.stat !== 'ok' || before.list !== 'ok' || before.create !== 'ok', `nothing to mend: ${described}`);
  for (const step of plan.steps) set(step, step.to);
  const after = kernelSays(root, plan.identity);
  const changed = nodesNow();
  for (const step of plan.steps.toReversed()) set(step, step.from);

  const { end } = judgeAccess(facts).walk ?? {};
  if (end?.kind === 'directory') assert.equal(after.stat, 'ok', described);
  const isWhole = after.stat === 'ok' && after.list === 'ok' && after.create === 'ok';
  assert.equal(plan.clearsEveryBlocker, isWhole, described);
  assert.deepEqual(permissionsIn(applySteps(facts, plan.steps).nodes), permissionsIn(changed), described);
}

/** As the host does it. */
function set(step: PlanStep, value: string): void {
  if (step.action === 'chmod') chmodSync(step.path, Number.parseInt(value, 8));
  else if (step.action === 'setfacl') execFileSync('setfacl', ['-n', '--set', value, '--', step.path]);
  else assert.fail('no plan here changes an owner');
}

/** Modes and ACLs by path: what the prediction has to get right. */
function permissionsIn(nodes: readonly PathNode[]): Map<string, unknown> {
  return new Map(nodes.map((node) => [node.path, node.state === 'present' ? [node.mode, node.acl] : null]));
}
