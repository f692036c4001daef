import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMatchers, silencesHost } from '../../../src/incident/quiet/silenced-hosts.ts';
import type { Matcher } from '../../../src/model/quiet/silence.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { hostSettings } from '../../host/sample-settings.ts';

const equal = (name: string, value: string): Matcher => ({ name, value, isRegex: false, isEqual: true });
const regex = (name: string, value: string): Matcher => ({ ...equal(name, value), isRegex: true });
const not = (matcher: Matcher): Matcher => ({ ...matcher, isEqual: false });

const byName = hostSettings({});
const byLabels: HostSettings = { ...byName, alerts: { match: { instance: '10.0.0.5:*', job: 'registry' } } };

/** [what, the silence, the host, whether it is muted] */
const CASES: readonly (readonly [string, readonly Matcher[], HostSettings, boolean])[] = [
  ['its name', [equal('instance', 'git01')], byName, true],
  ['its name with a port', [equal('instance', 'git01:9100')], byName, true],
  ['its name by a regular expression', [regex('instance', 'git0[1-3]')], byName, true],
  ['a part of its name', [regex('instance', 'git')], byName, false],
  ['everything but an expression', [not(regex('instance', 'git02.*'))], byName, false],
  ['everything but its name in other letters', [not(regex('instance', 'Git01.*'))], byName, false],
  ['everything but its name with a port', [not(regex('instance', 'git01:.*|git02:.*'))], byName, false],
  ['everything but its name, whatever its letters', [not(regex('instance', '(?i)GIT.*'))], byName, false],
  ['its name by an expression that RE2 alone reads', [regex('instance', '(?i)GIT.*')], byName, true],
  ['another name', [equal('instance', 'git02')], byName, false],
  ['everything but its name', [not(equal('instance', 'git01'))], byName, false],
  ['everything but another name', [not(equal('instance', 'git02'))], byName, true],
  ['one alert of it', [equal('instance', 'git01'), equal('alertname', 'DiskSlow')], byName, false],
  ['nothing', [], byName, false],
  ['one of its labels', [equal('job', 'registry')], byLabels, true],
  ['one of the values of its pattern', [equal('instance', '10.0.0.5:5000'), equal('job', 'registry')], byLabels, false],
  ['all but one value of its pattern', [not(equal('instance', '10.0.0.5:9100'))], byLabels, false],
  ['all but a value that its pattern does not allow', [not(equal('instance', '10.0.0.6:9100'))], byLabels, true],
  [
    'everything but an expression for a label that is a pattern',
    [not(regex('instance', '10.0.0.6.*'))],
    byLabels,
    false,
  ],
  ['everything but an expression for a label with one value', [not(regex('job', 'db.*'))], byLabels, true],
  ['everything but an expression that fits its only value', [not(regex('job', '(?i)REG.*'))], byLabels, false],
  ['a value that its pattern does not allow', [equal('instance', '10.0.0.6:5000')], byLabels, false],
  ['an expression for a label that is a pattern', [regex('instance', '10.*')], byLabels, false],
  ['an expression for a label with one value', [regex('job', 'regis.*')], byLabels, true],
  ['a label that its match does not have', [equal('team', 'infra')], byLabels, false],
  ['another value of its label', [not(equal('job', 'db'))], byLabels, true],
];

for (const [what, matchers, host, isMuted] of CASES) {
  test(`a silence of ${what} ${isMuted ? 'mutes' : 'does not mute'} the host`, () => {
    const read = readMatchers(matchers);
    assert.ok(read !== null);
    assert.equal(silencesHost(read, host, 'instance'), isMuted);
  });
}

test('a silence with an expression that can’t be read, negated or not, can’t be read as a whole', () => {
  const broken = regex('instance', '(');
  for (const matcher of [broken, not(broken), not(regex('instance', '(?=git)'))]) {
    assert.equal(readMatchers([equal('instance', 'git01'), matcher]), null);
  }
});

test('an expression that takes a backtracking engine years is decided at once', () => {
  const longName: HostSettings = { ...byName, alerts: { match: { instance: 'x'.repeat(1_000) } } };
  const read = readMatchers([regex('instance', '(.+)+:9100')]);
  assert.equal(read !== null && silencesHost(read, longName, 'instance'), false);
});
