import assert from 'node:assert/strict';
import { EventEmitter, on } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serveCommand } from '../../../src/cli/serve/serve-bot.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import type { RunningBot } from '../../../src/compose/bot.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { createLog } from '../../../src/log.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { runCli } from '../../support/bots/run-cli.ts';
import { english } from '../../support/words/english.ts';
import { MINIMAL_CONFIG } from './minimal-config.ts';

/** How `serve` begins: what it says, and when. */

let directory: string;
let configFile: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-serve-'));
  configFile = join(directory, 'config.yml');
  await writeFile(configFile, MINIMAL_CONFIG);
});

after(() => rm(directory, { recursive: true, force: true }));

test('serve with a wrong bot token ends at once with one sentence for the operator and no stack trace', async (context) => {
  const slack = await startSlackStandIn();
  context.after(() => slack.close());
  const environment = { ...slack.environment, SLACK_BOT_TOKEN: 'xoxb-1-wrong' };
  const { status, stdout, stderr } = await runCli(['serve', '--config', configFile], environment);
  assert.equal(status, 1);
  assert.equal(
    stderr,
    'The bot did not start: Slack rejected the bot token (invalid_auth). Copy it again from OAuth & Permissions at api.slack.com/apps into SLACK_BOT_TOKEN.\n',
  );
  assert.match(stdout, /"why":"Slack rejected the bot token .*"msg":"did not start"/);
  assert.doesNotMatch(stdout, /"stack"|"msg":"serving"/);
});

/** `serve` with a bot of our own making, told to stop when `until` has resolved. */
async function serveWith(start: () => Promise<RunningBot>, { logsToTerminal = false, until = Promise.resolve() } = {}) {
  const logged: string[] = [];
  const said: string[] = [];
  const read = await readConfig(configFile);
  assert.ok(read.kind === 'config');
  const status = await serveCommand(configFile, read.config, {
    console: createConsole({
      stdout: { write: () => {} },
      stderr: { write: (text: string) => said.push(text) },
      environment: {},
      words: english,
    }),
    environment: { SLACK_BOT_TOKEN: 'xoxb-1-a', SLACK_APP_TOKEN: 'xapp-1-a' },
    logsToTerminal,
    createLog: (level) => createLog(level, { destination: { write: (line) => void logged.push(line) } }),
    start,
    stopSignal: () => until.then(() => 'SIGTERM'),
    reloads: on(new EventEmitter(), 'never'),
  });
  const lines = logged.map((line): { msg?: string; why?: string } => JSON.parse(line));
  return { status, said: said.join(''), lines, messages: lines.map(({ msg }) => msg) };
}

const BOT: RunningBot = {
  port: null,
  httpPort: null,
  ready: Promise.resolve(),
  trouble: () => null,
  drainAsked: new Promise(() => {}),
  reload: () => assert.fail('no one has asked for it'),
  stop: async () => true,
};

test('serve logs that it is serving as soon as Slack is connected, and not before', async () => {
  const ready = Promise.withResolvers<void>();
  const stop = Promise.withResolvers<void>();
  const bot: RunningBot = { ...BOT, ready: ready.promise, trouble: () => 'no network' };
  const served = serveWith(async () => bot, { until: stop.promise });
  await new Promise((resolve) => setTimeout(resolve, 50));
  ready.resolve();
  await ready.promise;
  stop.resolve();
  const { status, lines, messages } = await served;
  assert.equal(status, 0);
  assert.deepEqual(messages, [
    'Slack can’t be reached: trying until it can',
    'serving',
    'shutting down: finishing current work',
    'stopped',
  ]);
  assert.equal(lines[0]?.why, 'no network');
});

test('serve that never reaches Slack never logs that it is serving', async () => {
  const bot: RunningBot = { ...BOT, ready: new Promise(() => {}), trouble: () => 'away' };
  const { messages } = await serveWith(async () => bot);
  assert.ok(!messages.includes('serving'), messages.join(', '));
});

test('serve on a terminal reports an operator’s mistake as one sentence, without log lines', async () => {
  const fail = () =>
    Promise.reject(new OperatorError({ code: 'slack-port', port: 3000, error: { errno: 'EADDRINUSE', said: '' } }));
  const { status, said, lines } = await serveWith(fail, { logsToTerminal: true });
  assert.deepEqual(
    { status, said, lines },
    {
      status: 1,
      said: 'The bot did not start: Port 3000 is in use. Stop the program that uses it, or change slack.port.\n',
      lines: [],
    },
  );
});

test('serve that ends because of a bug logs the error with its stack', async () => {
  const { said, lines } = await serveWith(() => Promise.reject(new TypeError('x is undefined')));
  assert.equal(said, 'The bot did not start: x is undefined\n');
  assert.match(JSON.stringify(lines), /"stack":"TypeError: x is undefined/);
});
