import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRightChannel, type Membership, mayDecide, mayRequest, type Permission } from '../../src/approval/policy.ts';
import { ChannelId, GroupId, TeamId, UserId } from '../../src/model/record/ids.ts';
import type { Policy } from '../../src/model/settings/settings.ts';
import { policyWith } from '../support/bots/policy.ts';

const team = TeamId.parse('T1');
const alice = { team, user: UserId.parse('UALICE') };
const bob = { team, user: UserId.parse('UBOB') };
const oncall = GroupId.parse('SONCALL');
const askedByAlice = { kind: 'slack-user', ...alice } as const;

const policy = policyWith({ approvers: { users: [bob.user], groups: [] } });
const group = { ...policy, approvers: { users: [], groups: [oncall] } };
const no: Membership = { kind: 'no' };
const yes: Membership = { kind: 'yes' };
const unknown: Membership = {
  kind: 'unknown',
  why: { kind: 'no-answer', why: { code: 'failed', said: 'Slack is away' } },
};

const decisions: [string, Policy, typeof alice, Membership, Permission['kind']][] = [
  ['a listed approver can decide', policy, bob, no, 'allowed'],
  ['someone who is not listed can’t', policy, alice, no, 'not-listed'],
  ['without approvers no one can', { ...policy, approvers: null }, bob, yes, 'not-listed'],
  ['a member of an approver group can', group, bob, yes, 'allowed'],
  ['someone outside the group can’t', group, bob, no, 'not-listed'],
  ['when Slack cannot say, the answer is no', group, bob, unknown, 'cannot-tell'],
  ['a membership does not matter if no group is listed', policy, alice, yes, 'not-listed'],
  [
    'a listed user needs no answer about groups',
    { ...group, approvers: { users: [bob.user], groups: [oncall] } },
    bob,
    unknown,
    'allowed',
  ],
  [
    'the requester can’t approve, though listed',
    { ...policy, approvers: { users: [alice.user], groups: [] } },
    alice,
    no,
    'own-plan',
  ],
  [
    'the requester can’t approve through another team id',
    { ...policy, approvers: { users: [alice.user], groups: [] } },
    { ...alice, team: TeamId.parse('T2') },
    no,
    'own-plan',
  ],
  [
    'the requester can approve if the policy allows it',
    { ...policy, allowSelfApproval: true, approvers: { users: [alice.user], groups: [] } },
    alice,
    no,
    'allowed',
  ],
  ['allowing self-approval makes no one an approver', { ...policy, allowSelfApproval: true }, alice, no, 'not-listed'],
];

for (const [sentence, given, person, membership, expected] of decisions) {
  test(`who can approve a plan: ${sentence}`, () =>
    assert.equal(mayDecide(given, person, membership, askedByAlice).kind, expected));
}

test('any approver can approve a plan that monitoring requested', () => {
  assert.equal(mayDecide(policy, bob, no, { kind: 'bot', part: 'watch' }).kind, 'allowed');
});

const requests: [string, Policy, Membership, Permission['kind']][] = [
  ['without a list anyone can', policy, no, 'allowed'],
  ['with a list, only those on it can', { ...policy, requesters: { users: [bob.user], groups: [] } }, no, 'not-listed'],
  ['members of a listed group can', { ...policy, requesters: { users: [], groups: [oncall] } }, yes, 'allowed'],
  [
    'when Slack cannot say, no one can',
    { ...policy, requesters: { users: [], groups: [oncall] } },
    unknown,
    'cannot-tell',
  ],
];

for (const [sentence, given, membership, expected] of requests) {
  test(`who can request a diagnosis: ${sentence}`, () =>
    assert.equal(mayRequest(given, alice, membership).kind, expected));
}

const [ops, incidents, lounge] = ['COPS', 'CINCIDENTS', 'CLOUNGE'].map((id) => ChannelId.parse(id));
const channels: [string, readonly (ChannelId | undefined)[] | null, ChannelId | undefined, boolean][] = [
  ['without a list every channel is right', null, lounge, true],
  ['with a list, a listed channel is right', [ops], ops, true],
  ['with a list, any other channel is wrong', [ops], lounge, false],
  ['the incident channel is always right', [ops], incidents, true],
];

for (const [sentence, listed, channel, expected] of channels) {
  test(`in which channels a plan can be approved: ${sentence}`, () => {
    assert.ok(channel && incidents);
    const given = policyWith({ channels: listed?.filter((one) => one !== undefined) ?? null });
    assert.equal(isRightChannel(given, channel, incidents), expected);
  });
}
