import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applySteps } from '../../../../src/diagnosis/access/after/apply-steps.ts';
import { absent } from '../../../../src/model/fact.ts';
import { Mode, type PresentNode } from '../../../../src/model/host/facts.ts';
import type { PlanStep } from '../../../../src/model/plan/plan.ts';
import { acl, dir, factsOf, hostPath } from '../../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../../support/facts/incident-facts.ts';

function preconditionOf(path: string) {
  const { device, inode, mode, uid, gid } = dir(path, '0750');
  return { device, inode, mode, uid, gid };
}

function chmod(path: string, to: string): PlanStep {
  const modes = { from: Mode.parse('0750'), to: Mode.parse(to) };
  const precondition = preconditionOf(path);
  return { action: 'chmod', path: hostPath(path), ...modes, gains: 'other', gainingPrincipal: 'all', precondition };
}

function chown(path: string, to: string): PlanStep {
  const precondition = preconditionOf(path);
  return { action: 'chown', path: hostPath(path), from: '0:0', to, gainingPrincipal: 'registry', precondition };
}

function after(node: PresentNode, step: PlanStep): PresentNode {
  const changed = applySteps(factsOf({ nodes: [node] }), [step]).nodes.find(({ path }) => path === node.path);
  assert.ok(changed?.state === 'present');
  return changed;
}

describe('predicted facts after a plan’s changes', () => {
  test('the prediction of a plan’s result changes only the directories that the plan names', () => {
    const facts = incidentFacts();
    const changed = applySteps(facts, [chmod('/data/vol1/ops', '0751')]);
    const modes = changed.nodes.flatMap((node, index) => {
      const before = facts.nodes[index];
      return JSON.stringify(node) === JSON.stringify(before) ? [] : [node.path];
    });
    assert.deepEqual(modes, ['/data/vol1/ops']);
  });

  test('the prediction of a plan’s result changes no other directory that is now at the same path', () => {
    const other = { ...dir('/d', '0750'), inode: '1' };
    assert.equal(after(other, chmod('/d', '0751')).mode, '0750');
  });

  test('the prediction of a plan’s result does not modify the facts that it starts from', () => {
    const facts = incidentFacts();
    applySteps(facts, [chmod('/data/vol1/ops', '0751')]);
    assert.deepEqual(facts, incidentFacts());
  });

  test('the prediction of a plan’s result does not use access tests from before the change', () => {
    const { triedAs, searchTries, rootTries } = applySteps(incidentFacts(), []);
    assert.deepEqual([triedAs, searchTries], [absent, []]);
    assert.ok(Object.values(rootTries).every(({ state }) => state === 'unknown'));
  });

  test('the prediction of a chmod on a directory with an ACL sets the mask from the group bits and keeps named entries', () => {
    const entries = acl('user::rwx', 'user:993:rwx', 'group::r-x', 'mask::r-x', 'other::---');
    const changed = after(dir('/d', '0750', 'root:ops', entries), chmod('/d', '0731'));
    const expected = acl('user::rwx', 'user:993:rwx', 'group::r-x', 'mask::-wx', 'other::--x');
    assert.deepEqual([changed.mode, changed.acl], ['0731', { state: 'known', value: expected }]);
  });

  test('the prediction of a chown sets the numeric owner and group, and keeps a name that does not change', () => {
    const changed = after(dir('/d', '0750', 'root:ops'), chown('/d', '993:1500'));
    assert.deepEqual([changed.uid, changed.gid, changed.owner, changed.group], [993, 1500, '993', 'ops']);
  });
});
