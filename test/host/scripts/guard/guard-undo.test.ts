import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { undoPlan } from '../../../../src/diagnosis/plan/undo-plan.ts';
import { planDocument } from '../../../../src/host/request/plan-document.ts';
import type { Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { PlanId, Sha256 } from '../../../../src/model/record/ids.ts';
import { millisecondsOf, roundsOf } from '../../../support/campaign.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { chmodStep, chownStep, entryStep, reverseOf, SERVICE, samplePlan } from '../../sample-plan.ts';
import { allEntriesOf, hostPath, modeOf, type ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS, type Shell } from '../../shells.ts';
import { apply, claimOf, killedAfter, outcome } from '../apply/apply-run.ts';
import { closedWay, plansFor } from '../apply/closed-way.ts';
import { modesStep, ownersBelow, treeStep } from '../apply/tree-step.ts';
import { reasonOf } from './guard-reason-of.ts';

/** An applied plan is undone by its exact reverse, and by nothing else. */

const skip = skipUnless('linux', 'root', 'setpriv', 'acl');

/** How often one is killed, at moments spread over a whole run. */
const KILLED = roundsOf(8, 120);

describe('the guard undoes a plan on its host', { skip }, () => {
  let tree: ScratchTree;
  let outer: Buffer;
  let inner: Buffer;
  let root: Buffer;
  beforeEach(() => {
    ({ tree, outer, inner, root } = closedWay());
  });
  afterEach(() => tree.remove());
  const { plans, planOf: planOfAll } = plansFor(() => root);
  const planOf = (...steps: PlanStep[]): Plan => planOfAll(steps);
  /** The bot's own reverse of a plan that was just applied, with a hash of its own. */
  const undoOf = (shell: Shell, plan: Plan, change: Partial<Plan> = {}): Plan => {
    const { hostname, uptimeSeconds = 0 } = samplePlan();
    const now = { hostname, bootId: samplePlan().bootId ?? '', uptimeSeconds };
    const undo = undoPlan(plan, outcome(shell, plan), now);
    if (undo.kind !== 'draft') return assert.fail(undo.why);
    const made = samplePlan({
      ...undo.draft,
      id: PlanId.parse('1-2'),
      undoes: { id: plan.id, hash: plan.hash },
      ...change,
    });
    plans.push(made);
    return made;
  };
  const docker = () => tree.directory(tree.at('outer/inner/root/docker'));
  /** Of a directory with one file, which the service does not own. */
  const plannedTree = (): Plan => {
    for (const path of [outer, inner]) chmodSync(path, 0o755);
    const top = docker();
    writeFileSync(tree.at('outer/inner/root/docker/data'), 'layer');
    chownSync(root, SERVICE.uid, SERVICE.gid);
    return planOf(treeStep(top, '0:0', `${SERVICE.uid}:0`));
  };
  const states = () =>
    [outer, inner].map((path) => [modeOf(path), statSync(path).uid, statSync(path).gid, allEntriesOf(path)]);

  const PLANS: Readonly<Record<string, () => PlanStep[]>> = {
    'two modes': () => [chmodStep(outer, '0751'), chmodStep(inner, '0711')],
    'an owner and a mode': () => [chownStep(outer, '0:48213'), chmodStep(inner, '0711')],
    'a mode and an entry of an ACL': () => [chmodStep(outer, '0751'), entryStep(inner)],
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      for (const [what, steps] of Object.entries(PLANS)) {
        test(`the guard’s undo restores exactly what was before ${what}, and only once`, () => {
          const before = states();
          const plan = planOf(...steps());
          assert.equal(apply(shell, plan).kind, 'applied');
          assert.notDeepEqual(states(), before);
          const undo = undoOf(shell, plan);
          const told = apply(shell, undo);
          assert.partialDeepStrictEqual(told, { kind: 'applied', tried: { result: 'denied' } });
          assert.deepEqual(
            'steps' in told && told.steps.map((step) => [step.path, step.before, step.after]),
            undo.steps.map((step) => [step.path, step.from, step.to]),
          );
          assert.deepEqual(states(), before);
          assert.deepEqual(apply(shell, undo), told);
          assert.partialDeepStrictEqual(apply(shell, undoOf(shell, plan)), { kind: 'stale' });
          assert.deepEqual(states(), before);
        });
      }

      test('the guard’s undo gives a tree back to its previous owner, entry by entry, and does not touch newer entries', () => {
        const docker = tree.directory(tree.at('outer/inner/root/docker'));
        for (const path of [outer, inner]) chmodSync(path, 0o755);
        mkdirSync(tree.at('outer/inner/root/docker/v2'));
        writeFileSync(tree.at('outer/inner/root/docker/v2/data'), 'layer');
        chownSync(root, SERVICE.uid, SERVICE.gid);
        const before = ownersBelow(docker);
        const plan = planOf(treeStep(docker, '0:0', `${SERVICE.uid}:0`));
        assert.equal(apply(shell, plan).kind, 'applied');
        writeFileSync(tree.at('outer/inner/root/docker/v2/new'), 'pushed since');
        chownSync(tree.at('outer/inner/root/docker/v2/new'), SERVICE.uid, SERVICE.gid);
        assert.equal(apply(shell, undoOf(shell, plan)).kind, 'applied');
        const { '/v2/new': since, ...others } = ownersBelow(docker);
        assert.deepEqual(others, before);
        assert.equal(since, `${SERVICE.uid}:${SERVICE.gid}`);
        assert.deepEqual(readdirSync(docker), ['v2']);
      });

      test('an undo is out of date if a directory is not as the plan left it', () => {
        const plan = planOf(chmodStep(outer, '0751'), chmodStep(inner, '0711'));
        apply(shell, plan);
        const undo = undoOf(shell, plan);
        chmodSync(outer, 0o755);
        assert.deepEqual(apply(shell, undo), { kind: 'stale', path: hostPath(outer), expected: '0751', found: '0755' });
        assert.deepEqual([modeOf(outer), modeOf(inner)], ['0755', '0711']);
      });

      test('the guard refuses an undo that is not the exact reverse of its plan', () => {
        const plan = planOf(chmodStep(outer, '0751'), chmodStep(inner, '0711'));
        apply(shell, plan);
        const whole = undoOf(shell, plan);
        const [last, first] = whole.steps;
        assert.ok(last && first);
        for (const steps of [
          [last],
          [first, last],
          [last, { ...first, to: '0700' } as PlanStep],
          [last, first, first],
        ]) {
          assert.deepEqual(apply(shell, undoOf(shell, plan, { steps })), {
            kind: 'refused',
            why: reasonOf('not-the-reverse'),
          });
        }
        assert.deepEqual([modeOf(outer), modeOf(inner)], ['0751', '0711']);
      });

      test('the guard refuses an undo of a plan that is unknown or was not applied', () => {
        const refused = { kind: 'refused', why: reasonOf('undone-plan-not-applied') };
        const plan = planOf(chmodStep(outer, '0751'), chmodStep(inner, '0711'));
        const never = Sha256.parse(`sha256:${'0'.repeat(64)}`);
        const stranger = planOf(chmodStep(outer, '0751'));
        assert.deepEqual(apply(shell, { ...stranger, undoes: { id: plan.id, hash: never } }), refused);
        const useless = planOf(chmodStep(outer, '0751'));
        assert.equal(apply(shell, useless).kind, 'undone');
        const other = planOf(chmodStep(outer, '0751'));
        assert.deepEqual(apply(shell, { ...other, undoes: { id: useless.id, hash: useless.hash } }), refused);
        assert.deepEqual([modeOf(outer), modeOf(inner)], ['0750', '0700']);
      });

      test('the guard accepts an undo as low-risk only if its plan is low-risk', () => {
        const plan = planOf(chmodStep(outer, '0755'), chmodStep(inner, '0711'));
        apply(shell, plan);
        assert.deepEqual(apply(shell, undoOf(shell, plan, { risk: 'low' })), {
          kind: 'refused',
          why: reasonOf('risk-understated'),
        });
      });

      test('the guard finishes an undo that was interrupted half-way when the bot asks for its outcome', () => {
        const plan = planOf(chmodStep(outer, '0751'), chmodStep(inner, '0711'));
        apply(shell, plan);
        const undo = undoOf(shell, plan);
        mkdirSync(claimOf(undo), { recursive: true, mode: 0o700 });
        for (const file of ['lock', 'intent']) writeFileSync(`${claimOf(undo)}/${file}`, '');
        writeFileSync(`${claimOf(undo)}/plan`, planDocument(undo));
        chmodSync(inner, 0o700);
        assert.equal(outcome(shell, undo).kind, 'applied');
        assert.deepEqual([modeOf(outer), modeOf(inner)], ['0750', '0700']);
      });

      test('the guard refuses an undo that would let everyone write again', () => {
        chmodSync(outer, 0o755);
        for (const path of [docker(), tree.directory(tree.at('outer/inner/root/docker/v2'))]) {
          chmodSync(path, 0o777);
          chownSync(path, SERVICE.uid, SERVICE.gid);
        }
        chmodSync(inner, 0o707);
        for (const steps of [
          [chmodStep(inner, '0705')],
          [modesStep(tree.at('outer/inner/root/docker'), 'directory', '0755')],
        ]) {
          const plan = planOf(...steps);
          assert.equal(apply(shell, plan).kind, 'applied');
          const after = states();
          const undo = reverseOf(plan);
          plans.push(undo);
          assert.deepEqual(apply(shell, undo), {
            kind: 'refused',
            why: reasonOf('world-writable'),
          });
          assert.deepEqual(states(), after);
        }
        assert.equal(modeOf(tree.at('outer/inner/root/docker/v2')), '0755');
      });

      test('the guard refuses an undo of a tree’s owners if the saved list of entries is gone', () => {
        const plan = plannedTree();
        assert.equal(apply(shell, plan).kind, 'applied');
        const list = readdirSync(claimOf(plan)).find((file) => file.startsWith('list-')) ?? assert.fail();
        rmSync(`${claimOf(plan)}/${list}`);
        assert.deepEqual(apply(shell, undoOf(shell, plan)), {
          kind: 'refused',
          why: reasonOf('list-not-on-record'),
        });
      });

      test('the guard refuses an undo of a tree’s owners if the saved list of entries was altered', () => {
        const plan = plannedTree();
        assert.equal(apply(shell, plan).kind, 'applied');
        const list = readdirSync(claimOf(plan)).find((file) => file.startsWith('list-')) ?? assert.fail();
        appendFileSync(`${claimOf(plan)}/${list}`, '1 0 0 644 -rw-r--r-- 1 ./other\n');
        assert.deepEqual(apply(shell, undoOf(shell, plan)), {
          kind: 'refused',
          why: reasonOf('list-not-on-record'),
        });
      });
    });
  }

  test('an undo killed at any moment reverts all or nothing, and is always reported with the same outcome', async (t) => {
    const seen = new Map<string, number>();
    for (let round = 0; round < KILLED; round += 1) {
      const shell = SHELLS[round % SHELLS.length] ?? DASH;
      for (const [path, mode] of [
        [outer, 0o750],
        [inner, 0o700],
      ] as const)
        chmodSync(path, mode);
      const plan = planOf(chmodStep(outer, '0751'), chmodStep(inner, '0711'));
      const wholeMs = await millisecondsOf(() => assert.equal(apply(DASH, plan).kind, 'applied'));
      const undo = reverseOf(plan);
      plans.push(undo);
      await killedAfter((round * wholeMs) / KILLED, shell, undo);
      const result = outcome(shell, undo);
      seen.set(result.kind, (seen.get(result.kind) ?? 0) + 1);
      const isBack = result.kind === 'applied';
      assert.deepEqual([modeOf(outer), modeOf(inner)], isBack ? ['0750', '0700'] : ['0751', '0711'], result.kind);
      assert.ok(['applied', 'undone', 'never-started'].includes(result.kind), JSON.stringify(result));
      if (result.kind !== 'never-started') assert.deepEqual(outcome(shell, undo), result);
    }
    t.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries(seen))}`);
  });
});
