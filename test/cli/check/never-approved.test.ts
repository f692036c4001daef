import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverApproved } from '../../../src/cli/check/never-approved.ts';
import { GroupId, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/policy.ts';

const [ANN, BOB] = [UserId.parse('UANN'), UserId.parse('UBOB')];
const needed = { low: 1, high: 2 };

function risksWith(policy: Partial<Policy>): string[] {
  const host = { ...hostSettings({}), policy: policyWith({ approvalsNeeded: needed, ...policy }) };
  return neverApproved([host]).map(({ risk, named }) => `${risk} ${named}`);
}

test('check reports a policy that names fewer approvers than it requires', () => {
  assert.deepEqual(risksWith({ approvers: { users: [ANN], groups: [] } }), ['high 1']);
  assert.deepEqual(risksWith({ approvers: { users: [ANN, ANN], groups: [] } }), ['high 1'], 'a person counts once');
  assert.deepEqual(risksWith({ approvers: { users: [ANN, BOB], groups: [] } }), []);
  assert.deepEqual(
    risksWith({ approvers: { users: [], groups: [GroupId.parse('S1')] } }),
    [],
    'a group may have anybody',
  );
  assert.deepEqual(risksWith({ approvers: null }), ['any 0']);
  assert.deepEqual(risksWith({ approvers: { users: [], groups: [] } }), ['any 0']);
});
