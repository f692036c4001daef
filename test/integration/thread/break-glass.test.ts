import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { atTerminal } from '../../support/bots/at-terminal.ts';
import { type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { runCli } from '../../support/bots/run-cli.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

/** Slack is down and the registry as well: someone who holds a break-glass key fixes it at a terminal, on the same record. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'ssh-keygen', 'script');
const skipInstalled = skip || skipUnless('sudo', 'useradd');
const MAIN = new URL('../../../src/main.ts', import.meta.url).pathname;
const QUESTION = 'Reason: ';
const INCIDENTS = 'C0INCIDENTS';

describe('break glass', { skip }, () => {
  let job: MainJob;
  let key: string;
  let stranger: string;
  before(async () => {
    job = await startMainJob();
    await job.bot().stop();
    key = await makeKey(job.files.directory, 'ann', 'ed25519');
    stranger = await makeKey(job.files.directory, 'stranger', 'ed25519');
    allowBreakGlass(job, { ann: key });
  });
  after(() => job.end());

  const fix = (keyFile: string, typed: string) => fixAtTerminal(job, keyFile, typed);

  test('break-glass fix refuses to run without a terminal', async () => {
    const { status, stderr } = await runCli(['fix', 'git01', '--config', job.files.configFile, '--key', key]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /There is no terminal/);
  });

  test('break-glass fix refuses to run without a reason', async () => {
    const { status, screen } = await fix(key, '');
    assert.equal(status, 1, screen);
    assert.match(screen, /No reason was given/);
    assert.deepEqual(job.modes(), ['750', '700']);
  });

  test('break-glass fix refuses a key that the config does not list, and records the refusal', async () => {
    const { status, screen } = await fix(stranger, 'Slack is down');
    assert.equal(status, 1, screen);
    assert.match(screen, /Nothing was run\. Plan 1-2 still waits/, 'in the incident of the fix before');
    assert.deepEqual(job.modes(), ['750', '700']);
    const { stdout } = await job.files.cli('audit', 'list');
    assert.match(stdout, /Break glass refused/);
  });

  test('break-glass fix says what is wrong with an audit record that can’t be opened', async () => {
    const config = parse(readFileSync(job.files.configFile, 'utf8'));
    const configFile = join(job.files.directory, 'no-record.yml');
    writeFileSync(
      configFile,
      stringify({ ...config, store: { url: `sqlite:${join(job.files.directory, 'gone/record.db')}` } }),
    );
    const { status, screen } = await fixAtTerminal({ files: { ...job.files, configFile } }, key, 'not asked for');
    assert.equal(status, 1, screen);
    assert.match(screen, /gone/);
    assert.doesNotMatch(screen, /report it/);
  });

  test('break-glass fix applies the plan that it showed, and Slack gets every message about it after its outage', async () => {
    const { status, screen } = await fix(key, 'Slack is down, customers cannot push');
    assert.equal(status, 0, screen);
    assert.match(screen, /can’t pass through/);
    assert.match(screen, /Break glass by ann \(SHA256:/);
    assert.match(screen, /Done\. 2 directories on git01 changed as planned/);
    assert.match(screen, /git01 is healthy again, according to its registry\./);
    assert.deepEqual(job.modes(), ['751', '701']);
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
    await job.restart();
    const card = await job.slack.waitForMessage(
      (message) =>
        message.channel === INCIDENTS &&
        says(message, 'Slack is down, customers cannot push') &&
        says(message, 'Applied'),
      SOON_MS,
    );
    assert.ok(says(card, 'by break glass with the key of `ann`'));
    await job.slack.waitForMessage(
      (message) => message.channel === INCIDENTS && says(message, 'is healthy again'),
      SOON_MS,
    );
  });

  test('break-glass fix works while the bot is running on the same audit record', async () => {
    job.registry.close('ops');
    job.registry.close('disk4t');
    const { status, screen } = await fix(key, 'Slack is slow');
    assert.equal(status, 0, screen);
    assert.deepEqual(job.modes(), ['751', '701']);
    await job.slack.waitForMessage((message) => says(message, 'Slack is slow') && says(message, 'Applied'), SOON_MS);
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
  });
});

describe('break glass on a host that requires approver signatures of high-risk plans', { skip: skipInstalled }, () => {
  let job: MainJob;
  let stranger: string;
  before(async () => {
    job = await startMainJob({ installed: { approver: true }, registry: { closed: [] } });
    await job.bot().stop();
    stranger = await makeKey(job.files.directory, 'stranger', 'ed25519');
    allowBreakGlass(job, { ann: stranger, bob: approverKey() });
    // The right to write is more than the way through: a plan of high risk.
    chmodSync(job.registry.bytes('registry'), 0o500);
  });
  after(() => job.end());

  const approverKey = () => job.guard?.approverKeyFile ?? assert.fail();
  const mode = () => statSync(job.registry.bytes('registry')).mode & 0o7777;

  test('a host that requires approver signatures refuses a high-risk plan signed with a break-glass key that is no approver’s', async () => {
    const { status, screen } = await fixAtTerminal(job, stranger, 'Slack is down');
    assert.equal(status, 1, screen);
    assert.match(screen, /Nothing was changed on git01/);
    assert.match(screen, /the approver’s signature is not by a key that this host knows/);
    assert.equal(mode(), 0o500);
  });

  test('break-glass fix with the key of an approver fixes a host that requires approver signatures', async () => {
    const { status, screen } = await fixAtTerminal(job, approverKey(), 'Slack is down');
    assert.equal(status, 0, screen);
    assert.equal(mode(), 0o700);
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
  });
});

test('break-glass fix contacts no host if the config lists no break-glass keys', { skip }, async () => {
  const file = join('/tmp', `rd-no-break-glass-${process.pid}.yml`);
  writeFileSync(
    file,
    'ssh: { knownHosts: /nowhere }\nhosts: { git01: { address: 127.0.0.1, user: u, registry: { layout: omnibus } } }\n',
  );
  const { status, stderr } = await runCli(['fix', 'git01', '--config', file, '--key', '/nowhere']);
  assert.equal(status, 2);
  assert.match(stderr, /names no break-glass keys/);
});

/** Puts these keys into the config as those that break the glass, by their owners' names. */
function allowBreakGlass({ files }: MainJob, keys: Readonly<Record<string, string>>): void {
  const signers = join(files.directory, 'break_glass_signers');
  const lines = Object.entries(keys).map(
    ([name, file]) => `${name} namespaces="registry-doctor-break-glass" ${readFileSync(`${file}.pub`, 'utf8')}`,
  );
  writeFileSync(signers, lines.join(''));
  const config = parse(readFileSync(files.configFile, 'utf8'));
  writeFileSync(files.configFile, stringify({ ...config, breakGlass: { allowedSigners: signers } }));
}

/** At a terminal of its own, where this is typed at the question. */
function fixAtTerminal({ files }: Pick<MainJob, 'files'>, keyFile: string, typed: string) {
  const line = `'${process.execPath}' '${MAIN}' fix git01 --config '${files.configFile}' --key '${keyFile}'`;
  const env = { ...process.env, NO_COLOR: '1', TERM: 'dumb' };
  return atTerminal(line, [[QUESTION, `${typed}\n`]], { env });
}
