import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { DiagnosisReport } from '../../src/telling/json/diagnosis-report.ts';
import { type MainJob, startMainJob } from '../support/bots/main-job.ts';
import { runCli } from '../support/bots/run-cli.ts';
import { makeKey } from '../support/hosts/sshd.ts';
import { skipUnless } from '../support/requirements.ts';
import { theYamlIn } from '../support/words/markdown.ts';

/** Every command on a real host with a real registry, beside a bot that runs. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');

describe('the command line', { skip }, () => {
  let job: MainJob;
  const cli = (...args: string[]) => job.files.cli(...args);
  const cliAsProcess = (...args: string[]) =>
    runCli([...args, '--config', job.files.configFile], job.slack.environment);

  before(async () => {
    job = await startMainJob();
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  test('diagnose --json prints the incident of a real host in the JSON shape that scripts rely on, with exit status 1', async () => {
    const { status, stdout, stderr } = await cliAsProcess('diagnose', 'git01', '--json');
    const report = DiagnosisReport.parse(JSON.parse(stdout));
    assert.equal(status, 1, stderr);
    assert.equal(report.verdict, 'faulty');
    assert.equal(report.service?.source, 'process');
    assert.equal(report.service?.pid, job.registry.pid);
    assert.equal(report.storageRoot, job.registry.storageRoot);
    const blockers = job.registry.blockers.map(({ path }) => path);
    const denied = report.walk.filter(({ access }) => access === 'denied').map(({ path }) => path);
    assert.deepEqual(denied, blockers);
    assert.deepEqual(
      report.plan?.steps.map(({ path, from, to }) => [path, from, to]),
      [
        [blockers[0], '0750', '0751'],
        [blockers[1], '0700', '0701'],
      ],
    );
  });

  test('diagnose on a real host names both blocked directories and the fix, and changes nothing on the host', async () => {
    const { status, stdout } = await cli('diagnose', 'git01');
    assert.equal(status, 1);
    for (const { path } of job.registry.blockers) assert.match(stdout, new RegExp(`✖ +${path} `));
    assert.match(stdout, /chmod 0751 .*# was 0750/);
    assert.deepEqual(job.modes(), ['750', '700']);
  });

  test('diagnose gives the same diagnosis from saved facts, without contacting the host', async () => {
    const file = join(job.files.directory, 'facts.json');
    const live = await cli('diagnose', 'git01', '--json', '--save-facts', file);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match(live.stderr, /Facts saved to /);
    // `cli` adds --config, which saved facts do without.
    const again = await runCli(['diagnose', '--facts', file, '--json']);
    const report = (text: string) => ({ ...DiagnosisReport.parse(JSON.parse(text)), durationMs: 0 });
    assert.deepEqual(report(again.stdout), report(live.stdout));
    assert.equal(again.status, live.status);
  });

  test('diagnose of an unknown host name is wrong usage, and suggests the nearest host name', async () => {
    const { status, stdout, stderr } = await cli('diagnose', 'git1', '--json');
    assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    assert.match(stderr, /Unknown host "git1"\. Did you mean "git01"\?/);
  });

  test('check connects to a real host and to Slack, and reports that all checks pass', async () => {
    const { status, stdout } = await cliAsProcess('check');
    for (const what of ['config file', 'environment', 'git01: host key', 'git01: login', 'Slack: bot token']) {
      assert.match(stdout, new RegExp(`^ok +${what}`, 'm'));
    }
    assert.match(stdout, /^ok +Slack: scopes/m);
    assert.match(stdout, /^ok +Slack: incident channel/m);
    // Of two approvers, one is left for what the other requests.
    assert.match(stdout, /^note +policy: if an approver requests them, no one can approve high-risk plans for git01/m);
    assert.match(stdout, /^All checks passed, 1 note\.$/m);
    assert.equal(status, 0);
  });

  test('check accepts the config that the README shows', { skip: skipUnless('sudo') }, async () => {
    const { ssh } = job.sshd.hostSettings('git01');
    const config = theYamlIn(await readFile(new URL('../../README.md', import.meta.url), 'utf8'))
      .replace('/var/lib/registry-doctor-bot/', `${job.files.directory}/`)
      .replace('/etc/registry-doctor/known_hosts', job.sshd.knownHostsFile)
      .replace('/etc/registry-doctor/id_ed25519', job.sshd.clientKeyFile)
      .replace('address: 10.0.0.5', `address: ${ssh.address}\n    port: ${ssh.port}`)
      .replace('user: registry-doctor', `user: ${ssh.user}`)
      .replace('C0123456', 'C0INCIDENTS')
      .replace('U0123456, U0234567, U0345678', 'U0ALICE, U0BOB, U0CAROL');
    const file = join(job.files.directory, 'readme.yml');
    await writeFile(file, config);
    const { status, stdout } = await runCli(['check', '--config', file], job.slack.environment);
    assert.match(stdout, /^ok +git01: sudo$/m);
    assert.match(stdout, /^All checks passed\.$/m);
    assert.equal(status, 0);
  });

  test('health asks the running bot and reports it healthy', async () => {
    const { status, stdout } = await cli('health');
    assert.equal(stdout, 'store: healthy\nslack: healthy\nconfig: healthy\n');
    assert.equal(status, 0);
  });

  test('audit can list, verify and export the record that the running bot writes', async () => {
    await job.askForPlan();
    const list = await cli('audit', 'list');
    assert.equal(list.status, 0, list.stderr);
    for (const what of ['Incident opened', 'Diagnosed', 'Plan proposed']) assert.ok(list.stdout.includes(what), what);
    assert.match(list.stdout, /Diagnosis asked for .*Slack user U0ALICE|Incident opened .*Slack user U0ALICE/);
    assert.match(list.stdout, / \d\d:\d\d (?:UTC|[+-]\d\d:\d\d) .*Diagnosed .*faulty, untraversable-ancestor/);
    assert.doesNotMatch(list.stdout, /[{}]/);
    const limited = await cli('audit', 'list', '--limit', '1', '--incident', '1');
    assert.equal(limited.stdout.trim().split('\n').length, 2);
    const verify = await cli('audit', 'verify');
    assert.match(
      verify.stdout,
      /^Record intact: \d+ entries, last #\d+ [0-9a-f]{4}…\.\nNo signed checkpoint covers it: [^\n]+\n$/,
    );
    assert.equal(verify.status, 0);
    const exported = await cli('audit', 'export', '1');
    assert.equal(exported.status, 0, exported.stderr);
    for (const part of ['## 1. Plan', '## 2. Review', '## 3. Execution', '## 4. Record']) {
      assert.ok(exported.stdout.includes(`\n${part}\n`), part);
    }
  });

  test('audit export of an incident that is not on record is wrong usage', async () => {
    const { status, stderr } = await cli('audit', 'export', '999');
    assert.equal(status, 2);
    assert.match(stderr, /There is no incident 999 on record\./);
  });

  test('serve ends with status 0 on SIGTERM, health then fails, and the log holds no secret', async () => {
    const log = job.bot().log();
    assert.equal(await job.bot().stop(), 0);
    const { status, stderr } = await cli('health');
    assert.equal(status, 1);
    assert.match(stderr, /No bot answers/);
    for (const [name, secret] of Object.entries(job.slack.environment)) {
      if (name !== 'SLACK_API_URL') assert.ok(!log.includes(secret), name);
    }
  });

  test('audit verify names each altered entry of the record, with exit status 1', async () => {
    const database = new DatabaseSync(join(job.files.directory, 'registry-doctor.db'));
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
      database.exec(`DROP TRIGGER ${name}`);
    }
    database.exec(`UPDATE audit_entries SET outcome = '{"verdict":"healthy"}' WHERE act = 'diagnosed'`);
    database.close();
    const { status, stdout } = await cli('audit', 'verify');
    assert.equal(status, 1);
    assert.match(stdout, /^Entry \d+ was changed: its content does not match its hash\.$/m);
    assert.match(stdout, /^Record check FAILED: \d+ problems? in \d+ entries\./m);
  });

  test('diagnose runs nothing on a host whose SSH host key is unknown, and reports the result as inconclusive', async () => {
    const known = await readFile(job.sshd.knownHostsFile, 'utf8');
    const other = await readFile(`${await makeKey(job.files.directory, 'other', 'ed25519')}.pub`, 'utf8');
    await writeFile(job.sshd.knownHostsFile, known.replace(/ssh-ed25519 \S+/, other.trim()));
    const { status, stdout } = await cli('diagnose', 'git01', '--json');
    assert.equal(status, 3);
    assert.equal(DiagnosisReport.parse(JSON.parse(stdout)).findings[0]?.id, 'host-key-mismatch');
    const check = await cli('check');
    assert.equal(check.status, 1);
    assert.match(check.stdout, /^FAILED +git01: host key/m);
    assert.match(check.stdout, /^skipped +git01: login/m);
  });
});
