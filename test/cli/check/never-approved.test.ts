import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverApproved } from '../../../src/cli/check/never-approved.ts';
import { GroupId, UserId } from '../../../src/model/record/ids.ts';
import type { HostSettings, Policy } from '../../../src/model/settings/settings.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';

const [ANN, BOB, EVE] = [UserId.parse('UANN'), UserId.parse('UBOB'), UserId.parse('UEVE')];
const needed = { low: 1, high: 2 };

function risksWith(policy: Partial<Policy>, watch: HostSettings['watch'] = null): string[] {
  const host = { ...hostSettings({}), watch, policy: policyWith({ approvalsNeeded: needed, ...policy }) };
  return neverApproved([host]).map(
    (one) => `${one.risk} ${'left' in one ? `${one.why} ${one.left}` : 'named' in one ? one.named : 0}`,
  );
}

test('check reports a policy whose plans can never be approved because it names fewer approvers than it requires', () => {
  assert.deepEqual(risksWith({ approvers: { users: [ANN], groups: [] } }), ['low if-approver-requests 0', 'high 1']);
  assert.deepEqual(
    risksWith({ approvers: { users: [ANN, ANN], groups: [] } }),
    ['low if-approver-requests 0', 'high 1'],
    'a person counts once',
  );
  assert.deepEqual(risksWith({ approvers: { users: [ANN, BOB, EVE], groups: [] } }), []);
  assert.deepEqual(
    risksWith({ approvers: { users: [], groups: [GroupId.parse('S1')] } }),
    [],
    'a group may have anybody',
  );
  assert.deepEqual(risksWith({ approvers: null }), ['any 0']);
  assert.deepEqual(risksWith({ approvers: { users: [], groups: [] } }), ['any 0']);
});

test('check does not count the requester as a possible approver of their own request', () => {
  const approvers = { users: [ANN, BOB], groups: [] };
  const only = { approvers, requesters: approvers };
  assert.deepEqual(risksWith(only), ['high only-approvers-request 1']);
  assert.deepEqual(risksWith({ ...only, allowSelfApproval: true }), []);
  assert.deepEqual(
    risksWith(only, { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 60 }),
    ['high if-approver-requests 1'],
    'monitoring requests too',
  );
  assert.deepEqual(risksWith({ approvers }), ['high if-approver-requests 1'], 'anyone may request');
  const withEve = { users: [ANN, EVE], groups: [] };
  assert.deepEqual(risksWith({ approvers, requesters: withEve }), ['high if-approver-requests 1']);
  assert.deepEqual(risksWith({ approvers, requesters: { users: [EVE], groups: [] } }), [], 'no approver may request');
  assert.deepEqual(risksWith({ ...only, approvers: { users: [ANN, BOB, EVE], groups: [] } }), []);
});

test('check reports one problem, not two, if both low-risk and high-risk plans can never be approved', () => {
  const policy = { approvers: { users: [ANN], groups: [] }, approvalsNeeded: { low: 1, high: 1 } };
  assert.deepEqual(risksWith(policy), ['any if-approver-requests 0']);
  assert.deepEqual(risksWith({ ...policy, requesters: policy.approvers }), ['any only-approvers-request 0']);
});
