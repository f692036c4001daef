import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { stringify } from 'yaml';
import type { ServeConfig } from '../../src/config/config.ts';
import { AT_RESTART, afterReload, configChange } from '../../src/config/config-change.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import { serveConfig } from '../../src/config/serve-config.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { isAnyChange } from '../../src/model/settings/config-change.ts';

/** What a newer config file changes under a running bot. */

const host = (change = {}) => ({ address: '10.0.0.5', user: 'u', registry: { layout: 'omnibus' }, ...change });
const FILE = {
  slack: { incidentChannel: 'C01' },
  store: { url: 'sqlite:record.db' },
  ssh: { knownHosts: 'known_hosts' },
  hosts: { git01: host(), git02: host() },
};

function serving(change: Record<string, unknown> = {}, comment = ''): ServeConfig {
  const read = parseConfig(`${comment}${stringify({ ...FILE, ...change })}`, '/etc/registry-doctor');
  const checked = read.kind === 'config' ? serveConfig(read.config) : read;
  return checked.kind === 'ok' ? checked.value : assert.fail(JSON.stringify(checked));
}

const NOTHING = { added: [], removed: [], changed: [], keys: [], atRestart: [] };

const CHANGES: readonly (readonly [
  string,
  Record<string, unknown>,
  Partial<typeof NOTHING | Record<string, string[]>>,
])[] = [
  ['an added host', { hosts: { ...FILE.hosts, git03: host() } }, { added: ['git03'] }],
  ['a removed host', { hosts: { git01: host() } }, { removed: ['git02'] }],
  ['another address', { hosts: { ...FILE.hosts, git02: host({ address: '10.0.0.6' }) } }, { changed: ['git02'] }],
  [
    'another policy of a host',
    { hosts: { ...FILE.hosts, git02: host({ policy: { channels: ['C02'] } }) } },
    { changed: ['git02'] },
  ],
  [
    'another general policy',
    { policy: { allowSelfApproval: true } },
    { changed: ['git01', 'git02'], keys: ['policy'] },
  ],
  ['another channel', { slack: { incidentChannel: 'C02' } }, { keys: ['slack.incidentChannel'] }],
  ['another time of the nightly look', { fleetLook: { at: '04:00' } }, { keys: ['fleetLook'] }],
  ['another signing key', { signing: { key: 'plan_key' } }, { keys: ['signing'] }],
  [
    'HTTP mode on another port',
    { slack: { incidentChannel: 'C01', mode: 'http', port: 4000 } },
    { atRestart: ['slack.mode', 'slack.port'] },
  ],
  ['another record', { store: { url: 'sqlite:other.db' } }, { atRestart: ['store.url'] }],
  [
    'a record on a server',
    { store: { url: 'postgres://bot@db/record', passwordFile: 'p', socket: 's' } },
    { atRestart: ['store.url', 'store.passwordFile', 'store.socket'] },
  ],
  ['a port for monitoring', { http: { port: 9090 } }, { atRestart: ['http'] }],
  ['other host keys', { ssh: { knownHosts: 'other' } }, { atRestart: ['ssh.knownHosts'] }],
  ['another language', { language: 'zh-Hans' }, { atRestart: ['language'] }],
];

for (const [what, change, expected] of CHANGES) {
  test(`on a reload the bot notices a config file with ${what}`, () => {
    const [running, newer] = [serving(), serving(change)];
    const { digests, ...found } = configChange(running, newer);
    assert.deepEqual(found, { ...NOTHING, ...expected });
    assert.deepEqual(digests, { before: running.digest, after: newer.digest });
    const next = afterReload(running, newer);
    assert.equal(isAnyChange(configChange(next, newer)), false, 'what can be used at once is used');
    assert.deepEqual(configChange(next, newer).atRestart, expected.atRestart ?? [], 'the rest waits');
  });
}

test('a reload of an unchanged config file changes no settings; with only a comment changed, nothing but its digest does', () => {
  assert.equal(isAnyChange(configChange(serving(), serving())), false);
  const change = configChange(serving(), serving({}, '# reviewed\n'));
  assert.equal(isAnyChange(change), true);
  assert.deepEqual({ ...change, digests: null }, { ...NOTHING, digests: null });
});

test('on a reload an unchanged host keeps its settings object, and a changed host gets a new one', () => {
  const running = serving();
  const next = afterReload(running, serving({ hosts: { git01: host(), git02: host({ sudo: true }) } }));
  const [git01, git02] = ['git01', 'git02'].map((name) => HostName.parse(name));
  assert.ok(git01 && git02);
  assert.equal(next.settings.hosts.get(git01), running.settings.hosts.get(git01));
  assert.notEqual(next.settings.hosts.get(git02), running.settings.hosts.get(git02));
});

test('docs/operations.md names each key that needs a restart', async () => {
  const doc = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [passage = ''] = doc.match(/\*\*These keys need a restart:\*\*[\s\S]*?The log/) ?? [];
  assert.deepEqual(
    AT_RESTART.map(({ name }) => name).filter((name) => !passage.includes(`\`${name}\``)),
    [],
  );
});
