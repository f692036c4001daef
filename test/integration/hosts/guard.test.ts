import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { parseApplyOutcome } from '../../../src/host/answer/parse-apply-outcome.ts';
import { applyRequest, askRequest, versionRequest } from '../../../src/host/request/guard-request.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { chmodStep, samplePlan } from '../../host/sample-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { hostPath } from '../../host/scratch-tree.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob, until } from '../../support/bots/main-job.ts';
import { runCli } from '../../support/bots/run-cli.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The whole way over an installed guard: a forced command, one line of sudoers, signed plans. And what a stolen SSH key is good for. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'sudo', 'useradd', 'ssh-keygen');
const NONCE = 'stolenkey1';
const Config = z.looseObject({ hosts: z.object({ git01: z.looseObject({}) }) });

describe('a host with an installed guard', { skip }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ installed: { approver: false } });
  });
  after(() => job.end());

  const guard = () => job.guard ?? assert.fail();
  /** As someone who has the bot's SSH key, with OpenSSH's own client. */
  const ssh = (args: readonly string[], command: readonly string[], input: string) => {
    const { stdout, stderr, status } = spawnSync(
      'ssh',
      [
        ...['-F', 'none', '-i', job.sshd.clientKeyFile, '-p', String(job.sshd.port)],
        ...['-o', `UserKnownHostsFile=${job.sshd.knownHostsFile}`, '-o', 'BatchMode=yes', ...args],
        `${guard().account}@127.0.0.1`,
        ...command,
      ],
      { input, timeout: SOON_MS },
    );
    return { stdout, said: `${stdout.toString('latin1')}${stderr}`, status };
  };
  const stolenKey = (plan: Plan, signature: string | null) =>
    parseApplyOutcome(ssh([], [], applyRequest(NONCE, { plan, signature, approvals: [] })).stdout, NONCE);
  /** `check` with other settings for git01. */
  const checkWith = async (settings: Record<string, unknown>) => {
    const config = Config.parse(parse(readFileSync(job.files.configFile, 'utf8')));
    const file = join(job.files.directory, 'other.yml');
    writeFileSync(file, stringify({ ...config, hosts: { git01: { ...config.hosts.git01, ...settings } } }));
    const { status, stdout } = await runCli(['check', '--config', file], job.slack.environment);
    return { stdout, exitCode: status };
  };
  const planFor = () => {
    const root = hostPath(job.registry.bytes('registry'));
    const steps = [chmodStep(job.registry.bytes('ops'), '0751'), chmodStep(job.registry.bytes('disk4t'), '0701')];
    return samplePlan({ steps, storageRoot: root, host: HostName.parse('git01') });
  };

  test('check passes for a host with an installed guard', async () => {
    const { stdout } = await job.files.cli('check');
    assert.match(stdout, /^ok +git01: guard: installed as \S+, version matches \(sha256 /m);
    assert.match(stdout, /^ok +git01: sudo$/m);
  });

  test('check fails if an older authorized_keys line, which does not force the guard, comes first for the bot’s key', async () => {
    const keys = `/home/${guard().account}/.ssh/authorized_keys`;
    const installed = readFileSync(keys, 'utf8');
    writeFileSync(keys, `restrict ${readFileSync(`${job.sshd.clientKeyFile}.pub`, 'utf8')}${installed}`);
    assert.match(ssh([], ['id'], '').said, /uid=/, 'the first line wins');
    for (const sudo of [true, false]) {
      const { stdout, exitCode } = await checkWith({ sudo });
      assert.match(
        stdout,
        /^FAILED +git01: forced command: the SSH key can run any command on git01 as \S+, not only the guard\./m,
      );
      assert.match(
        stdout,
        /The line in authorized_keys is not the guard’s: an older line with this key comes first, or /,
      );
      assert.doesNotMatch(stdout, /sudo: true|sudoers|All checks passed/);
      assert.equal(exitCode, 1);
    }
    guard().follow((await job.files.cli('host', 'setup', 'git01')).stdout);
    assert.equal(readFileSync(keys, 'utf8'), installed, '`host setup` replaces that line');
    assert.doesNotMatch(ssh([], ['id'], '').said, /uid=/);
  });

  test('a host with an installed guard needs no sudo in the config, since the forced command uses sudo', async () => {
    const { stdout } = await checkWith({ sudo: false });
    assert.match(stdout, /^ok +git01: sudo$/m);
    assert.match(stdout, /^ok +git01: guard: installed as /m);
  });

  const ATTEMPTS: Readonly<Record<string, readonly [args: readonly string[], command: readonly string[]]>> = {
    'a command': [[], ['id']],
    'a shell over standard input': [[], ['/bin/sh', '-s']],
    'sudo with another command': [[], ['sudo', '-n', 'id']],
  };
  for (const [what, [args, command]] of Object.entries(ATTEMPTS)) {
    test(`a stolen SSH key that requests ${what} still gets only the guard`, () => {
      const { said } = ssh(args, command, 'id\n');
      assert.doesNotMatch(said, /uid=/);
      assert.match(said, /registry-doctor guard: request-malformed/);
    });
  }

  for (const [what, args] of [
    ['a terminal', ['-tt']],
    ['file transfer', ['-s', 'sftp']],
  ] as const) {
    test(`a stolen SSH key gets no ${what} on a host with an installed guard`, () => {
      assert.match(ssh([], args, 'id\n').said, /request failed on channel 0/);
    });
  }

  test('a stolen SSH key gets no port forwarding on a host with an installed guard', () => {
    const { said, status } = ssh(['-W', `127.0.0.1:${job.sshd.port}`], [], '');
    assert.notEqual(status, 0);
    assert.match(said, /prohibited|administratively/);
  });

  test('on a host with an installed guard the bot’s account can run only the guard as root, without arguments', () => {
    const sudo = (...words: string[]) =>
      spawnSync(
        'setpriv',
        ['--reuid', guard().account, '--regid', guard().account, '--init-groups', 'sudo', '-n', ...words],
        {
          input: versionRequest(NONCE),
        },
      );
    assert.match(sudo(guard().path).stdout.toString('latin1'), /way\0installed/);
    for (const words of [['id'], ['/bin/sh', '-s'], [guard().path, 'in-time'], [guard().path, 'over-stdin', 'x']]) {
      const { stdout, status } = sudo(...words);
      assert.deepEqual({ stdout: stdout.toString(), status }, { stdout: '', status: 1 }, words.join(' '));
    }
  });

  test('a stolen SSH key can still diagnose a host with an installed guard', () => {
    const { registry } = job;
    const host = hostSettings({ config: registry.registrySettings().config, serviceUser: registry.serviceUser.name });
    assert.match(ssh([], [], askRequest({ nonce: NONCE, host })).said, /registry-doctor\/1 ask/);
  });

  test('the guard refuses a plan sent with a stolen SSH key: unsigned, or signed with that key', () => {
    const plan = planFor();
    assert.deepEqual(stolenKey(plan, null), { kind: 'refused', why: { code: 'not-signed' } });
    assert.partialDeepStrictEqual(stolenKey(plan, 'U1NIU0lH'), { kind: 'refused' });
    assert.deepEqual(job.modes(), ['750', '700']);
  });

  test('the guard runs the approved plan that the bot signed, and does not run it again if it is sent twice', async () => {
    await job.click('U0BOB', await job.askForPlan(), 'approve_plan');
    const well = await job.slack.waitForMessage((message) => hasAction(message, 'undo_plan'), SOON_MS);
    assert.ok(says(well, 'git01 is healthy again'));
    assert.deepEqual(job.modes(), ['751', '701']);
  });

  test('check reports an installed guard whose file was changed as a different version', async () => {
    const kept = join(guard().directory, 'kept');
    copyFileSync(guard().path, kept);
    appendFileSync(guard().path, '# changed\n');
    const changed = await job.files.cli('check');
    copyFileSync(kept, guard().path);
    assert.match(changed.stdout, /^FAILED +git01: guard: the guard on git01 is a different version \(sha256 /m);
    assert.equal(changed.status, 1);
  });

  test('check reports that others than root can change the keys whose signatures the guard accepts', async () => {
    const signers = join(guard().directory, 'installed', 'allowed_signers');
    chmodSync(signers, 0o666);
    const { stdout } = await job.files.cli('check');
    chmodSync(signers, 0o644);
    assert.match(stdout, /allowed_signers beside the guard on git01 can be changed by others than root/);
  });

  test('a diagnosis of a host whose guard does not run is inconclusive, and says what did not run', async () => {
    const kept = join(guard().directory, 'kept');
    writeFileSync(guard().path, '#!/bin/sh\nexit 3\n');
    const { stdout, status } = await job.files.cli('diagnose', 'git01');
    copyFileSync(kept, guard().path);
    assert.equal(status, 3);
    assert.match(stdout, /ended with status 3/);
  });
});

describe('a monitored host with an installed guard', { skip }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({
      installed: { approver: false },
      registry: { closed: [] },
      watchSeconds: 1,
      withUrls: true,
    });
  });
  after(() => job.end());

  /** What the registry's port, or another one, answers over a forwarding of the bot's SSH key. */
  const forwarded = (port: string) => {
    const { clientKeyFile, knownHostsFile, port: sshPort } = job.sshd;
    const args = [
      '-F',
      'none',
      '-i',
      clientKeyFile,
      '-p',
      String(sshPort),
      '-o',
      `UserKnownHostsFile=${knownHostsFile}`,
    ];
    const to = ['-o', 'BatchMode=yes', '-W', `127.0.0.1:${port}`, `${job.guard?.account}@127.0.0.1`];
    const input = 'GET /v2/ HTTP/1.0\r\n\r\n';
    const { stdout, stderr } = spawnSync('ssh', [...args, ...to], { input, timeout: SOON_MS });
    return `${stdout}${stderr}`;
  };

  test('the bot’s key on a monitored host can connect to the registry’s own ports there, and to no other port', () => {
    assert.match(forwarded(new URL(job.registry.url).port), /^HTTP\/1\.0 200 OK/);
    assert.match(forwarded(new URL(job.registry.debugUrl).port), /^HTTP\/1\.0 /);
    assert.match(forwarded(String(job.sshd.port)), /prohibited|administratively/);
  });

  test('check says that a host is monitored through the SSH connection, and the bot does monitor it that way', async () => {
    const { stdout } = await job.files.cli('check');
    assert.match(
      stdout,
      /^ok +git01: monitoring: over HTTP through the SSH connection, at http:\S+\/v2\/; nothing runs/m,
    );
    const looks = (way: string) => job.bot().log().split(`"way":"${way}"`).length - 1;
    await until(() => looks('from-host') >= 3, 'no look went through the SSH connection');
    assert.equal(looks('guard'), 0);
  });
});

describe('a host that requires approver signatures of high-risk plans', { skip }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({
      installed: { approver: true },
      registry: { closed: [] },
      policy: { approvers: { users: ['U0BOB'] }, approvalsNeeded: { high: 1 } },
    });
    // The right to write is more than the way through: a plan of high risk.
    chmodSync(job.registry.bytes('registry'), 0o500);
  });
  after(() => job.end());

  const mode = () => statSync(job.registry.bytes('registry')).mode & 0o7777;
  /** The text that the form shows, signed with a key as an approver would. */
  const signed = async (keyFile: string) => {
    const view = job.slack.views('U0BOB').at(-1)?.view ?? assert.fail();
    const shown = /registry-doctor-plan\/2\\n.*?\\nend/.exec(JSON.stringify(view.blocks))?.[0] ?? assert.fail();
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [new URL('../../../src/main.ts', import.meta.url).pathname, 'sign', '-', '--key', keyFile, '--yes'],
      { input: JSON.parse(`"${shown}"`), encoding: 'utf8' },
    );
    assert.match(stdout, /BEGIN SSH SIGNATURE/, stderr);
    return stdout;
  };
  const openForm = async (card: SlackMessage) => {
    const before = job.slack.views('U0BOB').length;
    await job.click('U0BOB', card, 'approve_plan');
    await until(() => job.slack.views('U0BOB').length > before, 'no form was opened');
    return job.slack.views('U0BOB').at(-1)?.id ?? '';
  };
  const submit = (viewId: string, typed: string) =>
    job.slack.submitView({ user: 'U0BOB', viewId, values: { answer: { answer: typed } } });

  test('the bot asks for an approver’s signature of a high-risk plan, and both bot and host refuse a signature that does not fit', async () => {
    const card = await job.askForPlan();
    assert.ok(says(card, 'high access risk'));
    await submit(await openForm(card), 'not a signature');
    await job.slack.waitForEphemeral('U0BOB', ({ text }) => /was not approved/.test(text), SOON_MS);
    const stranger = job.guard?.signingKeyFile ?? assert.fail();
    await submit(await openForm(card), await signed(stranger));
    const refused = await job.slack.waitForMessage((message) => says(message, 'Nothing was changed on git01'), SOON_MS);
    assert.ok(says(refused, 'the approver’s signature is not by a key that this host knows'));
    assert.equal(mode(), 0o500);
  });

  test('a host that requires approver signatures runs a high-risk plan once a known approver has signed it', async () => {
    const card = await job.askForPlan();
    await submit(await openForm(card), await signed(job.guard?.approverKeyFile ?? assert.fail()));
    await job.slack.waitForMessage((message) => says(message, 'on git01 changed as planned'), SOON_MS);
    assert.equal(mode(), 0o700);
  });
});
