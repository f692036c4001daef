import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import type { Ssh2RemoteHost } from '../../../src/ssh/run/remote-host.ts';
import { sshProblem } from '../../../src/words/en/ssh.ts';
import { CALM, remoteHostFor, sshdFor, stdoutOf, summary } from '../../ssh/remote-host-fixture.ts';
import { type Sshd, untilConnections } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const needs = { skip: skipUnless('linux', 'root', 'sshd', 'ssh-keygen') };

/** The server's log comes a moment later than its answers. */
async function assertLogins(sshd: Sshd, count: number): Promise<void> {
  const logins = () => sshd.log().filter((line) => line.startsWith('Accepted publickey')).length;
  while (logins() < count) await sleep(20);
  assert.equal(logins(), count);
}

/** Waits on the host until so many of these scripts run there, tells how many it saw, and holds its place until told to go. */
function meeting(directory: string, howMany: number): string {
  return `cd ${directory}
    : > "in.$$"
    tries=0
    while [ "$(ls | grep -c '^in')" -lt ${howMany} ] && [ ! -e met ] && [ $tries -lt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
    ls | grep -c '^in'
    : > met
    rm "in.$$"`;
}

async function runTogether(remote: Ssh2RemoteHost, host: HostSettings, script: string, howMany: number) {
  return Promise.all(Array.from({ length: howMany }, () => remote.run(host, script, CALM)));
}

describe('one connection to a host', needs, () => {
  test('the bot runs one script after another over the same connection to a host', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    for (let run = 0; run < 5; run += 1) {
      assert.equal(summary(await remote.run(sshd.hostSettings('git01'), 'echo well', CALM)), 'exit 0: well\n');
    }
    await assertLogins(sshd, 1);
  });

  test('scripts with and without sudo share a connection, but not with another host or another account', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const hosts = [
      sshd.hostSettings('git01'),
      sshd.hostSettings('git01', { ssh: { sudo: true } }),
      sshd.hostSettings('git02'),
      sshd.hostSettings('git01', { ssh: { user: 'sync' } }),
    ];
    for (const host of hosts) await remote.run(host, 'true', CALM);
    await assertLogins(sshd, 3);
  });

  test('an idle connection is closed after its idle time, but not while a longer script runs', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { idleMs: 50 } });
    const host = sshd.hostSettings('git01');
    const longer = remote.run(host, 'sleep 1; echo well', CALM);
    await remote.run(host, 'true', CALM);
    assert.equal(summary(await longer), 'exit 0: well\n');
    await untilConnections(sshd, 0);
    assert.equal(summary(await remote.run(host, 'echo again', CALM)), 'exit 0: again\n');
  });

  test('the connection to a host that was removed from the config ends after its running script, and other hosts keep theirs', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const [kept, gone] = [sshd.hostSettings('git01'), sshd.hostSettings('git02')];
    await remote.run(kept, 'true', CALM);
    const longer = remote.run(gone, 'sleep 1; echo well', CALM);
    await assertLogins(sshd, 2);
    remote.keepOnly([{ ...kept, registry: { ...kept.registry, debugUrl: 'http://127.0.0.1:5001' } }]);
    assert.equal(summary(await longer), 'exit 0: well\n');
    await untilConnections(sshd, 1);
    await remote.run(kept, 'true', CALM);
    await assertLogins(sshd, 2);
    assert.equal(summary(await remote.run(gone, 'echo again', CALM)), 'exit 0: again\n', 'what runs on can go on');
  });

  test('a connection ends if its host’s address or login changes in the config', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01');
    await remote.run(host, 'true', CALM);
    remote.keepOnly([sshd.hostSettings('git01', { ssh: { user: 'sync' } })]);
    await untilConnections(sshd, 0);
  });

  test('the bot opens a new connection if the server was killed meanwhile', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01');
    await remote.run(host, 'true', CALM);
    for (const pid of await sshd.connectionPids()) process.kill(pid, 'SIGKILL');
    assert.equal(summary(await remote.run(host, 'echo again', CALM)), 'exit 0: again\n');
    await assertLogins(sshd, 2);
  });

  test('the bot opens a new connection if the server no longer answers, before it runs anything', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, {
      limits: { acceptTimeoutMs: 1000, keepaliveIntervalMs: 600_000 },
    });
    const host = sshd.hostSettings('git01');
    await remote.run(host, 'true', CALM);
    for (const pid of await sshd.connectionPids()) process.kill(pid, 'SIGSTOP');
    assert.equal(summary(await remote.run(host, 'echo again', CALM)), 'exit 0: again\n');
    await assertLogins(sshd, 2);
  });

  test('a script whose connection freezes while it runs ends with an unknown outcome', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, {
      limits: { keepaliveIntervalMs: 200, keepaliveCountMax: 3 },
    });
    const host = sshd.hostSettings('git01');
    const server = `$(cut -d ' ' -f 4 /proc/$PPID/stat)`;
    const outcome = await remote.run(host, `kill -STOP ${server}; sleep 20`, CALM);
    assert.ok(outcome.kind === 'no-exit-status', summary(outcome));
    assert.match(sshProblem(outcome.why), /connection was lost.*Keepalive timeout/);
  });

  test('a connection whose script prints nothing for a while is kept', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, {
      limits: { keepaliveIntervalMs: 50, keepaliveCountMax: 100 },
    });
    assert.equal(summary(await remote.run(sshd.hostSettings('git01'), 'sleep 1; echo well', CALM)), 'exit 0: well\n');
  });
});

describe('many scripts at once', needs, () => {
  test('many scripts for one host share one connection and run in parallel up to the limit', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { maxSessionsPerHost: 3 } });
    const directory = join(sshd.directory, 'meeting');
    await mkdir(directory);
    const outcomes = await runTogether(remote, sshd.hostSettings('git01'), meeting(directory, 3), 9);
    const seen = outcomes.map((outcome) => Number(stdoutOf(outcome)));
    assert.ok(outcomes.every((outcome) => outcome.kind === 'exited' && outcome.exitCode === 0));
    assert.equal(Math.max(...seen), 3, `saw ${seen.join()}`);
    await assertLogins(sshd, 1);
  });

  test('many scripts for one host get a connection each if the server allows one session per connection', async (t) => {
    const sshd = await sshdFor(t, { config: ['MaxSessions 1'] });
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { maxSessionsPerHost: 4 } });
    const directory = join(sshd.directory, 'meeting');
    await mkdir(directory);
    const outcomes = await runTogether(remote, sshd.hostSettings('git01'), meeting(directory, 4), 8);
    assert.deepEqual(
      new Set(outcomes.map((outcome) => outcome.kind)),
      new Set(['exited']),
      outcomes.map(summary).join(),
    );
    assert.equal(Math.max(...outcomes.map((outcome) => Number(stdoutOf(outcome)))), 4);
  });

  test('a script is rejected before any of it runs if too many scripts already wait for the host', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { maxSessionsPerHost: 1, maxWaitingPerHost: 2 } });
    const host = sshd.hostSettings('git01');
    const outcomes = await runTogether(remote, host, `echo run >>${sshd.directory}/runs`, 5);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['exited', 'exited', 'exited', 'not-connected', 'not-connected'],
    );
    assert.match(
      summary(outcomes[4] ?? assert.fail()),
      /^host-unreachable: 2 scripts for this host wait.*Nothing was run/,
    );
    assert.equal(stdoutOf(await remote.run(host, `cat ${sshd.directory}/runs`, CALM)), 'run\n'.repeat(3));
  });

  test('approved plans overtake other scripts that wait for a host, and are never rejected', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { maxSessionsPerHost: 1, maxWaitingPerHost: 2 } });
    const host = sshd.hostSettings('git01');
    const order = join(sshd.directory, 'order');
    const note = (name: string) => `echo ${name} >>${order}`;
    const first = remote.run(host, note('first'), CALM);
    const looks = ['a', 'b'].map((name) => remote.run(host, note(name), CALM));
    const approved = remote.run(host, note('approved'), { ...CALM, approved: true });
    for (const outcome of await Promise.all([first, ...looks, approved])) assert.equal(outcome.kind, 'exited');
    assert.deepEqual((await readFile(order, 'utf8')).split('\n'), ['first', 'approved', 'a', 'b', '']);
  });

  test('the bot runs scripts on a hundred hosts at once', async (t) => {
    const sshd = await sshdFor(t, { everyLoopbackAddress: true });
    const remote = remoteHostFor(t, sshd.knownHostsFile, {
      limits: { connectTimeoutMs: 120_000, handshakeTimeoutMs: 120_000, acceptTimeoutMs: 120_000 },
    });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const address = `127.0.0.${index + 1}`;
        // Only a command that enters another place gets the login's environment.
        const settings = sshd.hostSettings(`git${index + 1}`, { ssh: { address } });
        const host = { ...settings, enter: ['/usr/bin/env'] };
        return remote.run(host, `set -- $SSH_CONNECTION; echo "$3"`, CALM);
      }),
    );
    assert.deepEqual(
      outcomes.map(summary),
      Array.from({ length: 100 }, (_, index) => `exit 0: 127.0.0.${index + 1}\n`),
    );
  });
});

describe('shutdown of the SSH connections', needs, () => {
  test('on shutdown the bot finishes running and waiting scripts, accepts no new ones and closes every connection', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { maxSessionsPerHost: 1 } });
    const host = sshd.hostSettings('git01');
    const running = runTogether(remote, host, 'sleep 0.3; echo well', 2);
    const closed = remote.close();
    assert.match(summary(await remote.run(host, 'echo late', CALM)), /^host-unreachable: .*shutting down/);
    await closed;
    assert.deepEqual((await running).map(summary), ['exit 0: well\n', 'exit 0: well\n']);
    await untilConnections(sshd, 0);
  });

  test('on shutdown the bot does not wait for a frozen server', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile, { limits: { keepaliveIntervalMs: 600_000 } });
    await remote.run(sshd.hostSettings('git01'), 'true', CALM);
    for (const pid of await sshd.connectionPids()) process.kill(pid, 'SIGSTOP');
    await remote.close();
  });
});
