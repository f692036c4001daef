import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { sshProblem } from '../../../src/words/en/ssh.ts';
import type { RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { CALM, remoteHostFor, sshdFor, summary } from '../../ssh/remote-host-fixture.ts';
import { makeKey, type Sshd } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const execute = promisify(execFile);

function runWithKey(
  t: TestContext,
  sshd: Sshd,
  identityFile: string | null,
  means: { agentSocket?: string; keyPassphrase?: string; passphraseFile?: string } = {},
) {
  const { passphraseFile = null, ...environment } = means;
  const remote = remoteHostFor(t, sshd.knownHostsFile, environment);
  return remote.run(sshd.hostSettings('git01', { ssh: { identityFile, passphraseFile } }), 'echo well', CALM);
}

/** Refused for the login, and in words that match. */
function assertNotLetIn(outcome: RemoteOutcome, words: RegExp): void {
  assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'authentication-failed', summary(outcome));
  assert.match(sshProblem(outcome.why), words);
}

/** Our own key is the trouble, the host was not asked, and the words match. */
function assertKeyUnusable(outcome: RemoteOutcome, words: RegExp): void {
  assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'login-key-unusable', summary(outcome));
  assert.match(sshProblem(outcome.why), words);
  assert.match(sshProblem(outcome.why), /Nothing was run\. /);
  assert.doesNotMatch(sshProblem(outcome.why), /authorized_keys/);
}

/** A real ssh-agent with the given keys, ended with the test. */
async function agentFor(t: TestContext, sshd: Sshd, keyFiles: readonly string[]): Promise<string> {
  const socket = join(sshd.directory, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(agent, 'exit');
  t.after(async () => {
    agent.kill('SIGTERM');
    await ended;
  });
  await once(createInterface({ input: agent.stdout }), 'line');
  for (const file of keyFiles)
    await execute('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return socket;
}

describe('the login with a private key', { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') }, () => {
  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    test(`the bot logs in with a key of type ${type}`, async (t) => {
      const sshd = await sshdFor(t);
      const file = await makeKey(sshd.directory, 'own_key', type);
      await writeFile(join(sshd.directory, 'authorized_keys'), await readFile(`${file}.pub`));
      assert.equal(summary(await runWithKey(t, sshd, file)), 'exit 0: well\n');
    });
  }

  test('the bot logs in with public keys only, never with a password', async (t) => {
    const sshd = await sshdFor(t, {
      config: ['LogLevel DEBUG2', 'PasswordAuthentication yes', 'KbdInteractiveAuthentication yes'],
    });
    const stranger = await makeKey(sshd.directory, 'stranger', 'ed25519');
    assertNotLetIn(await runWithKey(t, sshd, stranger), /did not let root in with the key .*stranger/);
    const methods = sshd.log().flatMap((line) => /userauth-request .* method (\S+)/.exec(line)?.[1] ?? []);
    assert.deepEqual([...new Set(methods)], ['publickey']);
  });

  test('the bot names a key file that it can’t read, and the reason', async (t) => {
    const sshd = await sshdFor(t);
    assertKeyUnusable(
      await runWithKey(t, sshd, '/nonexistent/key'),
      /^Can’t read the private key \/nonexistent\/key: no such file\. Nothing was run\. Check identityFile/,
    );
    assertKeyUnusable(await runWithKey(t, sshd, sshd.directory), /^Can’t read the private key .*: it is a directory/);
    assert.ok(!sshd.log().some((line) => line.startsWith('Connection from')));
  });

  test('the bot refuses an encrypted key without a passphrase, and says what to do instead', async (t) => {
    const sshd = await sshdFor(t);
    const file = await makeKey(sshd.directory, 'encrypted', 'ed25519', 'a passphrase');
    assertKeyUnusable(
      await runWithKey(t, sshd, file),
      /encrypted is protected by a passphrase.*passphraseFile.*ssh-agent/,
    );
  });

  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    test(`the bot opens an encrypted key of type ${type} with its passphrase, from a file or the environment`, async (t) => {
      const sshd = await sshdFor(t);
      const file = await makeKey(sshd.directory, 'encrypted', type, 'a passphrase');
      await writeFile(join(sshd.directory, 'authorized_keys'), await readFile(`${file}.pub`));
      const passphraseFile = join(sshd.directory, 'passphrase');
      await writeFile(passphraseFile, 'a passphrase\n');
      assert.equal(summary(await runWithKey(t, sshd, file, { passphraseFile })), 'exit 0: well\n');
      assert.equal(summary(await runWithKey(t, sshd, file, { keyPassphrase: 'a passphrase' })), 'exit 0: well\n');
      // The host's own file outranks the environment.
      const both = { passphraseFile, keyPassphrase: 'another one' };
      assert.equal(summary(await runWithKey(t, sshd, file, both)), 'exit 0: well\n');
    });
  }

  test('the bot reports a passphrase that is wrong or unreadable without revealing it', async (t) => {
    const sshd = await sshdFor(t);
    const file = await makeKey(sshd.directory, 'encrypted', 'ed25519', 'a passphrase');
    const wrong = await runWithKey(t, sshd, file, { keyPassphrase: 'not that one' });
    assertKeyUnusable(wrong, /^The passphrase does not open the private key/);
    assert.ok(!summary(wrong).includes('not that one'));
    assertKeyUnusable(
      await runWithKey(t, sshd, file, { passphraseFile: '/nonexistent/p' }),
      /^Can’t read the passphrase file \/nonexistent\/p: no such file\./,
    );
  });

  test('the bot reports that the key file is not a private key without revealing its content', async (t) => {
    const sshd = await sshdFor(t);
    const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=';
    const contents = {
      rubbish: secret,
      empty: '',
      'broken key': `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`,
      'public half': await readFile(`${sshd.clientKeyFile}.pub`, 'utf8'),
    };
    for (const [what, content] of Object.entries(contents)) {
      const file = join(sshd.directory, 'not_a_key');
      await writeFile(file, content);
      const outcome = await runWithKey(t, sshd, file);
      assertKeyUnusable(outcome, /not_a_key is not a private key that can be used.*Check identityFile/);
      assert.ok(!summary(outcome).includes(secret), what);
    }
  });

  for (const mode of [0o640, 0o644, 0o601]) {
    test(`the bot refuses a private key with mode 0${mode.toString(8)}, which other accounts can use, as ssh does`, async (t) => {
      const sshd = await sshdFor(t);
      await chmod(sshd.clientKeyFile, mode);
      const why = new RegExp(
        `client_key \\(mode 0${mode.toString(8)}\\)\\. Nothing was run\\. Run \`chmod 600 /\\S+client_key\``,
      );
      assertKeyUnusable(await runWithKey(t, sshd, sshd.clientKeyFile), why);
      assert.ok(!sshd.log().some((line) => line.startsWith('Connection from')));
    });
  }

  test('the bot accepts a private key file that another user owns, as ssh does', async (t) => {
    const sshd = await sshdFor(t);
    await chown(sshd.clientKeyFile, 1, 1);
    await chmod(sshd.clientKeyFile, 0o644);
    assert.equal(summary(await runWithKey(t, sshd, sshd.clientKeyFile)), 'exit 0: well\n');
  });

  test('the bot reports a failed login if the account does not exist or can’t log in', async (t) => {
    const sshd = await sshdFor(t, { config: ['DenyUsers daemon'] });
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    for (const user of ['daemon', 'rd-nobody-of-that-name', '-oProxyCommand=x', '$(reboot)']) {
      const outcome = await remote.run(sshd.hostSettings('git01', { ssh: { user } }), 'echo well', CALM);
      assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'authentication-failed', summary(outcome));
    }
  });

  test('the bot reports a server that requires more than a key to log in', async (t) => {
    const sshd = await sshdFor(t, {
      config: ['AuthenticationMethods publickey,password', 'PasswordAuthentication yes'],
    });
    assertNotLetIn(await runWithKey(t, sshd, sshd.clientKeyFile), /wants more: password\./);
  });
});

describe('the login with an agent', { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') }, () => {
  test('the bot logs in with a key that the ssh-agent holds', async (t) => {
    const sshd = await sshdFor(t);
    const stranger = await makeKey(sshd.directory, 'stranger', 'rsa');
    const socket = await agentFor(t, sshd, [stranger, sshd.clientKeyFile]);
    assert.equal(summary(await runWithKey(t, sshd, null, { agentSocket: socket })), 'exit 0: well\n');
  });

  test('the bot does not use the ssh-agent if a key file is configured', async (t) => {
    const sshd = await sshdFor(t);
    const socket = await agentFor(t, sshd, [sshd.clientKeyFile]);
    const stranger = await makeKey(sshd.directory, 'stranger', 'ed25519');
    assertNotLetIn(await runWithKey(t, sshd, stranger, { agentSocket: socket }), /did not let root in with the key/);
  });

  test('the bot reports that the ssh-agent holds no key that the server accepts', async (t) => {
    const sshd = await sshdFor(t);
    const socket = await agentFor(t, sshd, []);
    assertNotLetIn(
      await runWithKey(t, sshd, null, { agentSocket: socket }),
      /did not let root in with any key of the ssh-agent at/,
    );
  });

  test('the bot reports that the ssh-agent offers more keys than the server lets it try', async (t) => {
    const sshd = await sshdFor(t, { config: ['MaxAuthTries 2'] });
    const strangers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => makeKey(sshd.directory, name, 'ed25519')));
    const socket = await agentFor(t, sshd, strangers);
    assertNotLetIn(
      await runWithKey(t, sshd, null, { agentSocket: socket }),
      /Too many authentication failures.*identityFile/,
    );
  });

  test('the bot reports that no ssh-agent answers at its socket', async (t) => {
    const sshd = await sshdFor(t);
    assertKeyUnusable(
      await runWithKey(t, sshd, null, { agentSocket: '/nonexistent/agent' }),
      /ssh-agent at \/nonexistent\/agent did not help/,
    );
  });

  test('the bot reports that it has neither an ssh-agent nor a key file to log in with', async (t) => {
    const sshd = await sshdFor(t);
    assertKeyUnusable(await runWithKey(t, sshd, null), /^There is no identityFile .*SSH_AUTH_SOCK/);
  });
});
