import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsInText } from '../../src/incident/hosts-in-text.ts';
import { HostName } from '../../src/model/record/ids.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { hostSettings } from '../host/sample-settings.ts';

function host(name: string, address: string, match: Record<string, string> | null = null): HostSettings {
  const settings = hostSettings({});
  return {
    ...settings,
    name: HostName.parse(name),
    ssh: { ...settings.ssh, address },
    alerts: match === null ? null : { match },
  };
}

const HOSTS = [
  host('git01', '10.0.0.5'),
  host('git02', 'git02.example.org'),
  host('git_03', '2001:db8::1'),
  host('eu', '10.0.0.7', { job: 'registry', instance: 'reg-eu-*:5000' }),
];

const TEXTS: readonly [text: string, named: readonly string[]][] = [
  ['git01 is down', ['git01']],
  ['Is GIT01 down? And *git_03*? _git_03_', ['git01', 'git_03']],
  ['see http://git01:5000/v2/.', ['git01']],
  ['no route to 10.0.0.5.', ['git01']],
  ['10.0.0.5:22, [2001:db8::1]:22', ['git01', 'git_03']],
  ['2001:db8::1', ['git_03']],
  ['git02.example.org:9100 and git01', ['git01', 'git02']],
  ['git011, 10.0.0.50, git, mygit01, git01x', []],
  ['job: registry, instance = "reg-eu-1:5000"', ['eu']],
  ['*job:* registry\n*instance:* `reg-eu-1:5000`', ['eu']],
  ['job=registry instance=reg-us-1:5000', []],
  ['the registry reg-eu-1:5000', []],
  ['', []],
];

for (const [text, named] of TEXTS) {
  test(`the text ${JSON.stringify(text)} names ${named.join(' and ') || 'no host'}`, () => {
    assert.deepEqual(hostsInText(text, HOSTS), named);
  });
}

test('the longest message is searched in a moment, whatever it holds', () => {
  const started = performance.now();
  for (const part of ['a', 'a:', '[', 'job: ', 'a.', '10.0.0.5:', ' = ']) {
    hostsInText(part.repeat(40_000 / part.length), HOSTS);
  }
  assert.ok(performance.now() - started < 2_000);
});
