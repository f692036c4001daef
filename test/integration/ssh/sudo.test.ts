import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { HostCheck, TrialNote } from '../../../src/model/host/host-check.ts';
import { checkHost } from '../../../src/ssh/run/check-host.ts';
import { trialNote } from '../../../src/words/en/trial-check.ts';
import { sudoersCommands } from '../../../src/words/setup-words.ts';
import { sudoRefusal } from '../../../src/workflow/host/refusals.ts';
import { CALM, remoteHostFor, sshdFor, stderrOf, stdoutOf, summary } from '../../ssh/remote-host-fixture.ts';
import { skipUnless } from '../../support/requirements.ts';

const execute = promisify(execFile);
const needs = { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen', 'sudo') };

/** A real account of these tests' own. */
const USER = 'rd-ssh-test';
const SUDOERS = `/etc/sudoers.d/${USER}`;

async function removeUser(): Promise<void> {
  await rm(SUDOERS, { force: true });
  // userdel ends with 6 where there is no such user.
  await execute('userdel', ['-f', USER]).catch((error: { code?: unknown }) => assert.equal(error.code, 6));
}

async function makeUser(): Promise<void> {
  await removeUser();
  // "*" as the password: no one can log in with one, and yet the account is not locked (sshd lets no locked one in).
  await execute('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', '--password', '*', USER]);
}

/** Replaces what sudo lets the account do. Null: nothing. */
async function letSudo(rule: string | null): Promise<void> {
  if (rule === null) await rm(SUDOERS, { force: true });
  else await writeFile(SUDOERS, `${USER} ALL=(root) ${rule}\n`, { mode: 0o440 });
}

describe('scripts through sudo', needs, () => {
  before(makeUser);
  after(removeUser);

  const withSudo = { ssh: { user: USER, sudo: true } };
  const withoutSudo = { ssh: { user: USER, sudo: false } };

  for (const rule of ['NOPASSWD: ALL', `NOPASSWD: ${sudoersCommands([])}`]) {
    test(`the bot runs scripts as root through sudo with the rule "${rule}"`, async (t) => {
      await letSudo(rule);
      const sshd = await sshdFor(t);
      const remote = remoteHostFor(t, sshd.knownHostsFile);
      const outcome = await remote.run(sshd.hostSettings('git01', withSudo), 'id -u; echo err >&2; exit 5', CALM);
      assert.equal(summary(outcome), 'exit 5: 0\n');
      assert.equal(stderrOf(outcome), 'err\n');
      assert.equal(sudoRefusal(outcome), null);
    });
  }

  /** Whether sudo runs this command as root for the account, under the lines that `host setup` prints. */
  async function runsAsRoot(enter: readonly string[], command: readonly string[]): Promise<boolean> {
    await letSudo(`NOPASSWD: ${sudoersCommands(enter)}`);
    const running = execute('runuser', ['-u', USER, '--', 'sudo', '-n', ...command]);
    running.child.stdin?.end();
    return await running.then(
      () => true,
      (error: { stderr?: unknown }) => !/^sudo: /.test(String(error.stderr)),
    );
  }

  for (const seconds of ['1', '15', '120', '999'])
    test(`the sudoers lines of host setup let the bot’s script run for ${seconds} seconds`, async () =>
      assert.equal(await runsAsRoot([], ['timeout', '-k', '5', seconds, '/bin/sh', '-s']), true));

  test('the sudoers lines of host setup let the bot enter a container', async () =>
    assert.equal(await runsAsRoot(['env', 'a'], ['timeout', '-k', '5', '9', 'env', 'a', '/bin/sh', '-s']), true));

  const OTHER_COMMANDS: readonly (readonly [what: string, enter: readonly string[], command: readonly string[]])[] = [
    [
      'a command between the seconds and the shell',
      [],
      ['timeout', '-k', '5', '5', '/bin/echo', 'ran', '/bin/sh', '-s'],
    ],
    ['a command in one word with the seconds', [], ['timeout', '-k', '5', '5 /bin/echo', '/bin/sh', '-s']],
    ['an option after the seconds', [], ['timeout', '-k', '5', '5', '--foreground', '/bin/sh', '-s']],
    [
      'a command before the one that enters',
      ['env', 'a'],
      ['timeout', '-k', '5', '5', 'id', 'env', 'a', '/bin/sh', '-s'],
    ],
    ['more seconds than the bot ever gives', [], ['timeout', '-k', '5', '1000', '/bin/sh', '-s']],
    ['seconds with a unit', [], ['timeout', '-k', '5', '9d', '/bin/sh', '-s']],
    ['another shell command', [], ['/bin/sh', '-c', 'id']],
    ['an argument after the shell’s', [], ['timeout', '-k', '5', '5', '/bin/sh', '-s', 'x']],
    ['another command', [], ['/usr/bin/id']],
  ];
  for (const [what, enter, command] of OTHER_COMMANDS)
    test(`the sudoers lines of host setup refuse ${what}`, async () =>
      assert.equal(await runsAsRoot(enter, command), false));

  test('the bot runs scripts as the login account if its config disables sudo', async (t) => {
    await letSudo('NOPASSWD: ALL');
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const outcome = await remote.run(sshd.hostSettings('git01', withoutSudo), 'id -un', CALM);
    assert.equal(summary(outcome), `exit 0: ${USER}\n`);
  });

  test('a script that runs as root through sudo is still ended at its timeout', async (t) => {
    await letSudo('NOPASSWD: ALL');
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const script = `trap '' TERM; echo $$; while :; do sleep 1; done`;
    const outcome = await remote.run(sshd.hostSettings('git01', withSudo), script, { ...CALM, timeoutMs: 1000 });
    assert.ok(outcome.kind === 'timed-out', summary(outcome));
    const pid = stdoutOf(outcome).trim();
    assert.match(pid, /^\d+$/);
    while (existsSync(`/proc/${pid}`)) await sleep(20);
  });

  const refusals: [string, string | null][] = [
    ['sudo has no rule for the account', null],
    ['the sudo rule requires a password', 'PASSWD: ALL'],
    ['the sudo rule is for another command', 'NOPASSWD: /usr/bin/id'],
    ['the sudo rule is for another shell command', 'NOPASSWD: /bin/sh -c true'],
  ];
  for (const [why, rule] of refusals) {
    test(`the bot runs nothing and reports the refusal if ${why}`, async (t) => {
      await letSudo(rule);
      const sshd = await sshdFor(t);
      const remote = remoteHostFor(t, sshd.knownHostsFile);
      const marker = join(sshd.directory, 'ran');
      const outcome = await remote.run(sshd.hostSettings('git01', withSudo), `: >${marker}`, CALM);
      assert.equal(sudoRefusal(outcome)?.problem, 'not-allowed', `${summary(outcome)} ${stderrOf(outcome)}`);
      assert.equal(existsSync(marker), false);
    });
  }

  test('the bot runs nothing and reports that sudo is not installed', async (t) => {
    const sshd = await sshdFor(t, { config: ['SetEnv PATH=/nonexistent'] });
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const outcome = await remote.run(sshd.hostSettings('git01', withSudo), 'true', CALM);
    assert.equal(sudoRefusal(outcome)?.problem, 'missing', `${summary(outcome)} ${stderrOf(outcome)}`);
  });
});

describe('the check of a host', needs, () => {
  before(makeUser);
  after(removeUser);

  const words = (checks: Awaited<ReturnType<typeof checkHost>>) =>
    checks.map(({ what, result }) => `${what} ${result}`);

  test('check finds no problem with a host that is set up correctly', async (t) => {
    await letSudo('NOPASSWD: ALL');
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const checks = await checkHost(remote, sshd.hostSettings('git01', { ssh: { user: USER, sudo: true } }));
    assert.deepEqual(words(checks), [
      'key ok',
      'known-hosts ok',
      'reach ok',
      'host-key ok',
      'login ok',
      'sudo ok',
      'guard ok',
    ]);
    assert.deepEqual(
      checks.filter(({ what }) => what !== 'guard').map(({ why }) => why),
      [null, null, null, null, null, null],
    );
    assert.match(said(checks.at(-1)), /not installed \(trial mode\): anyone who has the SSH key is root on /);
  });

  test('check says what the bot can’t do on a host without sudo', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const checks = await checkHost(remote, sshd.hostSettings('git01', { ssh: { user: USER } }));
    assert.deepEqual(words(checks), [
      'key ok',
      'known-hosts ok',
      'reach ok',
      'host-key ok',
      'login ok',
      'sudo note',
      'guard ok',
    ]);
  });

  test('check reports an unreachable host', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { connectTimeoutMs: 1000 } });
    const host = sshd.hostSettings('git01', { ssh: { address: 'no-such-host.invalid', sudo: true } });
    const checks = await checkHost(remote, host);
    assert.deepEqual(words(checks), [
      'key ok',
      'known-hosts ok',
      'reach failed',
      'host-key skipped',
      'login skipped',
      'sudo skipped',
    ]);
  });

  test('check reports an unknown host key', async (t) => {
    const sshd = await sshdFor(t);
    await writeFile(sshd.knownHostsFile, '');
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const checks = await checkHost(remote, sshd.hostSettings('git01', { ssh: { sudo: true } }));
    assert.deepEqual(words(checks), [
      'key ok',
      'known-hosts ok',
      'reach ok',
      'host-key failed',
      'login skipped',
      'sudo skipped',
    ]);
    assert.match(said(checks[3]), /is unknown/);
  });

  test('check blames the bot’s key file, not a host, if that key is unusable', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const checks = await checkHost(remote, sshd.hostSettings('git01', { ssh: { identityFile: '/nonexistent/key' } }));
    assert.deepEqual(words(checks), [
      'key failed',
      'known-hosts skipped',
      'reach skipped',
      'host-key skipped',
      'login skipped',
    ]);
    assert.match(said(checks[0]), /^Can’t read the private key \/nonexistent\/key: no such file\. Nothing was run\./);
  });

  test('check does not report on host keys if the known_hosts file can’t be read, since it asked no host', async (t) => {
    const sshd = await sshdFor(t);
    const checks = await checkHost(remoteHostFor(t, '/nonexistent/known_hosts'), sshd.hostSettings('git01'));
    assert.deepEqual(words(checks), [
      'key ok',
      'known-hosts failed',
      'reach skipped',
      'host-key skipped',
      'login skipped',
    ]);
    assert.ok(!sshd.log().some((line) => line.startsWith('Connection from')));
  });

  test('check reports that a host refuses the login', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01', { ssh: { user: 'rd-nobody-of-that-name' } });
    assert.deepEqual(words(await checkHost(remote, host)), [
      'key ok',
      'known-hosts ok',
      'reach ok',
      'host-key ok',
      'login failed',
    ]);
  });

  test('check reports an account that can log in but can’t run commands', async (t) => {
    await execute('usermod', ['--shell', '/usr/sbin/nologin', USER]);
    t.after(() => execute('usermod', ['--shell', '/bin/sh', USER]));
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const checks = await checkHost(remote, sshd.hostSettings('git01', { ssh: { user: USER } }));
    assert.deepEqual(words(checks), ['key ok', 'known-hosts ok', 'reach ok', 'host-key ok', 'login failed']);
    assert.match(said(checks[4]), /runs no commands: exit code 1, This account is currently not available/);
  });

  test('check reports sudo’s refusal in sudo’s own words', async (t) => {
    await letSudo(null);
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const checks = await checkHost(remote, sshd.hostSettings('git01', { ssh: { user: USER, sudo: true } }));
    assert.deepEqual(words(checks), ['key ok', 'known-hosts ok', 'reach ok', 'host-key ok', 'login ok', 'sudo failed']);
    assert.match(said(checks[5]), /sudo: a password is required.*`registry-doctor host setup git01`/);
  });
});

function said(check: HostCheck<TrialNote> | undefined): string {
  return check?.why ? trialNote(check.why) : '';
}
