import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { parseApplyOutcome } from '../../../../src/host/answer/parse-apply-outcome.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { applyRequest, type GuardRequest } from '../../../../src/host/request/guard-request.ts';
import type { ApplyOutcome } from '../../../../src/model/plan/execution.ts';
import type { Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { chmodStep, chownStep, entryStep, SERVICE, setfaclStep } from '../../sample-plan.ts';
import { allEntriesOf, hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, runScript, SHELLS, type Shell } from '../../shells.ts';
import { apply, applyAfter } from '../apply/apply-run.ts';
import { plansFor } from '../apply/closed-way.ts';
import { ownersBelow, treeStep } from '../apply/tree-step.ts';
import { reasonOf } from './guard-reason-of.ts';

/** What a guard refuses on its own, no matter who signed or approved it, beside what apply.test.ts and apply-acl.test.ts have. */

const skip = skipUnless('linux', 'root', 'setpriv', 'acl', 'mount-namespaces');
const UNRELATED = 'unrelated-path';
const NO_DATE = 'scope-missing';
const LOSES = 'others-lose';
const CONTRADICTS = 'step-contradicts-itself';
const NONCE = 'applynonce';

describe('the guard refuses a harmful plan, whatever the bot planned', { skip }, () => {
  let tree: ScratchTree;
  let closed: Buffer;
  let root: Buffer;
  beforeEach(() => {
    tree = new ScratchTree();
    closed = tree.directory(tree.at('closed'), 0o700);
    root = tree.directory(tree.at('closed/root'), 0o755);
  });
  afterEach(() => tree.remove());
  const { planOf } = plansFor(() => root);
  /** All that a plan could change here. */
  const states = () => [modeOf(closed), modeOf(root), ownersBelow(closed), allEntriesOf(closed)];
  /** Says of a plan what the types of this product keep anyone from saying. */
  const applyChanged = (shell: Shell, plan: Plan, change: (request: GuardRequest) => string): ApplyOutcome => {
    const request = applyRequest(NONCE, { plan, signature: null, approvals: [] });
    const changed = change(request);
    assert.notEqual(changed, request);
    return parseApplyOutcome(runScript(shell, guardOverStdin(changed)).stdout, NONCE);
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard refuses a plan for a directory that is not on the path to the storage', () => {
        const beside = tree.directory(tree.at('beside'), 0o700);
        const told = apply(shell, planOf([chmodStep(closed, '0701'), chmodStep(beside, '0701')]));
        assert.deepEqual(told, { kind: 'refused', why: reasonOf(UNRELATED) });
        assert.deepEqual([modeOf(closed), modeOf(beside)], ['0700', '0700']);
      });

      test('the guard accepts a plan for a directory on a path that leads through a symlink', () => {
        const disk = tree.directory(tree.at('disk'), 0o700);
        renameSync(root, tree.at('disk/root'));
        symlinkSync(tree.at('disk/root'), root);
        const told = apply(shell, planOf([chmodStep(closed, '0701'), chmodStep(disk, '0701')]));
        assert.equal(told.kind, 'applied');
      });

      test('the guard reports a plan as out of date if an ACL names a user that was added since', () => {
        const plan = planOf([chmodStep(closed, '0711')]);
        execFileSync('setfacl', ['-n', '-m', 'user:48299:-wx,mask::---', closed.toString()]);
        assert.equal(modeOf(closed), '0700', 'its mode does not tell');
        const told = apply(shell, plan);
        assert.equal(told.kind, 'stale');
        assert.equal('expected' in told && told.expected, 'no-acl');
        assert.equal(modeOf(closed), '0700');
      });

      test('the guard refuses a recursive ownership change on a directory above or beside the storage root', () => {
        mkdirSync(tree.at('beside'));
        chownSync(root, SERVICE.uid, SERVICE.gid);
        for (const top of [tree.at('beside'), closed]) {
          const before = ownersBelow(top);
          const told = apply(shell, planOf([treeStep(top, '0:0', `${SERVICE.uid}:0`)], { risk: 'high' }));
          assert.deepEqual(told, { kind: 'refused', why: reasonOf(UNRELATED) });
          assert.deepEqual(ownersBelow(top), before);
        }
      });

      const FORBIDDEN: Readonly<Record<string, readonly [step: () => PlanStep, why: string]>> = {
        'gives a directory to another account': [() => chownStep(closed, '48299:0'), 'foreign-owner'],
        "gives it to a group that is not the service's": [() => chownStep(closed, '0:48299'), 'foreign-group'],
        'sets setuid': [() => chmodStep(closed, '4711'), 'special-bits'],
        'sets the sticky bit': [() => chmodStep(closed, '1711'), 'special-bits'],
      };
      for (const [what, [step, why]] of Object.entries(FORBIDDEN)) {
        test(`the guard refuses a plan that ${what}`, () => {
          const before = states();
          assert.deepEqual(apply(shell, planOf([step()], { risk: 'high' })), { kind: 'refused', why: reasonOf(why) });
          assert.deepEqual(states(), before);
        });
      }

      for (const what of ['hostname', 'boot', 'until-uptime', 'nonce']) {
        test(`the guard refuses a plan without its ${what}`, () => {
          const told = applyChanged(shell, planOf([chmodStep(closed, '0701')]), (request) =>
            request.replace(new RegExp(`^plan ${what} .*$`, 'm'), `plan ${what} -`),
          );
          assert.deepEqual(told, { kind: 'refused', why: reasonOf(NO_DATE) });
          assert.equal(modeOf(closed), '0700');
        });
      }

      test('the guard refuses a plan whose expiry is a number that the shell can’t compare', () => {
        const told = applyChanged(shell, planOf([chmodStep(closed, '0701')]), (request) =>
          request.replace(/^plan until-uptime .*$/m, `plan until-uptime ${'9'.repeat(20)}`),
        );
        assert.deepEqual(told, { kind: 'refused', why: reasonOf('time-is-up') });
        assert.equal(modeOf(closed), '0700');
      });

      const ENTRY = `user::rwx,user:${SERVICE.uid}:--x,group::---,mask::--x`;
      const OTHER_FORMS: Readonly<Record<string, string>> = {
        'digits in place of letters': `${ENTRY},other::7`,
        'an entry twice': `${ENTRY},other::---,other::rwx`,
        'an abbreviated tag': `${ENTRY},o::rwx,other::---`,
        'an id with a zero before it': `user::rwx,user:0${SERVICE.uid}:---,group::---,mask::--x,other::---`,
        'an account by its name': `${ENTRY},user:nobody:---,other::---`,
        'a default entry': `${ENTRY},other::---,default:other::---`,
        'no colon in it': 'rwx',
      };
      for (const [what, to] of Object.entries(OTHER_FORMS)) {
        test(`the guard refuses an ACL with ${what}`, () => {
          const before = states();
          const told = applyChanged(shell, planOf([entryStep(closed)]), (request) =>
            request.replace(/^plan to .*$/m, `plan to ${to}`),
          );
          assert.deepEqual(told, { kind: 'refused', why: reasonOf('not-an-acl') });
          assert.deepEqual(states(), before);
        });
      }

      const GROUP = `user::rwx,user:48299:r-x,group::r-x,mask::r-x,other::---`;
      const OTHERS_TOUCHED: Readonly<Record<string, readonly [from: string, to: string, why: string]>> = {
        'takes permissions from the owner': [
          GROUP,
          `user::r-x,user:${SERVICE.uid}:--x,user:48299:r-x,group::r-x,mask::r-x,other::---`,
          LOSES,
        ],
        'takes permissions from the group': [
          GROUP,
          `user::rwx,user:${SERVICE.uid}:--x,user:48299:r-x,group::--x,mask::r-x,other::---`,
          LOSES,
        ],
        'takes permissions from another account by the mask': [
          GROUP,
          `user::rwx,user:${SERVICE.uid}:--x,user:48299:r-x,group::r-x,mask::--x,other::---`,
          LOSES,
        ],
        'adds an entry that denies another account': [
          `user::rwx,group::r-x,other::r-x`,
          `user::rwx,user:${SERVICE.uid}:r-x,user:48298:---,group::r-x,mask::r-x,other::r-x`,
          'acl-entry-added',
        ],
        'activates another account’s entry that an empty mask disables': [
          `user::rwx,user:48299:---,group::---,mask::---,other::r-x`,
          `user::rwx,user:${SERVICE.uid}:r-x,user:48299:---,group::---,mask::r-x,other::r-x`,
          'acl-entries-wake',
        ],
        'gives an account that it denies by name access by emptying the mask': [
          `user::rwx,user:${SERVICE.uid}:r-x,user:48299:---,group::---,mask::r-x,other::r-x`,
          `user::rwx,user:${SERVICE.uid}:r-x,user:48299:---,group::---,mask::---,other::r-x`,
          'acl-entries-sleep',
        ],
      };
      for (const [what, [from, to, why]] of Object.entries(OTHERS_TOUCHED)) {
        test(`the guard refuses an ACL that ${what}`, () => {
          execFileSync('setfacl', ['-n', '--set', from, closed.toString()]);
          const before = states();
          const told = apply(shell, planOf([setfaclStep(closed, to)], { risk: 'high' }));
          assert.deepEqual(told, { kind: 'refused', why: reasonOf(why) });
          assert.deepEqual(states(), before);
        });
      }

      const IN_RESERVE: Readonly<Record<string, readonly [from: string, to: string]>> = {
        'in its own entry': [
          'user::rwx,group::--x,other::---',
          `user::rwx,user:${SERVICE.uid}:rwx,group::--x,mask::--x,other::---`,
        ],
        'in the mask': [
          'user::rwx,group::--x,other::---',
          `user::rwx,user:${SERVICE.uid}:--x,group::--x,mask::rwx,other::---`,
        ],
      };
      for (const [where, [from, to]] of Object.entries(IN_RESERVE)) {
        test(`the guard refuses as low-risk an ACL that gives the service too much ${where}, in case the mask is changed later`, () => {
          execFileSync('setfacl', ['-n', '--set', from, closed.toString()]);
          const before = states();
          const told = apply(shell, planOf([setfaclStep(closed, to)], { risk: 'low' }));
          assert.deepEqual(told, { kind: 'refused', why: reasonOf('risk-understated') });
          assert.deepEqual(states(), before);
        });
      }

      test('the guard accepts an ACL that does not change other accounts’ access', () => {
        execFileSync('setfacl', ['-n', '--set', GROUP, closed.toString()]);
        const to = `user::rwx,user:${SERVICE.uid}:--x,user:48299:r-x,group::r-x,mask::r-x,other::---`;
        assert.equal(apply(shell, planOf([setfaclStep(closed, to)])).kind, 'applied');
      });

      test('the guard refuses a plan whose storage is a protected directory under any name', () => {
        const link = tree.at('etc');
        symlinkSync('/etc', link);
        for (const storage of [Buffer.from('/'), Buffer.from('/etc'), Buffer.from('/var/lib'), link]) {
          const told = apply(shell, planOf([chmodStep(closed, '0701')], { storageRoot: hostPath(storage) }));
          assert.deepEqual(told, { kind: 'refused', why: reasonOf('protected-storage') });
        }
        assert.equal(modeOf(closed), '0700');
      });

      const TREE = () => treeStep(root, '0:0', `${SERVICE.uid}:0`);
      const CONTRADICTIONS: Readonly<
        Record<string, readonly [step: () => PlanStep, change: (request: string) => string, why: string]>
      > = {
        'a directory tree without the digest of its entries': [
          TREE,
          (request) => request.replace(/^plan digest .*$/m, 'plan digest -'),
          CONTRADICTS,
        ],
        'a directory tree of zero entries': [
          TREE,
          (request) => request.replace(/^plan entries .*$/m, 'plan entries 0'),
          'tree-entry-count',
        ],
        'a change of owners for files only': [
          TREE,
          (request) => request.replace(/^plan kind .*$/m, 'plan kind file'),
          CONTRADICTS,
        ],
        'an ACL for a whole directory tree': [
          () => entryStep(closed),
          (request) => request.replace(/^plan entries .*$/m, 'plan entries 1'),
          CONTRADICTS,
        ],
      };
      for (const [what, [step, change, why]] of Object.entries(CONTRADICTIONS)) {
        test(`the guard refuses a plan with ${what}`, () => {
          const before = states();
          const told = applyChanged(shell, planOf([step()], { risk: 'high' }), change);
          assert.deepEqual(told, { kind: 'refused', why: reasonOf(why) });
          assert.deepEqual(states(), before);
        });
      }

      test('the guard refuses an undo where a plan is expected, and a plan where an undo is expected', () => {
        const plan = planOf([chmodStep(closed, '0701')]);
        const undo = planOf([chmodStep(closed, '0701')], { undoes: { id: plan.id, hash: plan.hash } });
        assert.deepEqual(
          applyChanged(shell, undo, (request) => request.replace('verb undo', 'verb apply')),
          { kind: 'refused', why: reasonOf('takes-plan-back') },
        );
        assert.deepEqual(
          applyChanged(shell, plan, (request) => request.replace('verb apply', 'verb undo')),
          { kind: 'refused', why: reasonOf('takes-no-plan-back') },
        );
        assert.equal(modeOf(closed), '0700');
      });
    });
  }

  test('a plan is out of date if a filesystem was mounted since on one of its directories below the storage', () => {
    const below = tree.directory(tree.at('closed/root/below'), 0o700);
    const plan = planOf([chmodStep(closed, '0701'), chmodStep(below, '0701')]);
    const mounted = `mount -t tmpfs -o mode=0700 none '${below}'`;
    assert.equal(applyAfter(mounted, plan).kind, 'stale', 'it is not the planned one');
    assert.equal(modeOf(closed), '0700');
  });

  test('the guard refuses a plan for a directory below the storage that is on another filesystem than the storage', () => {
    const below = tree.directory(tree.at('closed/root/below'), 0o700);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0700', 'none', below.toString()]);
    try {
      const plan = planOf([chmodStep(closed, '0701'), chmodStep(below, '0701')]);
      assert.deepEqual(apply(DASH, plan), { kind: 'refused', why: reasonOf(UNRELATED) });
      assert.deepEqual([modeOf(closed), modeOf(below)], ['0700', '0700']);
    } finally {
      execFileSync('umount', [below.toString()]);
    }
  });
});
