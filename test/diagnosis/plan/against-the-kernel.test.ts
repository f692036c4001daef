import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { applySteps } from '../../../src/diagnosis/access/after/apply-steps.ts';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import type { Facts, Identity, PathNode } from '../../../src/model/host/facts.ts';
import { type PathRole, UsedPath } from '../../../src/model/host/used-path.ts';
import type { PlanDraft, PlanStep } from '../../../src/model/plan/plan.ts';
import { contentsOf } from '../../support/facts/contents-builder.ts';
import { factsOf, withoutTries } from '../../support/facts/facts-builder.ts';
import { growTree, makeGrounds, randomIdentity, randomPath } from '../../support/hosts/random-tree.ts';
import { nodesOfTree } from '../../support/hosts/real-tree.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { skipUnless } from '../../support/requirements.ts';
import { type Answers, askKernel } from '../../support/worlds/kernel-answers.ts';
import { fileMode, GIDS, UIDS } from '../../support/worlds/random/random-parts.ts';

const TREES = 12;
const CASES_A_TREE = 28;
const FILES_A_TREE = 6;
const ROLES: readonly PathRole[] = ['htpasswd', 'tls-key', 'tls-certificate', 'acme-cache'];
const SEED = seedOfRun();

describe('a plan’s prediction, compared with the host', { skip: skipUnless('linux', 'root') }, () => {
  let scratch: string;
  let grounds: string;
  before(() => {
    ({ scratch, grounds } = makeGrounds());
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  test('applying a random plan on a real host gives exactly the access that the plan predicts, with mode bits', (t) => {
    t.diagnostic(`RD_SEED=${SEED}: ${tryPlans(grounds, false)}`);
  });

  test('applying a random plan on a real host gives exactly the access that the plan predicts, with ACLs', {
    skip: skipUnless('acl'),
  }, (t) => {
    t.diagnostic(`RD_SEED=${SEED}: ${tryPlans(grounds, true)}`);
  });
});

type Tally = { whole: number; partial: number; inside: number; beside: number };

/** Carries every plan out for real, asks the kernel, and puts the modes back. */
function tryPlans(grounds: string, withAcls: boolean): string {
  const random = new SeededRandom(SEED);
  const tally: Tally = { whole: 0, partial: 0, inside: 0, beside: 0 };
  for (let index = 0; index < TREES; index += 1) {
    const tree = mkdtempSync(`${grounds}/tree-`);
    const paths = growTree(random, tree, withAcls);
    const files = growFiles(random, paths);
    const nodes = nodesOfTree(tree, withAcls);
    for (let turn = 0; turn < CASES_A_TREE; turn += 1) {
      const root = randomPath(random, paths);
      const facts = factsFor(nodes, root, usedPaths(random, root, files), random, withAcls);
      const plan = planFix(judgeAccess(facts));
      if (plan === null) continue;
      tally[plan.clearsEveryBlocker ? 'whole' : 'partial'] += 1;
      for (const { use } of plan.also ?? []) tally[use === 'directory' ? 'inside' : 'beside'] += 1;
      tryPlan(facts, plan, random.pick(plan.steps), () => nodesOfTree(tree, withAcls));
    }
    rmSync(tree, { recursive: true });
  }
  for (const [kind, count] of Object.entries(tally)) assert.ok(count > 0, `RD_SEED=${SEED}: ${kind} has to come up`);
  return `${tally.whole} plans that clear everything, ${tally.partial} that do not; they open ${tally.inside} paths inside a storage, ${tally.beside} files beside it`;
}

/** In directories and behind links of the tree; where the place is no directory, the file stays missing. */
function growFiles(random: SeededRandom, paths: readonly string[]): string[] {
  return Array.from({ length: FILES_A_TREE }, (_, index) => {
    const file = `${random.pick(paths)}/f${index}`;
    try {
      writeFileSync(file, '');
      chownSync(file, random.pick(UIDS), random.pick(GIDS));
      chmodSync(file, Number.parseInt(fileMode(random), 8));
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
    }
    return file;
  });
}

/** Now and then something inside the storage, and files beside it. */
function usedPaths(random: SeededRandom, root: string, files: readonly string[]): UsedPath[] {
  const inner = random.chance(45) ? [`${root}/${random.pick(namesIn(root))}`] : [];
  const beside = random.chance(45) ? [random.pick(files), ...(random.chance(30) ? [random.pick(files)] : [])] : [];
  return [
    ...inner.map((path) => usedPath('storage', path)),
    ...[...new Set(beside)].map((path) => usedPath(random.pick(ROLES), path)),
  ];
}

/** Where there is such a directory. */
function namesIn(directory: string): string[] {
  const names = existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory) : [];
  return names.length > 0 ? names : ['nowhere'];
}

function usedPath(role: PathRole, path: string): UsedPath {
  return UsedPath.parse({ role, key: null, path, usedBy: null, tries: {} });
}

function factsFor(
  nodes: PathNode[],
  storageRoot: string,
  paths: UsedPath[],
  random: SeededRandom,
  withAcls: boolean,
): Facts {
  const contents = contentsOf({}, storageRoot);
  const parts = paths.filter(({ role }) => role === 'storage').map(({ path }) => ({ path, tried: true }));
  const facts = withoutTries(
    factsOf({
      ...{ nodes, storageRoot, paths, identity: randomIdentity(random), contents: known({ ...contents, parts }) },
      aclTools: known(withAcls),
      // A registry that does not run: then every file counts.
      process: absent,
      // Nothing is known of what is set up to be mounted: no plan changes an owner then, only permissions.
      mountSetup: unknown('not-asked'),
    }),
  );
  // As a real probe says of the place where such a path ends.
  const missing = judgeAccess(facts).paths.flatMap(({ walk: { end } }) => (end.kind === 'unseen' ? [end.path] : []));
  const ends = [...new Set(missing)].map((path) => ({ state: 'missing' as const, path }));
  return { ...facts, nodes: [...facts.nodes, ...ends] };
}

/** `one` of its steps is left out as well, to see that it was needed. */
function tryPlan(facts: Facts, plan: PlanDraft, one: PlanStep, nodesNow: () => PathNode[]): void {
  const described = `RD_SEED=${SEED} ${plan.storageRoot} as ${JSON.stringify(plan.identity)} ${JSON.stringify({ paths: facts.paths.map(({ role, path }) => [role, path]), steps: plan.steps })}`;
  const root = plan.storageRoot ?? assert.fail(described);
  const ask = () => answersFor(root, facts.paths, plan.identity);
  const before = ask();
  assert.ok(!before.every(isOpen), `nothing to fix: ${described}`);
  for (const step of plan.steps) set(step, step.to);
  const after = ask();
  const changed = nodesNow();
  assertNeeded(one, ask, after, described);
  for (const step of plan.steps.toReversed()) set(step, step.from);

  const { end } = judgeAccess(facts).walk ?? {};
  if (end?.kind === 'directory') assert.equal(after[0]?.stat, 'ok', described);
  for (const { path, use, secret } of plan.also ?? []) {
    const index = facts.paths.findIndex(
      (used) => used.path === path && (used.role === 'storage') === (use === 'directory'),
    );
    const answers = after[index + 1] ?? assert.fail(described);
    assert.equal(use === 'directory' ? answers.stat : answers.use, 'ok', `${path} stays closed: ${described}`);
    const file = judgeAccess(facts).paths[index]?.file?.node.path;
    const opensToAll = plan.steps.some((step) => step.path === file && 'gains' in step && step.gains === 'other');
    assert.ok(!secret || !opensToAll, `${path} is secret: ${described}`);
  }
  assert.equal(plan.clearsEveryBlocker, after.every(isOpen), described);
  assert.deepEqual(permissionsIn(applySteps(facts, plan.steps).nodes), permissionsIn(changed), described);
}

/** Of the storage root, then of each other path that the registry uses. */
function answersFor(root: string, paths: readonly UsedPath[], identity: Identity): Answers[] {
  return [askKernel({ path: root, identity }), ...paths.map(({ path, role }) => askKernel({ path, identity, role }))];
}

function isOpen({ stat, search = 'ok', list = 'ok', create = 'ok', use }: Answers): boolean {
  return use === undefined ? [stat, search, list, create].every((answer) => answer === 'ok') : use === 'ok';
}

/** Without any one bit of a step, or the step itself where it is an entry, something stays closed that the plan opens. */
function assertNeeded(step: PlanStep, ask: () => Answers[], after: readonly Answers[], described: string): void {
  for (const less of lessThan(step)) {
    set(step, less);
    assert.notDeepEqual(ask(), after, `${step.path} needs no more than ${less}: ${described}`);
  }
  set(step, step.to);
}

function lessThan(step: PlanStep): string[] {
  if (step.action !== 'chmod') return [step.from];
  const to = Number.parseInt(step.to, 8);
  const added = to & ~Number.parseInt(step.from, 8);
  const bits = Array.from({ length: 9 }, (_, index) => 1 << index).filter((bit) => (added & bit) !== 0);
  return bits.map((bit) => (to & ~bit).toString(8).padStart(4, '0'));
}

/** As the host does it. */
function set(step: PlanStep, value: string): void {
  if (step.action === 'chmod') chmodSync(step.path, Number.parseInt(value, 8));
  else if (step.action === 'setfacl') execFileSync('setfacl', ['-n', '--set', value, '--', step.path]);
  else assert.fail('no plan here changes an owner');
}

/** Modes and ACLs by path: what the prediction has to get right. */
function permissionsIn(nodes: readonly PathNode[]): Map<string, unknown> {
  return new Map(nodes.flatMap((node) => (node.state === 'present' ? [[node.path, [node.mode, node.acl]]] : [])));
}
