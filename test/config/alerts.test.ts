import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readAlertTokens } from '../../src/config/alert-tokens.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import { AlertSourceName } from '../../src/model/record/alert.ts';
import type { AlertKind, AlertSettings } from '../../src/model/settings/alert-settings.ts';
import { configProblem } from '../../src/words/en/config.ts';

const HOST = `ssh: { knownHosts: known_hosts }
hosts:
  git01:
    address: 10.0.0.5
    user: root
    registry: { layout: distribution }
`;
const TOKEN = '0123456789abcdef0123';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const read = (text: string) => parseConfig(text, '/etc/registry-doctor');

function refused(text: string): readonly string[] {
  const outcome = read(text);
  if (outcome.kind === 'config') return assert.fail('the config was accepted');
  return outcome.problems.map((problem) => configProblem('c.yml', problem));
}

test('the config loader reads alert sources with the host label of their kind, listening on loopback only by default', () => {
  const outcome = read(`${HOST}    alerts: { match: { instance: "10.0.0.5:*" } }
alerts:
  port: 9095
  sources:
    prometheus: { kind: alertmanager, tokenFile: token, silencesUrl: "http://am:9093/" }
    gitlab: { kind: gitlab }
    own: { kind: standard-webhooks, hostLabel: server }
`);
  assert.ok(outcome.kind === 'config');
  assert.deepEqual(outcome.config.alerts, {
    host: '127.0.0.1',
    port: 9095,
    sources: [
      {
        name: 'prometheus',
        kind: 'alertmanager',
        tokenFile: '/etc/registry-doctor/token',
        hostLabel: 'instance',
        silencesUrl: 'http://am:9093',
      },
      { name: 'gitlab', kind: 'gitlab', tokenFile: null, hostLabel: 'host', silencesUrl: null },
      { name: 'own', kind: 'standard-webhooks', tokenFile: null, hostLabel: 'server', silencesUrl: null },
    ],
  });
  const [host] = outcome.config.hosts.values();
  assert.deepEqual(host?.alerts, { match: { instance: '10.0.0.5:*' } });
});

test('a bot with a config without alerts accepts no alerts', () => {
  const outcome = read(HOST);
  assert.equal(outcome.kind === 'config' && outcome.config.alerts, null);
});

for (const [what, lines, expected] of [
  [
    'a token in the file',
    ['sources: { p: { kind: alertmanager, token: abc } }'],
    /unknown key "alerts\.sources\.p\.token".*Valid keys here: kind, tokenFile, hostLabel/,
  ],
  [
    'an unknown kind',
    ['sources: { p: { kind: nagios } }'],
    /"alerts\.sources\.p\.kind" is "nagios"; expected alertmanager or grafana or gitlab/,
  ],
  ['no source', ['sources: {}'], /"alerts\.sources" is a section; expected at least one alert source/],
  [
    'a source whose name can’t be part of a URL',
    ['sources: { "a/b": { kind: gitlab } }'],
    /"a\/b"; expected a name of letters, digits, "_" and "-"/,
  ],
  [
    'a host name to listen on',
    ['sources: { p: { kind: gitlab } }', 'host: bot.example'],
    /"alerts\.host" is "bot\.example"; expected an IP address/,
  ],
] as const) {
  test(`the config loader refuses alert settings: ${what}`, () => {
    const [problem = '', ...others] = refused(
      `${HOST}alerts:\n  port: 9095\n${lines.map((line) => `  ${line}\n`).join('')}`,
    );
    assert.match(problem, expected);
    assert.deepEqual(others, []);
  });
}

test('a config with an empty alert match is refused, because it would match every alert', () => {
  assert.match(refused(`${HOST}    alerts: { match: {} }\n`)[0] ?? '', /expected at least one label/);
});

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'rd-tokens-'));
});
after(() => rmSync(directory, { recursive: true }));

const settings = (kind: AlertKind, tokenFile: string | null): AlertSettings => ({
  host: '127.0.0.1',
  port: 9095,
  sources: [{ name: AlertSourceName.parse('my-source'), kind, tokenFile, hostLabel: 'host', silencesUrl: null }],
});

test('the token of an alert source is read from its file or, without a file, from the environment variable with its name', () => {
  const file = join(directory, 'token');
  writeFileSync(file, `${TOKEN}\n`);
  for (const [from, environment] of [
    [settings('alertmanager', file), {}],
    [settings('alertmanager', null), { ALERT_TOKEN_MY_SOURCE: TOKEN }],
  ] as const) {
    const tokens = readAlertTokens(environment, from);
    assert.deepEqual(tokens.kind === 'ok' && [...tokens.value], [['my-source', TOKEN]]);
  }
  assert.equal(readAlertTokens({ ALERT_TOKEN_MY_SOURCE: SECRET }, settings('standard-webhooks', null)).kind, 'ok');
});

test('a missing or weak token of an alert source is refused, and the message does not show the token', () => {
  const short = join(directory, 'short');
  writeFileSync(short, 'hunter2\n');
  const words = (environment: Record<string, string>, from: AlertSettings) => {
    const tokens = readAlertTokens(environment, from);
    return tokens.kind === 'ok' ? [] : tokens.problems.map((problem) => configProblem('c.yml', problem));
  };
  assert.match(
    words({}, settings('gitlab', null))[0] ?? '',
    /^environment: ALERT_TOKEN_MY_SOURCE is not set; expected the token/,
  );
  assert.match(
    words({}, settings('gitlab', join(directory, 'none')))[0] ?? '',
    /^can’t read the alert token .*none: no such file$/,
  );
  for (const [problem] of [
    words({}, settings('gitlab', short)),
    words({ ALERT_TOKEN_MY_SOURCE: 'hunter2' }, settings('gitlab', null)),
    words({ ALERT_TOKEN_MY_SOURCE: 'whsec_hunter2' }, settings('standard-webhooks', null)),
  ]) {
    assert.match(problem ?? '', /expected the (token|secret)/);
    assert.doesNotMatch(problem ?? '', /hunter2/);
  }
});
