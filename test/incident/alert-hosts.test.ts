import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsGlob, hostsOfAlert } from '../../src/incident/alert-hosts.ts';
import { Alert } from '../../src/model/record/alert.ts';
import { HostName } from '../../src/model/record/ids.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { hostSettings } from '../host/sample-settings.ts';

function alertWith(labels: Record<string, string>): Alert {
  return Alert.parse({
    ...{ source: 'prometheus', fingerprint: 'f', status: 'firing', summary: 's', link: null, startsAt: null },
    labels,
    hostLabel: labels['instance'] ?? null,
  });
}

function host(name: string, address: string, match: Record<string, string> | null = null): HostSettings {
  const settings = hostSettings({});
  return {
    ...settings,
    name: HostName.parse(name),
    ssh: { ...settings.ssh, address },
    alerts: match === null ? null : { match },
  };
}

const PLAIN = [host('git01', '10.0.0.5'), host('git02', 'git02.example.org'), host('git03', '2001:db8::1')];

for (const [instance, expected] of [
  ['git01', ['git01']],
  ['GIT01', ['git01']],
  ['10.0.0.5:5000', ['git01']],
  ['10.0.0.50:5000', []],
  ['git02.example.org:9100', ['git02']],
  ['[2001:db8::1]:9100', ['git03']],
  ['2001:db8::1', ['git03']],
  ['git', []],
  ['', []],
] as const) {
  test(`for hosts without a match in the config, an alert with the host label ${JSON.stringify(instance)} is about ${expected.join() || 'no host'}`, () => {
    assert.deepEqual(hostsOfAlert(alertWith({ instance }), PLAIN), expected);
  });
}

test('a host with a match in the config gets exactly the alerts that have all of its labels', () => {
  const hosts = [host('git01', '10.0.0.5', { job: 'registry', instance: '10.0.0.*:5000' })];
  const about = (labels: Record<string, string>) => hostsOfAlert(alertWith(labels), hosts).length;
  assert.equal(about({ job: 'registry', instance: '10.0.0.7:5000', other: 'x' }), 1);
  assert.equal(about({ job: 'node', instance: '10.0.0.7:5000' }), 0);
  assert.equal(about({ instance: '10.0.0.7:5000' }), 0);
  assert.equal(about({ instance: 'git01' }), 0, 'its name does not count any more');
});

test('an alert can match several hosts, and an inherited object property (toString) never counts as a label', () => {
  const hosts = [host('a', 'a', { nfs: '*' }), host('b', 'b', { nfs: 'filer1' }), host('c', 'c', { toString: '*' })];
  assert.deepEqual(hostsOfAlert(alertWith({ nfs: 'filer1' }), hosts), ['a', 'b']);
});

for (const [pattern, fits, fitsNot] of [
  ['abc', ['abc'], ['ab', 'abcd', 'ABC']],
  ['*', ['', 'x', 'x\ny'], []],
  ['a*', ['a', 'ab'], ['ba']],
  ['*a', ['a', 'ba'], ['ab']],
  ['a*a', ['aa', 'aba'], ['a', 'ab']],
  ['a*b*c', ['abc', 'a-b-b-c'], ['ac', 'acb']],
  ['a.c', ['a.c'], ['abc']],
  ['**', ['', 'x'], []],
] as const) {
  test(`the label pattern ${pattern} must match the whole label value`, () => {
    assert.deepEqual(
      fits.filter((text) => !fitsGlob(text, pattern)),
      [],
    );
    assert.deepEqual(
      fitsNot.filter((text) => fitsGlob(text, pattern)),
      [],
    );
  });
}

test('a label pattern that would make a regular expression hang is decided at once', () => {
  const startedAt = performance.now();
  assert.equal(fitsGlob(`${'a'.repeat(512)}b`, `${'a*'.repeat(250)}c`), false);
  assert.ok(performance.now() - startedAt < 1_000);
});
