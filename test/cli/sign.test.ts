import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { text as textOf } from 'node:stream/consumers';
import { after, before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { planDocument } from '../../src/host/request/plan-document.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { shellQuote } from '../../src/words/shell-quote.ts';
import { samplePlan } from '../host/sample-plan.ts';
import { sshKeygen } from '../ssh/ssh-keygen-program.ts';
import { openSqliteAt } from '../store/open-store.ts';
import { openIncident, proposePlan } from '../store/samples.ts';
import { atTerminal, CTRL_C } from '../support/bots/at-terminal.ts';
import { BARE_ENVIRONMENT, type CliResult } from '../support/bots/run-cli.ts';
import { makeKey } from '../support/hosts/sshd.ts';
import { skipUnless } from '../support/requirements.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** A plan that has some time left. */
const PLAN = planDocument(samplePlan({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() }));

describe('registry-doctor sign', { skip: skipUnless('linux', 'ssh-keygen', 'script') }, () => {
  let directory: string;
  const at = (name: string) => join(directory, name);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-sign-'));
    await mkdir(at('tmp'));
    await makeKey(directory, 'ann', 'ed25519');
    await makeKey(directory, 'locked', 'ed25519', 'open sesame');
    await writeFile(at('plan.txt'), PLAN);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const environment = () => ({ ...BARE_ENVIRONMENT, TMPDIR: at('tmp'), HOME: directory });

  /** Without a terminal, as in a pipeline: detached, it leaves the one that these tests may run on. */
  async function piped(args: readonly string[], input = '', more: Record<string, string> = {}): Promise<CliResult> {
    const child = spawn(process.execPath, [MAIN, 'sign', ...args], {
      detached: true,
      cwd: directory,
      env: { ...environment(), ...more },
    });
    const ended = once(child, 'close');
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    await ended;
    return { status: child.exitCode, stdout, stderr };
  }

  /** On a terminal of its own. What went to stdout is in a file. */
  async function typed(command: string, answers: Parameters<typeof atTerminal>[1]) {
    const line = `${shellQuote(process.execPath)} ${shellQuote(MAIN)} sign ${command} >signature`;
    const { status, screen, unasked } = await atTerminal(line, answers, { cwd: directory, env: environment() });
    assert.deepEqual(unasked, [], screen);
    return { status, screen, signature: await readFile(at('signature'), 'utf8') };
  }

  async function assertSigned(signature: string, document: string, key = 'ann'): Promise<void> {
    await writeFile(at('signers'), `approver ${await readFile(at(`${key}.pub`), 'utf8')}`);
    await writeFile(at('signature.sig'), signature);
    const by = ['-f', at('signers'), '-I', 'approver', '-n', 'registry-doctor-approval', '-s', at('signature.sig')];
    const { status, stderr } = await sshKeygen(['-Y', 'verify', ...by], document);
    assert.equal(status, 0, stderr);
  }

  /** Nothing signed, nothing on stdout, and nothing left lying about. */
  async function assertNotSigned(result: CliResult, status: number, why: RegExp): Promise<void> {
    assert.match(result.stderr, why);
    assert.deepEqual({ status: result.status, stdout: result.stdout }, { status, stdout: '' });
    assert.deepEqual(await readdir(at('tmp')), []);
  }

  test('sign shows the plan, asks for confirmation, and signs after “yes”', async () => {
    const { status, screen, signature } = await typed('plan.txt --key ann', [['sign? [y/N] ', 'y\n']]);
    assert.equal(status, 0, screen);
    assert.match(screen, /Plan 1-1 for git01 \(which calls itself `[^`]+`\) · hash `[0-9a-f]{4}…` · low risk/);
    assert.match(screen, /1\. `chmod 0711 \/srv\/closed`/);
    assert.match(screen, /Signed with the key SHA256:/);
    assert.doesNotMatch(screen, /Signing file/);
    await assertSigned(signature, PLAN);
    assert.deepEqual(await readdir(at('tmp')), []);
  });

  for (const answer of ['', 'yess']) {
    test(`sign does not sign when the answer to its question is “${answer}”`, async () => {
      const { status, screen, signature } = await typed('plan.txt --key ann', [['sign? [y/N] ', `${answer}\n`]]);
      assert.deepEqual({ status, signature }, { status: 1, signature: '' });
      assert.match(screen, /Nothing was signed/);
    });
  }

  test('sign accepts a plan through a pipe and still asks its question and the passphrase on the terminal', async () => {
    const { status, screen, signature } = await typed('- --key locked <plan.txt', [
      ['sign? [y/N] ', 'y\n'],
      ['Enter passphrase', 'open sesame\n'],
    ]);
    assert.equal(status, 0, screen);
    await assertSigned(signature, PLAN, 'locked');
    assert.doesNotMatch(screen, /sesame/);
  });

  test('Ctrl-C while ssh-keygen asks for a passphrase makes sign sign nothing and leave no file behind', async () => {
    const { status, signature } = await typed('plan.txt --key locked --yes', [['Enter passphrase', CTRL_C]]);
    assert.notEqual(status, 0);
    assert.equal(signature, '');
    assert.deepEqual(await readdir(at('tmp')), []);
  });

  test('sign that has no terminal to ask on signs nothing unless --yes is given', async () => {
    await assertNotSigned(await piped(['plan.txt', '--key', 'ann']), 1, /There is no terminal to ask on/);
  });

  test('sign --yes signs without asking and prints only the signature', async () => {
    const { status, stdout, stderr } = await piped(['plan.txt', '--key', 'ann', '--yes']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+-----END SSH SIGNATURE-----\n$/);
    await assertSigned(stdout, PLAN);
  });

  test('sign --yes does not sign an expired plan; without --yes a person can confirm it', async () => {
    const expired = planDocument(samplePlan());
    await writeFile(at('expired.txt'), expired);
    await assertNotSigned(
      await piped(['expired.txt', '--key', 'ann', '--yes']),
      1,
      /Plan 1-1 has expired, by this machine’s clock\. Nothing was signed\./,
    );
    const { screen, signature } = await typed('expired.txt --key ann', [['sign? [y/N] ', 'y\n']]);
    assert.match(screen, /That is over, by this machine's clock\./);
    await assertSigned(signature, expired);
  });

  test('sign signs a plan pasted with changed white space in the exact form in which the bot wrote it', async () => {
    const pasted = `\n \r\n${PLAN.replaceAll('\n', ' \t\r\n')}\r\n\n`;
    const { stdout, stderr } = await piped(['-', '--key', 'ann', '--yes'], pasted);
    assert.notEqual(stdout, '', stderr);
    await assertSigned(stdout, PLAN);
  });

  const NO_PLANS: readonly (readonly [what: string, text: string, why: RegExp])[] = [
    ['another text', 'registry-doctor-plan/3\nend\n', /line 1 is not right, “registry-doctor-plan\/2” is expected/],
    ['two plans', PLAN + PLAN, /line 35 is not right, the text should have ended/],
    ['larger than any plan', 'x'.repeat(5_000_000), /larger than 4 MiB/],
  ];
  for (const [what, text, why] of NO_PLANS) {
    test(`sign makes no signature when its input is ${what}`, async () => {
      await assertNotSigned(await piped(['-', '--key', 'ann', '--yes'], text), 2, why);
    });
  }

  test('sign fails if the plan file or the key file does not exist', async () => {
    await assertNotSigned(
      await piped(['missing.txt', '--key', 'ann', '--yes']),
      2,
      /^Can’t read missing\.txt: no such file\. Nothing was signed\./,
    );
    await assertNotSigned(await piped(['plan.txt', '--key', 'missing', '--yes']), 1, /did not sign with missing/);
  });

  test('sign with an encrypted key and no terminal fails at once and does not hang waiting for a passphrase', async () => {
    await assertNotSigned(await piped(['plan.txt', '--key', 'locked', '--yes']), 1, /did not sign with locked/);
  });

  test('sign says that ssh-keygen is not installed when it is missing', async () => {
    await mkdir(at('bin'));
    const result = await piped(['plan.txt', '--key', 'ann', '--yes'], '', { PATH: `${at('bin')}:/nowhere` });
    await assertNotSigned(result, 1, /ssh-keygen is not on this machine/);
  });

  test('sign accepts the .pub file of a key that an ssh-agent holds', async (t) => {
    const socket = await agentWith(t, await makeKey(directory, 'agents', 'ed25519'));
    await rename(at('agents'), at('elsewhere'));
    const args = ['plan.txt', '--key', 'agents.pub', '--yes'];
    const { stdout, stderr } = await piped(args, '', { SSH_AUTH_SOCK: socket });
    assert.notEqual(stdout, '', stderr);
    await assertSigned(stdout, PLAN, 'agents');
    await assertNotSigned(await piped(args), 1, /did not sign with agents\.pub/);
  });

  async function agentWith(t: TestContext, keyFile: string): Promise<string> {
    const socket = at('agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(agent, 'exit');
    t.after(async () => {
      agent.kill('SIGTERM');
      await ended;
    });
    await once(createInterface({ input: agent.stdout }), 'line');
    const add = spawn('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    await once(add, 'exit');
    return socket;
  }

  describe('sign PLAN-ID', () => {
    let config: string;
    let plan: Plan;
    const record = () => at('record.db');

    before(async () => {
      config = at('config.yml');
      const host = { address: '127.0.0.1', user: 'u', registry: { layout: 'omnibus' } };
      const sections = {
        store: { url: 'sqlite:record.db' },
        ssh: { knownHosts: 'known_hosts' },
        hosts: { git01: host },
      };
      await writeFile(config, stringify(sections));
    });

    /** The record with one more plan in it, which waits. */
    async function propose(t: TestContext) {
      const opened = await openSqliteAt(t, record());
      const incident = await openIncident(opened.store);
      plan = await opened.store.transact((tx) => proposePlan(tx, incident, new Date()));
      return opened;
    }

    const signById = (id: string = plan.id) => piped([id, '--config', config, '--key', 'ann', '--yes']);

    test('sign PLAN-ID shows the plan that is on record and does not change the record', async (t) => {
      const { close } = await propose(t);
      await close();
      const before = await readFile(record());
      const { status, stdout, stderr } = await signById();
      assert.equal(status, 0, stderr);
      assert.match(stderr, new RegExp(`Plan ${plan.id} for git01`));
      await assertSigned(stdout, planDocument(plan));
      assert.deepEqual(await readFile(record()), before);
    });

    test('sign PLAN-ID does not sign a plan that can no longer run', async (t) => {
      const { store, close } = await propose(t);
      await store.transact((tx) => tx.movePlan(plan.id, 'proposed', 'rejected'));
      await close();
      await assertNotSigned(await signById(), 1, /is rejected, so it needs no signature/);
    });

    test('sign PLAN-ID does not sign a plan that was altered in the record', async (t) => {
      const { close } = await propose(t);
      await close();
      const database = new DatabaseSync(record());
      const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
      for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
      database.prepare("UPDATE plans SET body = replace(body, '0751', '0757') WHERE id = ?").run(plan.id);
      database.close();
      await assertNotSigned(await signById(), 1, /is not the one that was sealed/);
      await rm(record());
    });

    test('sign PLAN-ID fails if the record does not have the plan or no config names the record', async (t) => {
      const { close } = await propose(t);
      await close();
      await assertNotSigned(await signById('999-1'), 2, /There is no plan 999-1 on record/);
      await assertNotSigned(await piped([plan.id, '--key', 'ann', '--yes']), 2, /--config has to say/);
    });
  });
});
