import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { judgeRoot } from '../../src/access/judge-root.ts';
import { judgeWalk, type Walk } from '../../src/access/judge-walk.ts';
import type { Facts, Identity } from '../../src/model/facts.ts';
import { factsOf, hostPath, REGISTRY, withoutTries } from '../support/facts-builder.ts';
import { type KernelAnswer, kernelSays } from '../support/kernel-oracle.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { growTree, makeGrounds, randomIdentity, randomPath } from '../support/random-tree.ts';
import { nodesOfTree } from '../support/real-tree.ts';
import { skipUnless } from '../support/requirements.ts';

const TREES = 25;
const CASES_A_TREE = 80;
const SEED = seedOfRun();
const MUST_OCCUR = [
  ...['stat ok', 'stat EACCES', 'stat ENOENT', 'stat ENOTDIR', 'stat ELOOP'],
  ...['list ok', 'list EACCES', 'create ok', 'create EACCES'],
];

describe('the evaluator and the kernel say the same', { skip: skipUnless('linux', 'root') }, () => {
  let scratch: string;
  let grounds: string;
  before(() => {
    ({ scratch, grounds } = makeGrounds());
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  test('of mode bits and links, over random trees and identities', (t) => {
    t.diagnostic(`RD_SEED=${SEED}: ${compareOverTrees(grounds, false)}`);
  });

  test('of ACLs, over random trees and identities', { skip: skipUnless('acl') }, (t) => {
    t.diagnostic(`RD_SEED=${SEED}: ${compareOverTrees(grounds, true)}`);
  });

  for (const links of [1, 39, 40, 41]) {
    test(`of a chain of ${links} links`, () => {
      const tree = join(grounds, `chain-${links}`);
      mkdirSync(join(tree, 'end'), { recursive: true });
      chmodSync(tree, 0o755);
      for (let index = 0; index < links; index += 1) {
        symlinkSync(index === 0 ? 'end' : `link${index - 1}`, join(tree, `link${index}`));
      }
      const path = join(tree, `link${links - 1}`);
      assert.equal(kernelSays(path, REGISTRY).stat, links > 40 ? 'ELOOP' : 'ok');
      compare(factsOfTree(tree, false), path, REGISTRY);
    });
  }
});

/** Answers how often the kernel said what; each of its answers has to come up, or the trees test nothing. */
function compareOverTrees(grounds: string, withAcls: boolean): string {
  const random = new SeededRandom(SEED);
  const seen = new Map<string, number>();
  for (let index = 0; index < TREES; index += 1) {
    const tree = mkdtempSync(join(grounds, 'tree-'));
    const paths = growTree(random, tree, withAcls);
    const facts = factsOfTree(tree, withAcls);
    for (let turn = 0; turn < CASES_A_TREE; turn += 1) {
      for (const answer of compare(facts, randomPath(random, paths), randomIdentity(random))) {
        seen.set(answer, (seen.get(answer) ?? 0) + 1);
      }
    }
    rmSync(tree, { recursive: true });
  }
  assert.deepEqual(
    MUST_OCCUR.filter((answer) => !seen.has(answer)),
    [],
  );
  return `${TREES * CASES_A_TREE} cases, ${[...seen].map(([answer, times]) => `${answer} ${times}`).join(', ')}`;
}

/** Asks both and compares; answers what the kernel said. */
function compare(facts: Facts, path: string, identity: Identity): string[] {
  const kernel = kernelSays(path, identity);
  const walk = judgeWalk(facts, hostPath(path), identity);
  const described = `RD_SEED=${SEED} ${path} as ${JSON.stringify(identity)}`;
  assert.equal(statOf(walk), kernel.stat, `stat ${described}`);
  if (kernel.stat !== 'ok') return [`stat ${kernel.stat}`];
  const root = judgeRoot(facts, walk, identity);
  assert.equal(root?.list.access, wordFor(kernel.list), `list ${described}`);
  assert.equal(root?.create.access, wordFor(kernel.create), `create ${described}`);
  return ['stat ok', `list ${kernel.list}`, `create ${kernel.create}`];
}

function wordFor(answer: KernelAnswer): string {
  return answer === 'ok' ? 'allowed' : 'denied';
}

/** What the walk predicts for stat(2) of the path as a directory. */
function statOf({ passable, end }: Walk): KernelAnswer {
  assert.notEqual(passable, 'unknown');
  if (passable === 'no') return 'EACCES';
  switch (end.kind) {
    case 'directory':
      return 'ok';
    case 'not-a-directory':
      return 'ENOTDIR';
    case 'loop':
      return 'ELOOP';
    case 'missing':
    case 'unseen':
      // The facts hold every inode of the tree: what they lack is not there.
      return 'ENOENT';
  }
}

function factsOfTree(tree: string, withAcls: boolean): Facts {
  return withoutTries(factsOf({ nodes: nodesOfTree(tree, withAcls) }));
}
