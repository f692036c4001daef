import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, OPS, SOON_MS, says, startMainJob, until } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** SIGHUP to a running bot: the whole of a newer config file, or nothing of it. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const File = z.looseObject({ hosts: z.record(z.string(), z.looseObject({})) });
type File = z.infer<typeof File>;

describe('a config file that is reloaded', { skip }, () => {
  let job: MainJob;
  let first: string;

  before(async () => {
    job = await startMainJob();
    first = await readFile(job.files.configFile, 'utf8');
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  const log = () => job.bot().log();
  const countOf = (message: string) => log().split(`"msg":"${message}`).length - 1;

  /** Writes the file and sends the signal. Resolves once the bot has logged `message` for it. */
  async function reload(text: string, message: string): Promise<void> {
    const before = countOf(message);
    await writeFile(job.files.configFile, text);
    job.bot().process.kill('SIGHUP');
    await until(() => countOf(message) > before, `no "${message}" after SIGHUP`);
  }

  const changed = (change: (file: File) => void): string => {
    const file = File.parse(parse(first));
    change(file);
    return stringify(file);
  };
  const withGit02 = (watch?: { intervalSeconds: number }) =>
    changed(({ hosts }) => {
      // A copy: YAML would write what two hosts share as an alias.
      hosts['git02'] = { ...structuredClone(hosts['git01']), ...(watch && { watch }) };
    });
  const onlyGit02 = () =>
    changed((file) => {
      file.hosts = { git02: { ...file.hosts['git01'] } };
    });
  const ask = (host: string) => job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: `diagnose ${host}` });
  const told = (about: (message: SlackMessage) => boolean) => job.slack.waitForMessage(about, SOON_MS);

  test('a broken config file is not applied on reload: the bot keeps its settings, and log and health say what is wrong', async () => {
    await reload(`${first}\nhostz: {}\n`, 'config not reloaded');
    assert.match(log(), /"problems":\["[^"]*config\.yml:\d+: unknown key \\"hostz\\"/);
    const { status, stdout } = await job.files.cli('health');
    assert.match(stdout, /^config: healthy\n {2}The config file was not reloaded at \d{4}-\d\d-\d\d \d\d:\d\d UTC\./m);
    assert.match(stdout, /unknown key "hostz"/);
    assert.equal(status, 0, 'a bot that works is not restarted for it');
    await reload(`${first}\nhttp: [`, 'config not reloaded');
    const unreadable = await job.files.cli('health');
    assert.match(unreadable.stdout, /invalid YAML/, unreadable.stderr);
    const card = await job.askForPlan();
    assert.ok(says(card, 'git01'));
    await reload(first, 'config reloaded: nothing has changed');
    assert.match((await job.files.cli('health')).stdout, /^config: healthy\n$/m);
  });

  test('a host that is added to the reloaded config can be diagnosed and is monitored, without a restart', async () => {
    await reload(withGit02({ intervalSeconds: 1 }), 'config reloaded"');
    await ask('git02');
    await told((message) => hasAction(message, 'approve_plan') && says(message, 'git02'));
    await until(() => /"host":"git02","look":"unhealthy"/.test(log()), 'git02 was not looked at');
    await told((message) => message.channel === 'C0INCIDENTS' && says(message, 'git02'));
  });

  test('a monitored host that is changed in the reloaded config is monitored with its new settings', async () => {
    await reload(withGit02(), 'config reloaded"');
    assert.match(log(), /"changed":\["git02"\]/);
  });

  test('on a reload the bot names the changed keys that need a restart, and does not apply them', async () => {
    const other = changed((file) => Object.assign(file, { language: 'zh-Hans', http: { port: 9 } }));
    await reload(`${other}\n# and git02 goes\n`, 'config reloaded"');
    assert.match(log(), /"atRestart":\["http","language"\]/);
    const { stdout } = await job.files.cli('health');
    assert.match(stdout, /^ {2}Restart the bot to use the new values of http, language\.$/m);
    await reload(withGit02(), 'config reloaded"');
    assert.match((await job.files.cli('health')).stdout, /^config: healthy\n$/m);
  });

  test('a plan that is running while a reload removes its host finishes with the old settings and is verified', async () => {
    const { pid } = job.registry;
    const waiting = await job.askForPlan();
    // Its registry gives no answer, so that the plan is not over before the host is removed.
    process.kill(pid, 'SIGSTOP');
    try {
      await job.click('U0BOB', waiting, 'approve_plan');
      await until(() => countOf('plan executed') > 0, 'the plan did not run');
      await reload(onlyGit02(), 'config reloaded"');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await told((message) => message.threadTs === waiting.threadTs && says(message, 'git01 is healthy again'));
    assert.deepEqual(job.modes(), ['751', '701']);
    await ask('git01');
    const answered = () => JSON.stringify(job.slack.ephemerals('U0ALICE')).includes('git01');
    await until(answered, 'Alice was not told that git01 is unknown');
  });

  test('each reload that changes the config is on the audit record, with the signal, the digests and the hosts', async () => {
    const { stdout } = await job.files.cli('audit', 'list', '--limit', '500');
    const lines = stdout.split('\n').filter((line) => line.includes('Config changed'));
    const short = (text: string) => `${createHash('sha256').update(text).digest('hex').slice(0, 4)}…`;
    assert.match(lines[0] ?? '', new RegExp(`found at the start, file ${short(first)}, no earlier one known$`));
    assert.match(lines[1] ?? '', new RegExp(`signal .SIGHUP. .*file ${short(first)} → .*, added: git02$`));
    assert.match(lines.at(-1) ?? '', new RegExp(`→ ${short(onlyGit02())}, removed: git01$`));
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
  });

  test('serve still shuts down cleanly after several reloads', async () => {
    assert.equal(await job.bot().stop(), 0);
  });
});
