import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { AuditEntry } from '../../../src/model/record/audit.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { openSqliteAuditTrail } from '../../../src/store/open-sqlite-store.ts';
import { runCli, startCli } from '../../support/bots/run-cli.ts';
import { MINIMAL_CONFIG } from './minimal-config.ts';

/** Which config is in use is on record, also if the file was edited while the bot was stopped. */

const digestOf = (file: string) => `sha256:${createHash('sha256').update(file).digest('hex')}`;
const short = (file: string) => `${createHash('sha256').update(file).digest('hex').slice(0, 4)}…`;
const FOUND = { kind: 'bot', part: 'workflow' };

/** A config file with one host that no one asks, and `serve` on it. */
async function serving(t: TestContext) {
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  slack.deliverTo(null);
  const directory = await mkdtemp(join(tmpdir(), 'rd-config-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const configFile = join(directory, 'config.yml');
  const record = join(directory, 'record.db');
  await writeFile(configFile, MINIMAL_CONFIG);
  const cli = (...args: string[]) => runCli([...args, '--config', configFile], slack.environment);
  return {
    slack,
    record,
    cli,
    file: () => readFile(configFile, 'utf8'),
    edit: async (change: (file: string) => string) => {
      const edited = change(await readFile(configFile, 'utf8'));
      await writeFile(configFile, edited);
      return edited;
    },
    /** Starts the bot. Resolves when it serves. */
    start: async () => {
      const bot = startCli(['serve', '--config', configFile], slack.environment);
      const log: string[] = [];
      const lines = createInterface({ input: bot.stdout }).on('line', (line) => log.push(line));
      const logs = async (message: string) => {
        while (!log.some((line) => line.includes(`"msg":"${message}"`))) {
          const ended = bot.ended.then((status) => assert.fail(`it ended with ${status}:\n${log.join('\n')}`));
          await Promise.race([new Promise((resolve) => lines.once('line', resolve)), ended]);
        }
      };
      await logs('serving');
      const stop = async () => {
        bot.kill('SIGTERM');
        assert.equal(await bot.ended, 0, log.join('\n'));
      };
      return { logs, stop, signal: () => bot.kill('SIGHUP') };
    },
    entries: async (): Promise<readonly AuditEntry[]> => {
      const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${record}`);
      return auditTrail.list({}).finally(close);
    },
  };
}

const told = (entries: readonly AuditEntry[]) =>
  entries.map(({ act, actor, outcome, incidentId }) => ({ act, actor, outcome, incidentId }));
const atStart = (digests: object) => ({
  act: 'config-changed',
  actor: FOUND,
  outcome: { foundAt: 'start', digests },
  incidentId: null,
});

test('a config file that was edited while the bot was stopped is on record at its next start, with both digests', async (t) => {
  const { start, edit, file, entries, cli } = await serving(t);
  const first = await file();
  await (await start()).stop();
  assert.deepEqual(told(await entries()), [atStart({ after: digestOf(first) })]);

  await (await start()).stop();
  assert.equal((await entries()).length, 1, 'the same file');

  const second = await edit((before) => `${before}policy: { approvers: { users: [U0BOB] } }\n`);
  await (await start()).stop();
  assert.deepEqual(told(await entries()).slice(1), [atStart({ before: digestOf(first), after: digestOf(second) })]);

  const { stdout } = await cli('audit', 'list');
  assert.match(
    stdout,
    new RegExp(
      `#1 .* Config changed +Registry Doctor .*found at the start, file ${short(first)}, no earlier one known`,
    ),
  );
  assert.match(
    stdout,
    new RegExp(
      `#2 .* Config changed +Registry Doctor .*found at the start, file ${short(first)} → ${short(second)}\\n`,
    ),
  );
  assert.match((await cli('audit', 'verify')).stdout, /^Record intact/);
  assert.equal((await entries()).length, 2, 'commands that only read put nothing on record');
});

test('a config that a running bot was told to read is not put on record again by the next start', async (t) => {
  const { start, edit, file, entries } = await serving(t);
  const first = await file();
  const bot = await start();
  await edit((before) => `${before}hostz: {}\n`);
  bot.signal();
  await bot.logs('config not reloaded; the bot goes on with the one that it has');
  assert.equal((await entries()).length, 1, 'a file with an error changes nothing');
  const second = await edit(() => `${first}policy: { approvers: { users: [U0BOB] } }\n`);
  bot.signal();
  await bot.logs('config reloaded');
  await bot.stop();
  await (await start()).stop();
  assert.deepEqual(told(await entries()).slice(1), [
    {
      act: 'config-changed',
      actor: { kind: 'signal', signal: 'SIGHUP' },
      outcome: { digests: { before: digestOf(first), after: digestOf(second) }, changed: ['git01'], keys: ['policy'] },
      incidentId: null,
    },
  ]);
});

test('a bot that Slack refuses puts no config on record: it never works by it', async (t) => {
  const { start, edit, entries, cli, slack } = await serving(t);
  await (await start()).stop();
  await edit((before) => `${before}# reviewed\n`);
  slack.failNext('auth.test', 'account_inactive');
  const { status, stderr } = await cli('serve');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^The bot did not start: Slack rejected the bot token/);
  assert.equal((await entries()).length, 1);
});

test('a bot does not start if its config can’t be put on record', async (t) => {
  const { start, edit, entries, cli, record } = await serving(t);
  await (await start()).stop();
  const database = new DatabaseSync(record);
  database.exec("CREATE TRIGGER no_more BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'no more'); END");
  database.close();
  await (await start()).stop();
  await edit((before) => `${before}# reviewed\n`);
  const { status, stderr, stdout } = await cli('serve');
  assert.equal(status, 1, stdout);
  assert.match(stderr, /^The bot did not start: .*no more/);
  assert.doesNotMatch(stdout, /"msg":"serving"/);
  assert.equal((await entries()).length, 1);
});
