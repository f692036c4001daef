import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import { type PracticeHost, startPracticeHost } from '../../src/playground/practice-host/start-practice-host.ts';
import { skipUnless } from '../support/requirements.ts';

describe('the practice host', { skip: skipUnless('linux') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'practice-host-test-'));
  let host: PracticeHost;
  before(async () => {
    host = await startPracticeHost(directory);
  });
  after(async () => {
    await host.stop();
    rmSync(directory, { recursive: true });
  });

  test('the practice host runs a script from stdin and returns its output byte for byte', async () => {
    const result = await run(host, 'sh -s', "printf 'a\\377b\\n'; echo oops >&2; exit 7");
    assert.deepEqual(result.stdout, Buffer.from([0x61, 0xff, 0x62, 0x0a]));
    assert.deepEqual({ stderr: result.stderr, code: result.code }, { stderr: 'oops\n', code: 7 });
  });

  test('the practice host returns every byte of an output that is larger than any buffer', async () => {
    const { stdout } = await run(host, 'head -c 5000000 /dev/zero', '');
    assert.equal(stdout.length, 5_000_000);
  });

  test('the practice host runs commands in its own directory with a minimal environment', async () => {
    const { stdout } = await run(host, 'pwd; echo "$HOME"; env | cut -d= -f1 | sort', '');
    const [cwd, home, ...names] = stdout.toString().trim().split('\n');
    assert.deepEqual([cwd, home], [directory, directory]);
    assert.deepEqual(
      names.filter((name) => !['OLDPWD', '_', 'SHLVL'].includes(name)),
      ['HOME', 'PATH', 'PWD'],
    );
  });

  test('the practice host reports the signal that ended a command', async () => {
    const { code, signal } = await run(host, 'kill -TERM $$', '');
    assert.deepEqual({ code, signal }, { code: null, signal: 'SIGTERM' });
  });

  test('the practice host runs several commands over one connection at the same time', async () => {
    const client = await connect(host);
    const results = await Promise.all(['one', 'two', 'three'].map((word) => runOn(client, `cat; echo ${word}`, 'x')));
    client.end();
    assert.deepEqual(
      results.map(({ stdout }) => stdout.toString()),
      ['xone\n', 'xtwo\n', 'xthree\n'],
    );
  });

  test('the practice host ends a command and its children when the connection closes', async () => {
    const client = await connect(host);
    const channel = await exec(client, 'sleep 600 & echo $!; wait');
    const pid = Number(String((await once(channel, 'data'))[0]));
    assert.ok(isAlive(pid));
    client.destroy();
    await hasEnded(pid);
  });

  test('the practice host rejects an unknown key, another user name and a password', async () => {
    const otherKey = ssh2.utils.generateKeyPairSync('ed25519').private;
    await assert.rejects(connect(host, { privateKey: otherKey }), /authentication methods failed/);
    await assert.rejects(connect(host, { username: 'root' }), /authentication methods failed/);
    await assert.rejects(connect(host, { privateKey: '', password: 'x' }), /authentication methods failed/);
  });

  test('the practice host refuses to open a terminal, a shell, sftp or a forwarding', async () => {
    const client = await connect(host);
    const attempts = {
      pty: promisify((done: (error?: Error) => void) => client.exec('true', { pty: true }, done)),
      shell: promisify((done: (error?: Error) => void) => client.shell(false, done)),
      sftp: promisify((done: (error?: Error) => void) => client.sftp(done)),
      forwardOut: promisify((done: (error?: Error) => void) => client.forwardOut('127.0.0.1', 1, '127.0.0.1', 1, done)),
      forwardIn: promisify((done: (error?: Error) => void) => client.forwardIn('127.0.0.1', 0, done)),
    };
    for (const [name, attempt] of Object.entries(attempts)) await assert.rejects(attempt(), name);
    client.end();
  });

  test('the practice host’s key matches the known_hosts file that it writes, and its private key is not readable by others', () => {
    const [name, type] = readFileSync(host.knownHostsFile, 'utf8').split(' ');
    assert.deepEqual([name, type], [`[127.0.0.1]:${host.port}`, 'ssh-ed25519']);
    assert.equal(statSync(host.identityFile).mode & 0o777, 0o600);
  });

  test('the practice host ends all commands and connections when it stops', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'practice-host-test-'));
    const other = await startPracticeHost(scratch);
    const client = await connect(other);
    const channel = await exec(client, 'echo $$; sleep 600');
    const pid = Number(String((await once(channel, 'data'))[0]));
    const closed = once(client, 'close');
    await other.stop();
    await closed;
    await hasEnded(pid);
    await assert.rejects(connect(other), /ECONNREFUSED/);
    rmSync(scratch, { recursive: true });
  });
});

/** Checks the host key against the known_hosts file, as the product does. */
async function connect(host: PracticeHost, over: Partial<ssh2.ConnectConfig> = {}): Promise<Client> {
  const knownKey = readFileSync(host.knownHostsFile, 'utf8').split(' ')[2]?.trim();
  const client = new ssh2.Client();
  const ready = once(client, 'ready');
  client.connect({
    host: host.address,
    port: host.port,
    username: host.user,
    privateKey: readFileSync(host.identityFile),
    hostVerifier: (key: Buffer) => key.toString('base64') === knownKey,
    ...over,
  });
  await ready;
  // The end of a connection may come as an error, at any time.
  client.on('error', () => undefined);
  return client;
}

async function run(host: PracticeHost, command: string, stdin: string) {
  const client = await connect(host);
  const result = await runOn(client, command, stdin);
  client.end();
  return result;
}

async function runOn(client: Client, command: string, stdin: string) {
  const channel = await exec(client, command);
  const exit = once(channel, 'exit');
  channel.end(stdin);
  const [stdout, stderr, [code, signal]] = await Promise.all([buffer(channel), text(channel.stderr), exit]);
  return { stdout, stderr, code, signal };
}

function exec(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

/** Resolves once the process is gone, or a zombie that its new parent has not yet waited for. */
async function hasEnded(pid: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (isAlive(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} is still there`);
    await sleep(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
