import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config/read-config.ts';
import { HostName } from '../../src/model/record/ids.ts';
import type { Policy } from '../../src/model/settings/settings.ts';
import { configProblem } from '../../src/words/en/config.ts';

/** Which rules hold for which host. */

const HOST = '{ address: 10.0.0.5, user: root, registry: { layout: distribution } }';

function config(groups: string, git01 = '{}'): string {
  return `ssh: { knownHosts: known_hosts }
policy: { approvers: { users: [U01] }, approvalsNeeded: { low: 1 }, approvalTtlMinutes: 20, channels: [C01] }
hosts:
  git01: { address: 10.0.0.5, user: root, registry: { layout: distribution }, policy: ${git01} }
  git02: ${HOST}
  git03: ${HOST}
hostGroups:
${groups}
`;
}

function policyOf(text: string, host: string): Policy {
  const outcome = parseConfig(text, '/etc');
  if (outcome.kind === 'config') return outcome.config.hosts.get(HostName.parse(host))?.policy ?? assert.fail();
  return assert.fail(outcome.problems.map((problem) => configProblem('c.yml', problem)).join('\n'));
}

const GROUPS =
  '  production: { hosts: [git01, git02], policy: { approvers: { groups: [S02] }, approvalsNeeded: { high: 3 }, channels: [C02] } }';

const OF_ALL = {
  requesters: null,
  approvers: { users: ['U01'], groups: [] },
  allowSelfApproval: false,
  approvalTtlMinutes: 20,
  approvalsNeeded: { low: 1, high: 2 },
  broadcastPlans: false,
  remindMinutes: null,
  escalateAfterMinutes: 10,
  escalateTo: null,
  onCall: null,
  quietHours: null,
  channels: ['C01'],
};

test('a host in no group gets the general approval policy, then the defaults', () => {
  assert.deepEqual(policyOf(config(GROUPS), 'git03'), OF_ALL);
});

test('a host group’s approval policy overrides single keys of the general policy', () => {
  assert.deepEqual(policyOf(config(GROUPS), 'git02'), {
    ...OF_ALL,
    approvers: { users: [], groups: ['S02'] },
    approvalsNeeded: { low: 1, high: 3 },
    channels: ['C02'],
  });
});

test('a host’s own approval policy overrides its group’s, which overrides the general policy', () => {
  const own =
    '{ approvalTtlMinutes: 5, approvalsNeeded: { low: 2 }, approvers: { users: [U09] }, allowSelfApproval: true }';
  assert.deepEqual(policyOf(config(GROUPS, own), 'git01'), {
    ...OF_ALL,
    approvers: { users: ['U09'], groups: [] },
    approvalsNeeded: { low: 2, high: 3 },
    approvalTtlMinutes: 5,
    allowSelfApproval: true,
    channels: ['C02'],
  });
});

test('a group has its own people on call, their quiet hours, and people behind its approvers', () => {
  const own = 'onCall: { groups: [S07] }, quietHours: { from: "22:00", to: "07:00", zone: Europe/Berlin }';
  const calls = 'broadcastPlans: true, remindMinutes: 0, escalateAfterMinutes: 3, escalateTo: { users: [U08] }';
  const policy = policyOf(config(`  production: { hosts: [git01], policy: { ${own}, ${calls} } }`), 'git01');
  assert.deepEqual(policy, {
    ...OF_ALL,
    onCall: { users: [], groups: ['S07'] },
    quietHours: { from: '22:00', to: '07:00', zone: 'Europe/Berlin' },
    broadcastPlans: true,
    remindMinutes: 0,
    escalateAfterMinutes: 3,
    escalateTo: { users: ['U08'], groups: [] },
  });
});

test('a reminder or an escalation that no plan lives to see is an error, told once for all hosts that have it', () => {
  const late = 'approvalTtlMinutes: 10, escalateTo: { users: [U08] }, remindMinutes: 10';
  const outcome = parseConfig(config(`  production: { hosts: [git01, git02], policy: { ${late} } }`), '/etc');
  assert.ok(outcome.kind === 'problems');
  assert.deepEqual(
    outcome.problems.map((problem) => configProblem('c.yml', problem)),
    [
      'c.yml: for git01, "remindMinutes" is 10; expected less than "approvalTtlMinutes" (10), or no one is reminded',
      'c.yml: for git01, "escalateAfterMinutes" is 10; expected less than "approvalTtlMinutes" (10), or no one in "escalateTo" is called',
    ],
  );
});

test('a late escalation to no one, and a reminder without approvers, are no error', () => {
  for (const own of ['approvalTtlMinutes: 10', 'approvalTtlMinutes: 11, escalateTo: { users: [U08] }']) {
    assert.equal(parseConfig(config('  {}', `{ ${own} }`), '/etc').kind, 'config');
  }
});

const WRONG: readonly [name: string, groups: string, problems: readonly string[]][] = [
  [
    'a group with a host that does not exist',
    '  production:\n    hosts: [git01, git04]',
    ['c.yml:9: "hostGroups.production.hosts[1]" is "git04"; expected the name of a host under "hosts"'],
  ],
  [
    'a host in two groups',
    '  production: { hosts: [git01] }\n  rack7:\n    hosts:\n      - git02\n      - git01',
    [
      'c.yml:12: "hostGroups.rack7.hosts[1]" is "git01"; expected a host that is in no group yet (it is in "production")',
    ],
  ],
  [
    'a group without hosts',
    '  production: { policy: {} }',
    ['c.yml:8: "hostGroups.production.hosts" is missing; expected a list ([a, b], or "- a" lines)'],
  ],
  [
    'a typo in a policy of a group',
    '  production: { hosts: [git01], policy: { aprovers: { users: [U01] } } }',
    [
      'c.yml:8: unknown key "hostGroups.production.policy.aprovers". Did you mean "approvers"? Valid keys here: requesters, approvers, approvalsNeeded, allowSelfApproval, approvalTtlMinutes, broadcastPlans, remindMinutes, escalateAfterMinutes, escalateTo, onCall, quietHours, channels',
    ],
  ],
  [
    'more approvals than five, and none',
    '  production: { hosts: [git01], policy: { approvalsNeeded: { low: 0, high: 6 } } }',
    [
      'c.yml:8: "hostGroups.production.policy.approvalsNeeded.low" is 0; expected a whole number from 1 to 5',
      'c.yml:8: "hostGroups.production.policy.approvalsNeeded.high" is 6; expected a whole number from 1 to 5',
    ],
  ],
  [
    'no time of day, no time zone, and a list in place of people',
    '  production: { hosts: [git01], policy: { onCall: [S01], quietHours: { from: "25:00", to: 7, zone: Middle/Earth } } }',
    [
      'c.yml:8: "hostGroups.production.policy.onCall" is a list; expected a section (keys below it, indented)',
      'c.yml:8: "hostGroups.production.policy.quietHours.from" is "25:00"; expected a time of day in quotes, from "00:00" to "23:59"',
      'c.yml:8: "hostGroups.production.policy.quietHours.to" is 7; expected a time of day in quotes, from "00:00" to "23:59"',
      'c.yml:8: "hostGroups.production.policy.quietHours.zone" is "Middle/Earth"; expected a time zone, as Europe/Berlin or UTC',
    ],
  ],
  [
    'quiet hours that end when they begin',
    '  production: { hosts: [git01], policy: { quietHours: { from: "22:00", to: "22:00", zone: UTC } } }',
    ['c.yml:8: "hostGroups.production.policy.quietHours.to" is "22:00"; expected another time than "from"'],
  ],
  [
    'the name of a channel',
    '  production: { hosts: [git01], policy: { channels: ["#ops"] } }',
    [
      'c.yml:8: "hostGroups.production.policy.channels[0]" is "#ops"; expected a Slack channel ID such as C0123456 (in Slack: channel name → About → Channel ID)',
    ],
  ],
];

for (const [name, groups, problems] of WRONG) {
  test(`a config whose approval policy has ${name} is refused, with key and line`, () => {
    const outcome = parseConfig(config(groups), '/etc');
    assert.equal(outcome.kind, 'problems');
    const told = outcome.kind === 'problems' ? outcome.problems.map((one) => configProblem('c.yml', one)) : [];
    assert.deepEqual(told, problems);
  });
}
