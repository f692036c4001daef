import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config/read-config.ts';
import { parseLength } from '../../src/model/settings/length-of-time.ts';
import { configProblem } from '../../src/words/en/config.ts';

const HOSTS = `ssh: { knownHosts: known_hosts }
hosts:
  git01: { address: 10.0.0.5, user: bot, registry: { layout: omnibus } }
  git02: { address: 10.0.0.6, user: bot, registry: { layout: omnibus } }
hostGroups:
  production: { hosts: [git02] }
`;

const read = (text: string) => parseConfig(`${HOSTS}${text}`, '/etc/registry-doctor');

test('maintenance windows are read with the hosts of their groups, each once', () => {
  const outcome = read(`incidents: { reopenMinutes: 5 }
maintenance:
  - { hosts: [git01], every: "Sun 02:00", for: 2h }
  - { hosts: [git02], hostGroups: [production], every: "Thu,Mon 23:30", for: 1d30m, zone: Europe/Berlin }
  - { hosts: [git01], every: "day 04:05", for: 20m }
`);
  assert.ok(outcome.kind === 'config');
  assert.deepEqual(outcome.config.quiet, {
    reopenMinutes: 5,
    maintenance: [
      { hosts: ['git01'], every: 'Sun 02:00', days: ['Sun'], hour: 2, minute: 0, forMs: 7_200_000, zone: 'UTC' },
      {
        hosts: ['git02'],
        every: 'Thu,Mon 23:30',
        days: ['Mon', 'Thu'],
        hour: 23,
        minute: 30,
        forMs: 88_200_000,
        zone: 'Europe/Berlin',
      },
      {
        hosts: ['git01'],
        every: 'day 04:05',
        days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
        hour: 4,
        minute: 5,
        forMs: 1_200_000,
        zone: 'UTC',
      },
    ],
  });
});

for (const [what, lines, expected] of [
  [
    'a window of a host that is not in the file',
    'maintenance: [{ hosts: [git09], every: "Sun 02:00", for: 2h }]',
    'c.yml:7: "maintenance[0].hosts[0]" is "git09"; expected the name of a host under "hosts"',
  ],
  [
    'a window of a group that is not in the file',
    'maintenance: [{ hostGroups: [all], every: "Sun 02:00", for: 2h }]',
    'c.yml:7: "maintenance[0].hostGroups[0]" is "all"; expected the name of a group under "hostGroups"',
  ],
  [
    'a window without hosts',
    'maintenance: [{ every: "Sun 02:00", for: 2h }]',
    'c.yml:7: "maintenance[0].hosts" is missing; expected at least one host, by its name',
  ],
  [
    'a time that no clock shows',
    'maintenance: [{ hosts: [git01], every: "Sun 24:00", for: 2h }]',
    'c.yml:7: "maintenance[0].every" is "Sun 24:00"; expected days and a time, as "Sun 02:00", "Mon,Thu 02:00" or "day 02:00"',
  ],
  [
    'a length without a unit',
    'maintenance: [{ hosts: [git01], every: "Sun 02:00", for: 2 }]',
    'c.yml:7: "maintenance[0].for" is 2; expected a length of time up to 7d, as 30m, 2h or 1d12h',
  ],
  [
    'a window of every day that never closes',
    'maintenance: [{ hosts: [git01], every: "day 00:00", for: 24h }]',
    'c.yml:7: "maintenance[0].for" is "24h"; expected a length of time under 24h: the window opens again after that',
  ],
  [
    'a window that is open when its next day begins, over the end of the week',
    'maintenance: [{ hosts: [git01], every: "Mon,Sat 02:00", for: 2d }]',
    'c.yml:7: "maintenance[0].for" is "2d"; expected a length of time under 48h: the window opens again after that',
  ],
  [
    'a window of one day that lasts a week',
    'maintenance: [{ hosts: [git01], every: "Sun 02:00", for: 7d }]',
    'c.yml:7: "maintenance[0].for" is "7d"; expected a length of time under 168h: the window opens again after that',
  ],
  [
    'a zone that does not exist',
    'maintenance: [{ hosts: [git01], every: "Sun 02:00", for: 2h, zone: Mars/Base }]',
    'c.yml:7: "maintenance[0].zone" is "Mars/Base"; expected a time zone, as Europe/Berlin or UTC',
  ],
  [
    'a negative time for reopening',
    'incidents: { reopenMinutes: -1 }',
    'c.yml:7: "incidents.reopenMinutes" is -1; expected a whole number from 0 to 1440',
  ],
  [
    'an unknown key of a window',
    'maintenance: [{ hosts: [git01], evry: "Sun 02:00", every: "Sun 02:00", for: 2h }]',
    'c.yml:7: unknown key "maintenance[0].evry". Did you mean "every"? Valid keys here: hosts, hostGroups, every, for, zone',
  ],
] as const) {
  test(`the config is refused: ${what}`, () => {
    const outcome = read(lines);
    assert.ok(outcome.kind === 'problems');
    assert.deepEqual(
      outcome.problems.map((problem) => configProblem('c.yml', problem)),
      [expected],
    );
  });
}

test('a length of time is days, hours and minutes in this order, and at most a week', () => {
  const lengths = ['30m', '2h', '1D12H', '7d', '8d', '0m', '', 'h', '90', '2h 30m', '30m2h', '9999m'];
  assert.deepEqual(lengths.map(parseLength), [
    ...[1_800_000, 7_200_000, 129_600_000, 604_800_000],
    ...[null, null, null, null, null, null, null, 599_940_000],
  ]);
});
