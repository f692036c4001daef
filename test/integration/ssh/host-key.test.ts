import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { sshProblem } from '../../../src/words/en/ssh.ts';
import { ed25519Fingerprint, ed25519Key, otherEd25519Key } from '../../ssh/keys.ts';
import { CALM, remoteHostFor, sshdFor, summary } from '../../ssh/remote-host-fixture.ts';
import type { Sshd, SshdOptions } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const execute = promisify(execFile);

/** Runs a script on a host of which the given known_hosts lines are all that is known. */
async function runKnowing(
  t: TestContext,
  lines: (sshd: Sshd, name: string, key: string) => string,
  options?: SshdOptions,
) {
  const sshd = await sshdFor(t, { ...options, config: ['LogLevel DEBUG2'] });
  const key = (await readFile(sshd.hostPublicKeyFiles[0] ?? '', 'utf8')).trim();
  const knownHostsFile = join(sshd.directory, 'tested_known_hosts');
  await writeFile(knownHostsFile, lines(sshd, `[127.0.0.1]:${sshd.port}`, key));
  const remote = remoteHostFor(t, knownHostsFile);
  const outcome = await remote.run(sshd.hostSettings('git01'), 'echo well', CALM);
  return { outcome, sshd, knownHostsFile, key };
}

async function fingerprintOf(publicKeyFile: string | undefined): Promise<string> {
  const { stdout } = await execute('ssh-keygen', ['-l', '-f', publicKeyFile ?? '']);
  return stdout.split(' ')[1] ?? '';
}

/** Not even a user name was sent before we hung up. */
async function assertNoLoginTried(sshd: Sshd): Promise<void> {
  await sshd.untilLogged(/^Connection (closed|reset) by|[Dd]isconnect|userauth-request/);
  assert.ok(!sshd.log().some((line) => line.includes('userauth-request')), sshd.log().join('\n'));
}

describe('the host key of a real server', { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') }, () => {
  test('the bot accepts a host key that is in known_hosts', async (t) => {
    const { outcome } = await runKnowing(t, (_sshd, name, key) => `${name} ${key}\n`);
    assert.equal(summary(outcome), 'exit 0: well\n');
  });

  test('the bot accepts a host key that is in known_hosts under a hashed name', async (t) => {
    const sshd = await sshdFor(t);
    await execute('ssh-keygen', ['-q', '-H', '-f', sshd.knownHostsFile]);
    assert.match(await readFile(sshd.knownHostsFile, 'utf8'), /^\|1\|/);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    assert.equal(summary(await remote.run(sshd.hostSettings('git01'), 'echo well', CALM)), 'exit 0: well\n');
  });

  test('the bot requests the host key of the type that known_hosts has, if the server has several', async (t) => {
    const { outcome } = await runKnowing(t, (_sshd, name, key) => `${name} ${key}\n`, {
      hostKeyTypes: ['rsa', 'ecdsa', 'ed25519'],
    });
    assert.equal(summary(outcome), 'exit 0: well\n');
  });

  test('the bot refuses a host that is not in known_hosts, and says its fingerprint, the file and what to do', async (t) => {
    const { outcome, sshd, knownHostsFile } = await runKnowing(
      t,
      (_sshd, _name, key) => `[127.0.0.2]:1 ${key}\nrubbish\n`,
    );
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-key-mismatch', summary(outcome));
    assert.match(sshProblem(outcome.why), /is unknown/);
    assert.match(sshProblem(outcome.why), /cannot be read there: 2\./);
    for (const part of [await fingerprintOf(sshd.hostPublicKeyFiles[0]), knownHostsFile, `[127.0.0.1]:${sshd.port}`]) {
      assert.ok(sshProblem(outcome.why).includes(part), `"${sshProblem(outcome.why)}" has ${part}`);
    }
    await assertNoLoginTried(sshd);
  });

  test('the bot refuses a host key that differs from the one in known_hosts, and shows both fingerprints', async (t) => {
    const { outcome, sshd } = await runKnowing(t, (_sshd, name) => `# comment\n${name} ${ed25519Key}\n`);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-key-mismatch', summary(outcome));
    assert.match(sshProblem(outcome.why), /has changed/);
    for (const part of [await fingerprintOf(sshd.hostPublicKeyFiles[0]), `${ed25519Fingerprint} (line 2)`]) {
      assert.ok(sshProblem(outcome.why).includes(part), `"${sshProblem(outcome.why)}" has ${part}`);
    }
    await assertNoLoginTried(sshd);
  });

  test('the bot refuses a host key that known_hosts revokes, even if another line trusts it', async (t) => {
    const { outcome, sshd } = await runKnowing(t, (_sshd, name, key) => `${name} ${key}\n@revoked * ${key}\n`);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-key-mismatch', summary(outcome));
    assert.match(sshProblem(outcome.why), /is revoked \(.*, line 2\)/);
    await assertNoLoginTried(sshd);
  });

  test('the bot refuses a host that known_hosts trusts only by a certificate authority, since it does not support those', async (t) => {
    const { outcome, sshd } = await runKnowing(t, (_sshd, name) => `@cert-authority ${name} ${otherEd25519Key}\n`);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-key-mismatch', summary(outcome));
    assert.match(sshProblem(outcome.why), /certificates are not supported/);
    await assertNoLoginTried(sshd);
  });

  test('the bot connects to no host if the known_hosts file is missing', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, '/nonexistent/known_hosts');
    const outcome = await remote.run(sshd.hostSettings('git01'), 'echo well', CALM);
    assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'known-hosts-unreadable', summary(outcome));
    assert.match(
      sshProblem(outcome.why),
      /Can’t read the known hosts file \/nonexistent\/known_hosts: no such file\. Nothing was run/,
    );
    assert.ok(!sshd.log().some((line) => line.startsWith('Connection from')));
  });

  test('the bot accepts a host key as soon as it is added to known_hosts, without a restart', async (t) => {
    const { sshd, knownHostsFile, key } = await runKnowing(t, () => '');
    const remote = remoteHostFor(t, knownHostsFile);
    const host = sshd.hostSettings('git01');
    assert.match(summary(await remote.run(host, 'echo well', CALM)), /^host-key-mismatch/);
    await writeFile(knownHostsFile, `[127.0.0.1]:${sshd.port} ${key}\n`);
    assert.equal(summary(await remote.run(host, 'echo well', CALM)), 'exit 0: well\n');
  });
});
