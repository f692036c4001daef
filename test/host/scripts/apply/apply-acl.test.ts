import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { chmodStep, SERVICE, setfaclStep } from '../../sample-plan.ts';
import { aclOf, hostPath, modeOf, type ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import { apply, applyAfter, outcome } from './apply-run.ts';
import { closedWay, plansFor } from './closed-way.ts';

const OWN = `user:${SERVICE.uid}`;

function setfacl(path: Buffer, ...words: string[]): void {
  execFileSync('setfacl', [...words, path.toString()]);
}

describe('the guard applies a plan of ACL entries', { skip: skipUnless('linux', 'root', 'setpriv', 'acl') }, () => {
  let tree: ScratchTree;
  let outer: Buffer;
  let inner: Buffer;
  let root: Buffer;
  beforeEach(() => {
    ({ tree, outer, inner, root } = closedWay(0o2700));
  });
  afterEach(() => tree.remove());
  const { planOf: planOfAll } = plansFor(() => root);
  const planOf = (...steps: PlanStep[]): Plan => planOfAll(steps);
  const opened = () => [
    setfaclStep(outer, `user::rwx,${OWN}:--x,group::r-x,mask::r-x,other::---`),
    setfaclStep(inner, `user::rwx,${OWN}:--x,group::---,mask::--x,other::---`),
  ];

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard applies a plan of ACL entries, and only the service gains access', () => {
        const steps = opened();
        const result = apply(shell, planOf(...steps));
        assert.equal(result.kind, 'applied');
        assert.deepEqual(
          [aclOf(outer), aclOf(inner)],
          steps.map(({ to }) => to),
        );
        assert.equal(modeOf(inner), '2710', 'setgid is kept, and the mask shows as the group bits');
        assert.partialDeepStrictEqual(result, { steps: steps.map(({ from, to }) => ({ before: from, after: to })) });
      });

      test('the guard rolls a plan of ACL entries back exactly if it does not help, to no ACL if there was none', () => {
        const [first] = opened();
        const before = [aclOf(outer), modeOf(outer)];
        assert.partialDeepStrictEqual(apply(shell, planOf(first ?? assert.fail())), { kind: 'undone' });
        assert.deepEqual([aclOf(outer), modeOf(outer)], before);
      });

      test('the guard rolls a plan of ACL entries back exactly on top of an ACL with default entries', () => {
        setfacl(outer, '-m', 'u:7:r-x,g:8:---,m::r--');
        setfacl(outer, '-d', '-m', 'u:7:rwx');
        const all = () => execFileSync('getfacl', ['-n', '-p', outer.toString()], { encoding: 'utf8' });
        const before = all();
        const step = setfaclStep(outer, `user::rwx,user:7:r--,${OWN}:--x,group::r--,group:8:---,mask::r-x,other::---`);
        assert.partialDeepStrictEqual(apply(shell, planOf(step)), { kind: 'undone' });
        assert.equal(all(), before);
      });

      test('a plan of ACL entries, or a chmod planned for an ACL, is out of date if an entry of the ACL changed since', () => {
        setfacl(outer, '-m', 'u:7:r-x');
        const acl = aclOf(outer);
        const step = chmodStep(outer, '0751');
        const plan = planOf({ ...step, precondition: { ...step.precondition, acl } }, chmodStep(inner, '2711'));
        setfacl(outer, '-m', 'u:7:rwx,m::r-x');
        assert.deepEqual(apply(shell, plan), {
          kind: 'stale',
          path: hostPath(outer),
          expected: acl,
          found: aclOf(outer),
        });
      });

      test('the guard answers a second request for an applied plan of ACL entries with its outcome, and does not run it twice', () => {
        const plan = planOf(...opened());
        const first = apply(shell, plan);
        setfacl(outer, '-b');
        chmodSync(outer, 0o750);
        assert.deepEqual([apply(shell, plan), outcome(shell, plan)], [first, first]);
        assert.equal(modeOf(outer), '0750');
      });
    });
  }

  const REFUSED: readonly (readonly [what: string, to: string, why: string])[] = [
    ['others gain', `user::rwx,${OWN}:--x,group::r-x,mask::r-x,other::--x`, 'others-gain'],
    ['another account gains', `user::rwx,user:7:--x,${OWN}:--x,group::r-x,mask::r-x,other::---`, 'acl-entry-added'],
    ['the group gains', `user::rwx,${OWN}:--x,group::rwx,mask::rwx,other::---`, 'others-gain'],
    ['an entry goes', `user::rwx,${OWN}:--x,mask::r-x,other::---`, 'acl-entry-removed'],
    ['nothing changes', 'user::rwx,group::r-x,other::---', 'step-contradicts-itself'],
  ];
  for (const [what, to, why] of REFUSED) {
    test(`the guard refuses a plan of ACL entries if ${what}`, () => {
      const [, second] = opened();
      const plan = planOf(setfaclStep(outer, to), second ?? assert.fail());
      assert.deepEqual(apply(SHELLS[0] ?? assert.fail(), plan), { kind: 'refused', why: reasonOf(why) });
      assert.equal(modeOf(outer), '0750');
    });
  }

  test('the guard refuses a plan of ACL entries whose wider mask would activate another entry’s masked permissions', () => {
    setfacl(outer, '-m', 'u:7:rwx,m::---');
    const step = setfaclStep(outer, `user::rwx,user:7:rwx,${OWN}:--x,group::r-x,mask::--x,other::---`);
    const why = 'others-gain';
    assert.deepEqual(apply(SHELLS[0] ?? assert.fail(), planOf(step)), { kind: 'refused', why: reasonOf(why) });
  });

  test('the guard refuses a plan of ACL entries before any change if the host has no setfacl', () => {
    const plan = planOf(...opened());
    const hidden = 'mount --bind /dev/null "$(readlink -f "$(command -v setfacl)")"';
    // A file that is there and cannot be run is no tool.
    assert.deepEqual(applyAfter(hidden, plan), { kind: 'refused', why: reasonOf('no-acl-tools') });
    assert.equal(modeOf(outer), '0750');
  });
});
