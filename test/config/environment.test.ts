import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Checked,
  type Environment,
  readCollector,
  readLogLevel,
  readSlackSecrets,
  readSshEnvironment,
} from '../../src/config/environment.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import type { CollectorSettings } from '../../src/model/settings/collector-settings.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { configProblem } from '../../src/words/en/config.ts';

const BOT = 'xoxb-1234-abcd';
const APP = 'xapp-1-A0-42-beef';
const SIGNING = '8f742231b10e8888abcd99yyyzzz85a5';

function problems(checked: Checked<unknown>): readonly string[] {
  return checked.kind === 'ok' ? [] : checked.problems.map((problem) => configProblem('c.yml', problem));
}

test('Socket Mode requires the bot token and the app token in the environment', () => {
  assert.deepEqual(readSlackSecrets({ SLACK_BOT_TOKEN: BOT, SLACK_APP_TOKEN: APP }, 'socket'), {
    kind: 'ok',
    value: { mode: 'socket', botToken: BOT, appToken: APP, apiUrl: 'https://slack.com/api/' },
  });
});

test('HTTP mode requires the bot token and the signing secret in the environment, and accepts another Web API address', () => {
  const environment = { SLACK_BOT_TOKEN: BOT, SLACK_SIGNING_SECRET: SIGNING, SLACK_API_URL: 'http://127.0.0.1:9/api' };
  assert.deepEqual(readSlackSecrets(environment, 'http'), {
    kind: 'ok',
    value: { mode: 'http', botToken: BOT, signingSecret: SIGNING, apiUrl: 'http://127.0.0.1:9/api/' },
  });
});

test('a rotated Slack bot token is accepted from the environment', () => {
  const environment = { SLACK_BOT_TOKEN: 'xoxe.xoxb-1-abc', SLACK_APP_TOKEN: APP };
  assert.equal(readSlackSecrets(environment, 'socket').kind, 'ok');
});

test('all missing environment variables are reported in one run, and an empty one counts as missing', () => {
  assert.deepEqual(problems(readSlackSecrets({ SLACK_BOT_TOKEN: '' }, 'socket')), [
    'environment: SLACK_BOT_TOKEN is not set; expected the bot token, which starts with xoxb- (api.slack.com/apps → OAuth & Permissions). If it is in slack.env, load that first: `set -a; . /etc/registry-doctor/slack.env; set +a`',
    'environment: SLACK_APP_TOKEN is not set; expected the app-level token, which starts with xapp- (api.slack.com/apps → Basic Information → App-Level Tokens). If it is in slack.env, load that first: `set -a; . /etc/registry-doctor/slack.env; set +a`',
  ]);
  assert.deepEqual(problems(readSlackSecrets({ SLACK_BOT_TOKEN: BOT, SLACK_APP_TOKEN: APP }, 'http')), [
    'environment: SLACK_SIGNING_SECRET is not set; expected the signing secret (api.slack.com/apps → Basic Information). If it is in slack.env, load that first: `set -a; . /etc/registry-doctor/slack.env; set +a`',
  ]);
});

test('the message about an invalid environment variable does not show its value', () => {
  const environment = { SLACK_BOT_TOKEN: APP, SLACK_APP_TOKEN: BOT, SLACK_API_URL: 'ftp://hidden.example' };
  const told = problems(readSlackSecrets(environment, 'socket'));
  assert.equal(told.length, 3);
  for (const secret of [APP, BOT, 'hidden']) assert.ok(!told.join('\n').includes(secret));
});

test('the log level from the environment must be one of pino’s, and has a default for each environment', () => {
  assert.deepEqual(readLogLevel({}, 'info'), { kind: 'ok', value: 'info' });
  assert.deepEqual(readLogLevel({ LOG_LEVEL: 'debug' }, 'info'), { kind: 'ok', value: 'debug' });
  assert.deepEqual(problems(readLogLevel({ LOG_LEVEL: 'loud' }, 'info')), [
    'environment: LOG_LEVEL is not valid; expected fatal, error, warn, info, debug, trace, silent',
  ]);
});

test('SSH_AUTH_SOCK is required only if a host has no key file', () => {
  const hosts = (identityFile: string) => {
    const text = `ssh: { knownHosts: k }\nhosts: { git01: { address: a, user: u, ${identityFile}registry: { layout: omnibus } } }`;
    const outcome = parseConfig(text, '/');
    return outcome.kind === 'config' ? outcome.config.hosts.values() : ([] satisfies HostSettings[]);
  };
  assert.deepEqual(problems(readSshEnvironment({}, hosts(''))), [
    'environment: SSH_AUTH_SOCK is not set; expected the socket of a running ssh-agent (a host has no identityFile, so its key is asked of the agent)',
  ]);
  assert.deepEqual(readSshEnvironment({ SSH_AUTH_SOCK: '/run/a' }, hosts('')), {
    kind: 'ok',
    value: { agentSocket: '/run/a', keyPassphrase: null },
  });
  assert.deepEqual(readSshEnvironment({}, hosts('identityFile: id, ')), {
    kind: 'ok',
    value: { agentSocket: null, keyPassphrase: null },
  });
});

const COLLECTORS: readonly (readonly [string, Environment, CollectorSettings | null])[] = [
  ['none', { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }, null],
  [
    'the endpoint for everything, to which the path is added',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a=b, x-tenant=1',
    },
    { url: 'https://otel.example/v1/logs', headers: { authorization: 'Bearer a=b', 'x-tenant': '1' } },
  ],
  [
    'the endpoint and headers for logs, before those for everything',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://10.0.0.9:4318/in',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'c=d',
    },
    { url: 'http://10.0.0.9:4318/in', headers: { c: 'd' } },
  ],
];

for (const [name, environment, value] of COLLECTORS) {
  test(`the collector is read from OpenTelemetry’s variables: ${name}`, () => {
    assert.deepEqual(readCollector(environment), { kind: 'ok', value });
  });
}

test('an endpoint or headers that can’t be used are named, without their value', () => {
  for (const [variable, value] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://otel:4317'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://me:secret@otel'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'secret'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=b%0d%0asecret'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%zzsecret'],
  ] as const) {
    const [problem = '', ...more] = problems(readCollector({ [variable]: value }));
    assert.deepEqual([problem.includes(variable), problem.includes('secret'), more], [true, false, []]);
  }
});
