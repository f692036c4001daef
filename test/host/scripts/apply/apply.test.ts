import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { PROTECTED_PATHS } from '../../../../src/diagnosis/access/kernel/protected-path.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import type { ApplyOutcome } from '../../../../src/model/plan/execution.ts';
import type { PlanStep } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { runParts } from '../../guard-parts.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { chmodStep, chownStep, SERVICE } from '../../sample-plan.ts';
import { hostPath, modeOf, type ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import { apply, applyAfter, brief, outcome } from './apply-run.ts';
import { closedWay, plansFor } from './closed-way.ts';

const skip = skipUnless('linux', 'root', 'setpriv');

describe('the guard applies a plan on its host', { skip }, () => {
  let tree: ScratchTree;
  let outer: Buffer;
  let inner: Buffer;
  let root: Buffer;
  beforeEach(() => {
    ({ tree, outer, inner, root } = closedWay());
  });
  afterEach(() => tree.remove());
  const { planOf } = plansFor(() => root);
  const bothSteps = () => [chmodStep(outer, '0751'), chmodStep(inner, '0711')];
  const modes = () => [modeOf(outer), modeOf(inner)];
  const UNTOUCHED = ['0750', '0700'];
  const expectRefused = (result: ApplyOutcome, why: string) => {
    assert.deepEqual(result, { kind: 'refused', why: reasonOf(why) });
    assert.deepEqual(modes(), UNTOUCHED);
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard applies every change of a plan, and the service reaches its storage', () => {
        const plan = planOf(bothSteps());
        assert.deepEqual(brief(apply(shell, plan)), {
          kind: 'applied',
          steps: [
            { path: hostPath(outer), before: '0750', after: '0751' },
            { path: hostPath(inner), before: '0700', after: '0711' },
          ],
          tried: { result: 'allowed' },
        });
        assert.deepEqual(modes(), ['0751', '0711']);
      });

      test('the guard runs a plan at most once: a second run answers with the outcome and changes nothing', () => {
        const plan = planOf(bothSteps());
        const first = apply(shell, plan);
        chmodSync(outer, 0o750);
        chmodSync(inner, 0o700);
        assert.deepEqual(apply(shell, plan), first);
        assert.deepEqual(outcome(shell, plan), first);
        assert.deepEqual(modes(), UNTOUCHED);
      });

      test('the guard reports a plan that never started as such, and asking for its outcome does not start it', () => {
        assert.deepEqual(outcome(shell, planOf(bothSteps())), { kind: 'never-started' });
        assert.deepEqual(modes(), UNTOUCHED);
      });

      test('the guard changes a directory’s owner and keeps its mode', () => {
        chmodSync(outer, 0o2770);
        const plan = planOf([chownStep(outer, '0:48213'), chmodStep(inner, '0711')]);
        const result = apply(shell, plan);
        assert.equal(result.kind, 'applied');
        assert.equal(statSync(outer).gid, 48213);
        assert.deepEqual(modes(), ['2770', '0711']);
        assert.partialDeepStrictEqual(result, { steps: [{ before: '0:0', after: '0:48213' }] });
      });

      test('the guard rolls a plan back if it does not help', () => {
        const plan = planOf([chmodStep(outer, '0751')]);
        assert.deepEqual(brief(apply(shell, plan)), {
          kind: 'undone',
          why: reasonOf('storage-still-closed'),
          steps: [{ path: hostPath(outer), before: '0750', after: '0750' }],
        });
        assert.deepEqual(modes(), UNTOUCHED);
      });

      test('the guard rolls a change of owner back if it does not help', () => {
        const plan = planOf([chownStep(outer, '48211:48212')]);
        assert.partialDeepStrictEqual(apply(shell, plan), { kind: 'undone', steps: [{ before: '0:0', after: '0:0' }] });
        assert.deepEqual([statSync(outer).uid, statSync(outer).gid], [0, 0]);
      });

      test('a plan is out of date if a mode changed since', () => {
        const plan = planOf(bothSteps());
        chmodSync(inner, 0o755);
        assert.deepEqual(apply(shell, plan), { kind: 'stale', path: hostPath(inner), expected: '0700', found: '0755' });
        assert.deepEqual(modes(), ['0750', '0755']);
      });

      test('a plan is out of date if an owner changed since', () => {
        const plan = planOf(bothSteps());
        chownSync(outer, 48211, 7);
        assert.deepEqual(apply(shell, plan), {
          kind: 'stale',
          path: hostPath(outer),
          expected: '0:0',
          found: '48211:7',
        });
        assert.deepEqual(modes(), UNTOUCHED);
      });

      test('a plan is out of date if another directory is at the path, however similar', () => {
        const plan = planOf(bothSteps());
        renameSync(inner, tree.at('outer/moved'));
        tree.directory(inner, 0o700);
        assert.partialDeepStrictEqual(apply(shell, plan), { kind: 'stale', path: hostPath(inner) });
        assert.deepEqual(modes(), UNTOUCHED);
      });

      test('a plan is out of date if a directory is gone', () => {
        const plan = planOf(bothSteps());
        rmdirSync(root);
        rmdirSync(inner);
        assert.partialDeepStrictEqual(apply(shell, plan), { kind: 'stale', path: hostPath(inner), found: 'not-there' });
        assert.equal(modeOf(outer), '0750');
      });

      test('the guard refuses a plan if something other than a directory is at the path', () => {
        const plan = planOf([
          chmodStep(outer, '0751'),
          { ...chmodStep(inner, '0711'), path: hostPath(tree.at('file')) },
        ]);
        writeFileSync(tree.at('file'), '');
        expectRefused(apply(shell, plan), 'not-a-directory');
      });

      const REFUSED: readonly (readonly [what: string, why: string, steps: () => PlanStep[]])[] = [
        ['would be writable by everyone', 'world-writable', () => [chmodStep(outer, '0753')]],
        ['would be setgid', 'special-bits', () => [chmodStep(outer, '2751')]],
        [
          'has two steps for one directory',
          'two-steps-for-one directory',
          () => [chmodStep(outer, '0751'), chmodStep(outer, '0755')],
        ],
        ['changes nothing', 'step-contradicts-itself', () => [chmodStep(outer, '0750')]],
        [
          'says another mode before than its precondition',
          'step-contradicts-itself',
          () => [{ ...chmodStep(outer, '0751'), from: chmodStep(inner, '0711').from } as PlanStep],
        ],
        [
          'has a path that is not physical',
          'path-not-physical',
          () => [{ ...chmodStep(outer, '0751'), path: HostPath.parse(`${tree.root}/outer/../outer`) }],
        ],
        ['has more than 64 steps', 'step-count', () => Array.from({ length: 65 }, () => chmodStep(outer, '0751'))],
        ['has no step', 'step-count', () => []],
      ];
      for (const [what, why, steps] of REFUSED) {
        test(`the guard refuses a plan if it ${what}`, () => expectRefused(apply(shell, planOf(steps())), why));
      }

      test('the guard refuses a plan after the host was rebooted, and not during the same boot', () => {
        const plan = planOf(bothSteps(), { bootId: '11111111-2222-3333-4444-555555555555' });
        expectRefused(apply(shell, plan), 'host-restarted');
      });

      test('the guard refuses a plan for every protected system directory, and below those protected as a whole', () => {
        const paths = PROTECTED_PATHS.flatMap(({ path, covers }) =>
          covers === 'itself' ? [path] : [path, `${path}/x`],
        );
        // The rule is asked on its own: there are dozens, and a run of the guard for each says no more.
        const asked = paths.map(
          (path) => `why=''; if is_allowed_path '${path}'; then echo allowed; else echo "$why"; fi`,
        );
        const program = `plans=/var/lib/registry-doctor/plans guard_directory=''\n${asked.join('\n')}`;
        const told = runParts(shell, ['lib/frame.sh', 'plan/forbidden.sh'], program).toString();
        assert.equal(told, 'protected-directory\n'.repeat(paths.length));
        for (const path of ['/', '/etc/ssl']) {
          const step = { ...chmodStep(outer, '0751'), path: HostPath.parse(path) };
          expectRefused(apply(shell, planOf([step])), 'protected-directory');
        }
      });

      for (const { what, bytes } of HOSTILE_NAMES) {
        test(`the guard applies a plan to a directory whose name has ${what}`, () => {
          const closed = tree.directory(tree.at(bytes), 0o700);
          root = tree.directory(tree.at(bytes, bytes), 0o755);
          const plan = planOf([chmodStep(closed, '0711')]);
          assert.deepEqual(brief(apply(shell, plan)), {
            kind: 'applied',
            steps: [{ path: hostPath(closed), before: '0700', after: '0711' }],
            tried: { result: 'allowed' },
          });
          assert.deepEqual(outcome(shell, plan).kind, 'applied');
        });
      }

      test('the guard refuses a plan from a login without rights, which can’t test access as the service', () => {
        const home = tree.directory(tree.at('home'), 0o700);
        chownSync(home, 65534, 65534);
        const options = { as: { uid: 65534, gid: 65534, groups: [] }, env: { HOME: home.toString() } };
        expectRefused(apply(shell, planOf(bothSteps()), options), 'access-not-testable not-root');
      });

      test('the guard applies a plan to its own files for a login that is the service itself, and records it in that login’s home', () => {
        const home = tree.directory(tree.at('home'), 0o700);
        for (const path of [home, outer, inner]) chownSync(path, 48211, 48212);
        chmodSync(inner, 0o600);
        const { uid, gid, groups } = SERVICE;
        const options = { as: { uid, gid, groups }, env: { HOME: home.toString() } };
        const plan = planOf([chmodStep(inner, '0700')]);
        assert.deepEqual(outcome(shell, plan, options), { kind: 'never-started' });
        assert.equal(apply(shell, plan, options).kind, 'applied');
        assert.equal(outcome(shell, plan, options).kind, 'applied');
        assert.equal(modeOf(inner), '0700');
        assert.equal(modeOf(tree.at('home/.local/state/registry-doctor/plans')), '0700');
      });

      for (const [what, told, spoil] of [
        ['a link', 'not-own-directory', (state: Buffer) => tree.link(state, tree.root)],
        ['open to others', 'record-place-of-other 48211 48211 777', (state: Buffer) => tree.directory(state, 0o777)],
        [
          "somebody else's",
          'record-place-of-other 48211 48299 700',
          (state: Buffer) => chownSync(tree.directory(state, 0o700), 48299, 48299),
        ],
      ] as const) {
        test(`the guard refuses a plan if the directory of its records is ${what}`, () => {
          const home = tree.directory(tree.at('home'), 0o700);
          mkdirSync(tree.at('home/.local/state'), { recursive: true });
          for (const path of [home, tree.at('home/.local'), tree.at('home/.local/state')])
            chownSync(path, 48211, 48212);
          const state = tree.at('home/.local/state/registry-doctor');
          spoil(state);
          if (what === 'open to others') chownSync(state, 48211, 48212);
          const options = { as: { uid: 48211, gid: 48212, groups: [48213] }, env: { HOME: home.toString() } };
          expectRefused(apply(shell, planOf(bothSteps()), options), `${told} ${state}`);
          assert.equal(outcome(shell, planOf(bothSteps()), options).kind, 'unknown');
        });
      }
    });
  }

  test('the guard refuses a plan for a protected directory that is bind-mounted under another name', () => {
    const name = tree.directory(tree.at('another name'), 0o700);
    const prepared = `mount --bind /etc '${name}'`;
    expectRefused(
      applyAfter(prepared, planOf([chmodStep(outer, '0751'), { ...chmodStep(name, '0711') }])),
      'protected-directory',
    );
  });

  test('the guard rolls a plan back if a later change of it fails', () => {
    const plan = planOf(bothSteps());
    const prepared = `mount --bind '${inner}' '${inner}' && mount -o remount,ro,bind '${inner}'`;
    assert.deepEqual(brief(applyAfter(prepared, plan)), {
      kind: 'undone',
      why: reasonOf('change-failed chmod Read-only file system'),
      steps: [
        { path: hostPath(outer), before: '0750', after: '0750' },
        { path: hostPath(inner), before: '0700', after: '0700' },
      ],
    });
    assert.deepEqual(modes(), UNTOUCHED);
    assert.equal(outcome(DASH, plan).kind, 'undone');
  });
});
