import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { SshLogin } from '../../../src/model/settings/settings.ts';
import { sshProblem } from '../../../src/words/en/ssh.ts';
import { CALM, remoteHostFor, sshdFor, summary } from '../../ssh/remote-host-fixture.ts';
import type { Sshd } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const needs = { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') };

function jumpOver(sshd: Sshd): SshLogin {
  const { address, port, user, identityFile, passphraseFile } = sshd.hostSettings('jump').ssh;
  return { address, port, user, identityFile, passphraseFile };
}

/** One known_hosts file for all of these servers. */
async function knownHostsOf(...servers: readonly Sshd[]): Promise<string> {
  const texts = await Promise.all(servers.map(({ knownHostsFile }) => readFile(knownHostsFile, 'utf8')));
  const file = join(servers[0]?.directory ?? '', 'known_hosts_of_all');
  await writeFile(file, texts.join(''));
  return file;
}

/** A target behind jump hosts, all of them real servers. */
async function chain(t: TestContext, jumpConfigs: readonly (readonly string[])[]) {
  const target = await sshdFor(t);
  const jumps = await Promise.all(jumpConfigs.map((config) => sshdFor(t, { config })));
  const knownHosts = await knownHostsOf(target, ...jumps);
  const host = target.hostSettings('git01', { ssh: { jumps: jumps.map(jumpOver) } });
  return { target, jumps, host, knownHosts };
}

describe('a host behind jump hosts', needs, () => {
  for (const amount of [1, 2, 3]) {
    test(`the bot reaches a host through ${amount}, with one login on each for many scripts`, async (t) => {
      const { jumps, host, knownHosts } = await chain(t, Array(amount).fill([]));
      const remote = remoteHostFor(t, knownHosts);
      const scripts = Array.from({ length: 5 }, (_, index) => remote.run(host, `echo ${index}`, CALM));
      const printed = (await Promise.all(scripts)).map(summary);
      assert.deepEqual(printed, ['exit 0: 0\n', 'exit 0: 1\n', 'exit 0: 2\n', 'exit 0: 3\n', 'exit 0: 4\n']);
      for (const jump of jumps) {
        const logins = jump.log().filter((line) => line.startsWith('Accepted publickey'));
        assert.equal(logins.length, 1);
      }
      await remote.close();
      // The way is taken down from the far end to the near one; nothing of it is left open.
      for (const jump of jumps)
        await jump.untilLogged(/Disconnected from user root|Connection closed by|Received disconnect/);
    });
  }

  test('a host behind jump hosts gets and sends megabytes unchanged', async (t) => {
    const { host, knownHosts } = await chain(t, [[], []]);
    const remote = remoteHostFor(t, knownHosts);
    const comment = `# ${'x'.repeat(1024)}\n`.repeat(1024);
    const outcome = await remote.run(host, `${comment}head -c 3000000 /dev/zero | tr '\\0' y`, {
      timeoutMs: 30_000,
      maxOutputBytes: 4_000_000,
    });
    assert.ok(outcome.kind === 'exited', outcome.kind);
    assert.equal(outcome.output.stdout.length, 3_000_000);
  });

  test('the bot does not connect to a host if its jump host’s key is not the known one', async (t) => {
    const { target, jumps, host } = await chain(t, [[], []]);
    const [near, far] = jumps;
    assert.ok(near && far);
    const other = await sshdFor(t);
    const known = join(target.directory, 'known_hosts_wrong');
    const wrong = (await readFile(other.knownHostsFile, 'utf8')).replaceAll(`:${other.port}`, `:${far.port}`);
    await writeFile(known, `${await readFile(near.knownHostsFile, 'utf8')}${wrong}`);
    const outcome = await remoteHostFor(t, known).run(host, 'echo well', CALM);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-key-mismatch', summary(outcome));
    assert.match(
      sshProblem(outcome.why),
      new RegExp(`at the jump host 127\\.0\\.0\\.1 port ${far.port}: .*has changed`),
    );
    assert.ok(!target.log().some((line) => line.startsWith('Connection from')), 'nothing went on to the target');
  });

  test('the bot checks the key of a host behind a jump host, so a jump host that forwards elsewhere is noticed', async (t) => {
    const { jumps, host } = await chain(t, [[]]);
    const [jump] = jumps;
    assert.ok(jump);
    const outcome = await remoteHostFor(t, jump.knownHostsFile).run(host, 'echo well', CALM);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-key-mismatch', summary(outcome));
    assert.match(sshProblem(outcome.why), /^The host key of .* is unknown/);
  });

  test('the bot names the jump host that refuses the login', async (t) => {
    const { jumps, host, knownHosts } = await chain(t, [[], ['DenyUsers root']]);
    const outcome = await remoteHostFor(t, knownHosts).run(host, 'echo well', CALM);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'authentication-failed', summary(outcome));
    assert.match(
      sshProblem(outcome.why),
      new RegExp(`at the jump host 127\\.0\\.0\\.1 port ${jumps[1]?.port}: .*did not let root in`),
    );
  });

  test('the bot reports a jump host that forbids forwarding', async (t) => {
    const { host, knownHosts } = await chain(t, [['AllowTcpForwarding no']]);
    const outcome = await remoteHostFor(t, knownHosts).run(host, 'echo well', CALM);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-unreachable', summary(outcome));
    assert.match(sshProblem(outcome.why), /did not open the way to .*AllowTcpForwarding/);
  });

  test('the bot reports that nothing listens at a host behind its jump host', async (t) => {
    const { host, knownHosts } = await chain(t, [[]]);
    const closed = { ...host, ssh: { ...host.ssh, port: 1 } };
    const outcome = await remoteHostFor(t, knownHosts).run(closed, 'echo well', CALM);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-unreachable', summary(outcome));
    assert.match(sshProblem(outcome.why), /did not open the way to 127\.0\.0\.1 port 1: .*Connection refused/);
  });

  test('the bot reaches a host again after the connection to its jump host was lost', async (t) => {
    const { jumps, host, knownHosts } = await chain(t, [[]]);
    const remote = remoteHostFor(t, knownHosts);
    assert.equal(summary(await remote.run(host, 'echo one', CALM)), 'exit 0: one\n');
    for (const pid of (await jumps[0]?.connectionPids()) ?? []) process.kill(pid, 'SIGKILL');
    assert.equal(summary(await remote.run(host, 'echo two', CALM)), 'exit 0: two\n');
  });

  test('a script that runs while its jump host goes away is reported as cut off, its outcome unknown', async (t) => {
    const { target, jumps, host, knownHosts } = await chain(t, [[]]);
    const running = remoteHostFor(t, knownHosts).run(host, 'sleep 30', CALM);
    await target.untilLogged(/Starting session: command/);
    for (const pid of (await jumps[0]?.connectionPids()) ?? []) process.kill(pid, 'SIGKILL');
    const outcome = await running;
    assert.equal(outcome.kind, 'no-exit-status');
  });
});

/** Whether this machine can listen on ::1 at all. */
async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, '::1', () => resolve(true));
  });
  if (listens) await new Promise((resolve) => server.close(resolve));
  return listens;
}

test('the bot reaches a host and its jump host by their IPv6 addresses', { skip: needs.skip }, async (t) => {
  if (!(await hasIpv6())) return t.skip('this machine has no ::1');
  const config = ['ListenAddress ::1'];
  const [target, jump] = await Promise.all([sshdFor(t, { config }), sshdFor(t, { config })]);
  const file = await knownHostsOf(target, jump);
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('[127.0.0.1]', '[::1]'));
  const jumps = [{ ...jumpOver(jump), address: '::1' }];
  const remote = remoteHostFor(t, file);
  for (const ssh of [{ address: '::1' }, { address: '::1', jumps }]) {
    assert.equal(summary(await remote.run(target.hostSettings('git01', { ssh }), 'echo well', CALM)), 'exit 0: well\n');
  }
});
