import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { sshProblem } from '../../../src/words/en/ssh.ts';
import type { RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { CALM, remoteHostFor, sshdFor, summary } from '../../ssh/remote-host-fixture.ts';
import type { Sshd } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const needs = { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') };

/** A server that does with each connection what it is told to, closed with the test. */
async function serverFor(
  t: TestContext,
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; seen: () => number }> {
  let seen = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    seen += 1;
    open.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: portOf(server), seen: () => seen };
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

/** Runs a script against whatever listens on a port, with the key and the known hosts of a real server. */
async function runOnPort(t: TestContext, sshd: Sshd, port: number): Promise<RemoteOutcome> {
  const remote = remoteHostFor(t, sshd.knownHostsFile, {
    limits: { handshakeTimeoutMs: 1000, connectTimeoutMs: 1000 },
  });
  return remote.run(sshd.hostSettings('git01', { ssh: { port } }), 'echo well', CALM);
}

function assertUnreachable(outcome: RemoteOutcome, words: RegExp): void {
  assert.ok(outcome.kind === 'not-connected' && outcome.reason === 'host-unreachable', summary(outcome));
  assert.match(sshProblem(outcome.why), words);
  assert.match(sshProblem(outcome.why), /Nothing was run/);
}

describe('a host that cannot be reached', needs, () => {
  test('the bot reports a host that refuses the connection as unreachable', async (t) => {
    const sshd = await sshdFor(t);
    const { port } = await freePort();
    assertUnreachable(
      await runOnPort(t, sshd, port),
      new RegExp(
        `^127\\.0\\.0\\.1 port ${port} refused the connection\\. .*: \`ssh-keyscan -p ${port} 127\\.0\\.0\\.1\` from the bot’s machine\\.$`,
      ),
    );
  });

  test('the bot reports a host whose name does not resolve as unreachable', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01', { ssh: { address: 'no-such-host.invalid' } });
    assertUnreachable(
      await remote.run(host, 'true', CALM),
      /no-such-host\.invalid could not be resolved|did not answer/,
    );
  });

  test('the bot reports a host that never completes the connection as unreachable', async (t) => {
    const sshd = await sshdFor(t);
    process.kill(sshd.pid, 'SIGSTOP');
    // A stopped sshd accepts no one; the kernel does it for 129 of them, then drops what comes.
    const fillers = Array.from({ length: 300 }, () =>
      connect({ host: '127.0.0.1', port: sshd.port }).on('error', () => {}),
    );
    t.after(() => fillers.map((filler) => filler.destroy()));
    await Promise.all(fillers.slice(0, 129).map((filler) => once(filler, 'connect')));
    assertUnreachable(await runOnPort(t, sshd, sshd.port), /did not answer within 1\.0 s/);
  });
});

describe('a server that does not speak SSH', needs, () => {
  const servers: [what: string, onConnection: (socket: Socket) => void, words: RegExp][] = [
    ['says nothing', () => {}, /not through within 1\.0 s/],
    ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /broke off/],
    ['hangs up at once', (socket) => socket.end(), /broke off/],
    [
      'sends endless greeting lines',
      (socket) => pour(socket, 'Welcome!\r\n'),
      /broke off: Max greeting lines exceeded/,
    ],
    ['sends one endless greeting line', (socket) => pour(socket, 'x'), /broke off: Header line too long/],
    [
      'announces an unsupported version',
      (socket) => socket.write('SSH-9.9\r\n'),
      /broke off: Invalid identification string/,
    ],
    ['sends garbage after its version', (socket) => pour(socket, 'SSH-2.0-x\r\n'), /broke off: Bad packet length/],
  ];
  for (const [what, onConnection, words] of servers) {
    test(`the bot reports a server that does not speak SSH but ${what}`, async (t) => {
      const sshd = await sshdFor(t);
      const { port } = await serverFor(t, onConnection);
      assertUnreachable(await runOnPort(t, sshd, port), words);
    });
  }

  const FOREIGN: readonly (readonly [what: string, line: string, advice: RegExp])[] = [
    [
      'key exchange',
      'KexAlgorithms sntrup761x25519-sha512@openssh.com',
      /offers no key exchange that .* Add curve25519-sha256 to KexAlgorithms/,
    ],
    ['cipher', 'Ciphers aes256-cbc', /offers no cipher that .* Add aes256-gcm@openssh\.com to Ciphers/],
  ];
  for (const [what, line, advice] of FOREIGN) {
    test(`the bot says what to allow on a server with no ${what} in common with it`, async (t) => {
      const sshd = await sshdFor(t, { config: [line] });
      const remote = remoteHostFor(t, sshd.knownHostsFile);
      const outcome = await remote.run(sshd.hostSettings('git01'), 'true', CALM);
      assert.match(summary(outcome), advice);
    });
  }
});

describe('a server that hangs up on strangers (MaxStartups)', needs, () => {
  test('the bot retries once, with success, if the server drops the first connection (MaxStartups)', async (t) => {
    const sshd = await sshdFor(t);
    const proxy = await serverFor(t, (socket) => {
      if (proxy.seen() === 1) socket.resetAndDestroy();
      else socket.pipe(connect({ host: '127.0.0.1', port: sshd.port })).pipe(socket);
    });
    const known = await readFile(sshd.knownHostsFile, 'utf8');
    await writeFile(sshd.knownHostsFile, known.replaceAll(`:${sshd.port} `, `:${proxy.port} `));
    assert.equal(summary(await runOnPort(t, sshd, proxy.port)), 'exit 0: well\n');
    assert.equal(proxy.seen(), 2);
  });

  test('the bot connects no more than twice to a server that keeps dropping connections (MaxStartups)', async (t) => {
    const sshd = await sshdFor(t);
    const server = await serverFor(t, (socket) => socket.resetAndDestroy());
    assertUnreachable(await runOnPort(t, sshd, server.port), /broke off|Can’t connect to/);
    assert.equal(server.seen(), 2);
  });

  test('the bot does not retry a server that has shown an unknown host key', async (t) => {
    const sshd = await sshdFor(t);
    const proxy = await serverFor(t, (socket) => {
      socket.pipe(connect({ host: '127.0.0.1', port: sshd.port })).pipe(socket);
    });
    assert.match(summary(await runOnPort(t, sshd, proxy.port)), /^host-key-mismatch/);
    assert.equal(proxy.seen(), 1);
  });
});

/** Writes the same for as long as anyone listens. */
function pour(socket: Socket, text: string): void {
  const chunk = text.repeat(1000);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

async function freePort(): Promise<{ port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return { port };
}
