import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import { sshProblem } from '../../../src/words/en/ssh.ts';
import { CALM, KeptLog, remoteHostFor, sshdFor, stderrOf, stdoutOf, summary } from '../../ssh/remote-host-fixture.ts';
import { skipUnless } from '../../support/requirements.ts';

const needs = { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') };

/** Processes end a moment after their parent has said so. */
async function untilGone(pid: string): Promise<void> {
  assert.match(pid, /^\d+$/);
  while (existsSync(`/proc/${pid}`)) await sleep(20);
}

describe('a script on a real host', needs, () => {
  test('a script on a host ends with its own exit code', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    for (const code of [0, 1, 42, 124, 137, 255]) {
      assert.equal(summary(await remote.run(sshd.hostSettings('git01'), `exit ${code}`, CALM)), `exit ${code}: `);
    }
  });

  test('a script and its output are transferred byte for byte', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const text = `it's "quoted" \`x\` $(x) \${x} \\ \\n\ttab\n\n  -leading ünïcode 目录 <!channel> }`;
    const outcome = await remote.run(
      sshd.hostSettings('git01'),
      `cat <<'END'\n${text}\nEND\nprintf '\\377\\000\\n' >&2`,
      CALM,
    );
    assert.equal(stdoutOf(outcome), `${text}\n`);
    assert.ok(outcome.kind === 'exited');
    assert.deepEqual([...outcome.output.stderr], [0xff, 0x00, 0x0a]);
  });

  test('a script on a host can be long, and its standard input is empty', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const script = `${'# filler, filler, filler\n'.repeat(100_000)}cat; echo done`;
    assert.equal(summary(await remote.run(sshd.hostSettings('git01'), script, CALM)), 'exit 0: done\n');
  });

  test('stdout and stderr of a script on a host are both read to the end', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const script = 'head -c 900000 /dev/zero >&2 & head -c 800000 /dev/zero; wait';
    const outcome = await remote.run(sshd.hostSettings('git01'), script, CALM);
    assert.ok(outcome.kind === 'exited' && outcome.exitCode === 0, summary(outcome));
    const { stdout, stderr, truncated } = outcome.output;
    assert.deepEqual([stdout.length, stderr.length, truncated], [800_000, 900_000, false]);
  });

  test('a script that prints more than the bot keeps still ends with its own exit code', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const outcome = await remote.run(sshd.hostSettings('git01'), 'printf 0123456789; echo short >&2; exit 7', {
      timeoutMs: 60_000,
      maxOutputBytes: 6,
    });
    assert.ok(outcome.kind === 'exited' && outcome.exitCode === 7, summary(outcome));
    assert.deepEqual([stdoutOf(outcome), stderrOf(outcome), outcome.output.truncated], ['012345', 'short\n', true]);
  });

  for (const stream of ['stdout', 'stderr']) {
    test(`a script that prints endlessly to ${stream} is ended, on the host too`, async (t) => {
      const sshd = await sshdFor(t);
      const remote = remoteHostFor(t, sshd.knownHostsFile);
      const script = `echo $$ >${sshd.directory}/pid; exec yes ${stream === 'stdout' ? '' : '>&2'}`;
      const outcome = await remote.run(sshd.hostSettings('git01'), script, {
        timeoutMs: 60_000,
        maxOutputBytes: 10_000,
      });
      assert.ok(outcome.kind === 'no-exit-status', summary(outcome));
      const { stdout, stderr, truncated } = outcome.output;
      assert.deepEqual([stdout.length + stderr.length, truncated], [10_000, true]);
      assert.match(sshProblem(outcome.why), /more than 10,?000 bytes/);
      await untilGone((await readFile(`${sshd.directory}/pid`, 'utf8')).trim());
      assert.equal(summary(await remote.run(sshd.hostSettings('git01'), 'echo next', CALM)), 'exit 0: next\n');
    });
  }

  test('the bot does not wait for a background process that a script left behind with its output open', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const startedAt = performance.now();
    const outcome = await remote.run(sshd.hostSettings('git01'), 'sleep 55 & echo $!; exit 4', CALM);
    process.kill(Number(stdoutOf(outcome)), 'SIGKILL');
    assert.match(summary(outcome), /^exit 4: \d+\n$/);
    assert.ok(performance.now() - startedAt < 45_000);
  });

  test('a script that is killed on the host has an unknown outcome, never a success', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    for (const victim of ['$$', '$PPID']) {
      const outcome = await remote.run(sshd.hostSettings('git01'), `echo begun; kill -9 ${victim}; sleep 1`, CALM);
      assert.ok(outcome.kind === 'no-exit-status', summary(outcome));
      assert.equal(stdoutOf(outcome), 'begun\n');
      assert.match(sshProblem(outcome.why), /ended on the host by SIGKILL.*not known how far/);
    }
  });

  test('a script whose connection breaks has an unknown outcome and is never run a second time', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01');
    await remote.run(host, 'true', CALM);
    const file = join(sshd.directory, 'runs');
    const server = `$(cut -d ' ' -f 4 /proc/$PPID/stat)`;
    const outcome = await remote.run(host, `echo run >>${file}; kill -9 ${server}; sleep 1`, CALM);
    assert.ok(outcome.kind === 'no-exit-status', summary(outcome));
    assert.match(sshProblem(outcome.why), /connection was lost.*not known how far/);
    assert.equal(await readFile(file, 'utf8'), 'run\n');
    assert.equal(summary(await remote.run(host, `cat ${file}`, CALM)), 'exit 0: run\n');
  });

  test('the log contains neither a script, nor its output, nor the key', async (t) => {
    const sshd = await sshdFor(t);
    const log = new KeptLog();
    const remote = remoteHostFor(t, sshd.knownHostsFile, { log });
    await remote.run(sshd.hostSettings('git01'), 'echo told-in-$((40 + 2)); exit 3', CALM);
    const [connected, ran] = log.lines;
    assert.deepEqual({ ...connected, ms: 0 }, { message: 'ssh connected', host: 'git01', ms: 0 });
    assert.deepEqual(
      { ...ran, ms: 0 },
      { message: 'ssh script', host: 'git01', ms: 0, outcome: 'exited', exitCode: 3 },
    );
    assert.equal(log.lines.length, 2);
  });
});

test(
  'a script that ends at once keeps its exit status, even if it arrives in the same packet as its start',
  needs,
  async (t) => {
    const sshd = await sshdFor(t);
    const server = new ssh2.Server(
      { hostKeys: [await readFile(`${sshd.directory}/ssh_host_ed25519_key`)] },
      (client) => {
        client.on('error', () => {});
        client.on('authentication', (request) => request.accept());
        client.on('session', (accept) => {
          accept().on('exec', (acceptExec) => {
            const channel = acceptExec();
            channel.write('not available\n');
            channel.exit(3);
            channel.end();
          });
        });
      },
    );
    t.after(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const { port } = address;
    const known = await readFile(sshd.knownHostsFile, 'utf8');
    await writeFile(sshd.knownHostsFile, known.replaceAll(`:${sshd.port} `, `:${port} `));
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const outcome = await remote.run(sshd.hostSettings('git01', { ssh: { port } }), 'true', CALM);
    assert.equal(summary(outcome), 'exit 3: not available\n');
  },
);

describe('a script that takes too long', needs, () => {
  test('a script that takes too long is ended on the host at its timeout', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const script = 'echo $$; sleep 100; echo never';
    const outcome = await remote.run(sshd.hostSettings('git01'), script, { ...CALM, timeoutMs: 1000 });
    assert.ok(outcome.kind === 'timed-out' && outcome.timeoutMs === 1000, summary(outcome));
    await untilGone(stdoutOf(outcome).trim());
  });

  test('a script that is ended at its timeout can still clean up', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const script = `trap 'echo undone; exit 1' TERM; sleep 100 & wait`;
    const outcome = await remote.run(sshd.hostSettings('git01'), script, { ...CALM, timeoutMs: 1000 });
    assert.ok(outcome.kind === 'timed-out', summary(outcome));
    assert.equal(stdoutOf(outcome), 'undone\n');
  });

  test('a script that ignores the request to end at its timeout is killed', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const script = `trap '' TERM; echo $$; while :; do sleep 1; done`;
    const outcome = await remote.run(sshd.hostSettings('git01'), script, { ...CALM, timeoutMs: 1000 });
    assert.ok(outcome.kind === 'timed-out', summary(outcome));
    await untilGone(stdoutOf(outcome).trim());
  });

  test('a script that takes too long on a host without timeout(1) is given up by the bot', async (t) => {
    const sshd = await sshdFor(t, { config: ['SetEnv PATH=/nonexistent'] });
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01');
    assert.equal(summary(await remote.run(host, 'echo well; exit 3', CALM)), 'exit 3: well\n');
    const outcome = await remote.run(host, 'echo $$; exec /bin/sleep 60', { ...CALM, timeoutMs: 1000 });
    assert.ok(outcome.kind === 'timed-out', summary(outcome));
    process.kill(Number(stdoutOf(outcome)), 'SIGKILL');
    assert.equal(summary(await remote.run(host, 'echo next', CALM)), 'exit 0: next\n');
  });
});
