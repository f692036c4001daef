import assert from 'node:assert/strict';
import { test } from 'node:test';
import { riskOf } from '../../../src/diagnosis/plan/risk.ts';
import { PlanStep } from '../../../src/model/plan/plan.ts';
import { SERVICE } from '../../host/sample-plan.ts';

const ROWS: readonly [from: string, to: string, risk: string, why: string][] = [
  ['0750', '0751', 'low', 'the way through alone'],
  ['0740', '0750', 'low', 'who may read names there may pass as well'],
  ['0760', '0770', 'high', 'the group may write there then'],
  ['0762', '0763', 'high', 'everybody may'],
  ['0600', '0700', 'low', 'its owner may do that alone'],
  ['0700', '0705', 'high', 'reading comes with it'],
];

for (const [from, to, risk, why] of ROWS) {
  test(`a plan’s chmod from ${from} to ${to} is ${risk} risk: ${why}`, () => {
    const precondition = { device: '1', inode: '2', mode: from, uid: 0, gid: 0 };
    const common = { path: '/srv/closed', gains: 'other', gainingPrincipal: 'every account', precondition };
    assert.equal(riskOf([PlanStep.parse({ action: 'chmod', from, to, ...common })], SERVICE), risk);
  });
}

test('a plan that changes a file is high-risk', () => {
  const precondition = { device: '1', inode: '2', mode: '0600', uid: 0, gid: 0 };
  const common = { path: '/srv/key', kind: 'file', gainingPrincipal: 'registry', precondition };
  const [from, to] = [
    'user::rw-,group::---,other::---',
    `user::rw-,user:${SERVICE.uid}:--x,group::---,mask::--x,other::---`,
  ];
  for (const step of [
    { action: 'chmod', from: '0600', to: '0601', gains: 'other', ...common },
    { action: 'setfacl', from, to, modify: to, ...common },
  ]) {
    assert.equal(riskOf([PlanStep.parse(step)], SERVICE), 'high');
    assert.equal(riskOf([PlanStep.parse({ ...step, kind: undefined })], SERVICE), 'low');
  }
});
