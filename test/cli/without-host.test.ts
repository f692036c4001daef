import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { startHealthServer } from '../../src/http/health-server.ts';
import { healthSocketFile } from '../../src/http/health-socket.ts';
import { messageOf } from '../../src/model/message-of.ts';
import { DiagnosisReport } from '../../src/telling/json/diagnosis-report.ts';
import { runCli } from '../support/bots/run-cli.ts';
import { runHere } from '../support/bots/run-here.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';
import { skipUnless } from '../support/requirements.ts';

/** What the command line does where no host can be reached and no bot runs; needs no root. */

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const TOKENS = { SLACK_BOT_TOKEN: 'xoxb-1-a', SLACK_APP_TOKEN: 'xapp-1-a' };

let directory: string;
let configFile: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-cli-'));
  configFile = await config('config.yml');
  await writeFile(join(directory, 'known_hosts'), '');
});

after(() => rm(directory, { recursive: true, force: true }));

/** A config whose one host is where nothing listens (port 1, tcpmux), changed as asked. */
async function config(name: string, change: Record<string, unknown> = {}): Promise<string> {
  const file = join(directory, name);
  const host = { address: '127.0.0.1', port: 1, user: 'u', identityFile: 'id', registry: { layout: 'distribution' } };
  await writeFile(file, stringify({ ssh: { knownHosts: 'known_hosts' }, hosts: { git01: host }, ...change }));
  return file;
}

const SLACK = { slack: { mode: 'socket', incidentChannel: 'C0123456' }, store: { url: 'sqlite:./record.db' } };

test('diagnose of an unreachable host is inconclusive: status 3, the usual JSON shape, and the reason as a finding', async (t) => {
  if (!skipUnless('ssh-keygen')) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'id')]);
  } else t.diagnostic('without ssh-keygen the key is missing, which is found first');
  const { status, stdout } = await runHere(['diagnose', 'git01', '--config', configFile, '--json']);
  const report = DiagnosisReport.parse(JSON.parse(stdout));
  assert.equal(status, 3);
  assert.equal(report.verdict, 'inconclusive');
  assert.equal(report.plan, null);
  assert.match(report.findings[0]?.id ?? '', /^(host-unreachable|login-key-unusable)$/);
});

test('diagnose --save-facts of a host that gave no facts says that there is nothing to save', async () => {
  const file = join(directory, 'none.json');
  const { status, stderr } = await runHere(['diagnose', 'git01', '--config', configFile, '--save-facts', file]);
  assert.equal(status, 3);
  assert.match(stderr, /No facts to save: .*none\.json was not written\./);
  assert.ok(!(await readdir(directory)).includes('none.json'));
});

test('every command prints config errors one by one and then does nothing', async () => {
  const file = await config('faulty.yml', { extra: 1, policy: { approvalTtlMinutes: 0 } });
  for (const args of [['diagnose', 'git01', '--json'], ['serve'], ['audit', 'verify'], ['host', 'setup', 'git01']]) {
    const { status, stdout, stderr } = await runHere([...args, '--config', file]);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: '' }, args.join(' '));
    assert.match(stderr, /faulty\.yml:\d+: unknown key "extra"/);
    assert.match(stderr, /faulty\.yml:\d+: "policy\.approvalTtlMinutes" is 0/);
    assert.match(stderr, /Nothing was done\. Fix these 2 problems/);
  }
});

test('serve reports all missing environment variables in one run', async () => {
  const { status, stderr } = await runHere(['serve', '--config', configFile], { LOG_LEVEL: 'loud' });
  assert.equal(status, 2);
  for (const lack of ['"slack" is missing', '"store" is missing', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'LOG_LEVEL']) {
    assert.ok(stderr.includes(lack), lack);
  }
});

test('serve does not start if it can’t open its audit record, and says why', async () => {
  const file = await config('no-record.yml', { ...SLACK, store: { url: 'sqlite:./missing/record.db' } });
  const { status, stdout, stderr } = await runCli(['serve', '--config', file], TOKENS);
  assert.equal(status, 1);
  assert.match(stderr, /^The bot did not start: The record cannot be at .*missing/);
  assert.match(stdout, /"msg":"did not start"/);
  assert.ok(!stdout.includes(TOKENS.SLACK_BOT_TOKEN));
});

test('diagnose runs without Slack settings and without an audit record; commands about the record need it', async () => {
  for (const args of [['audit', 'list'], ['audit', 'verify'], ['health']]) {
    const { status, stderr } = await runHere([...args, '--config', configFile]);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, /"store" is missing/);
  }
});

test('audit verify does not call a missing record intact', async () => {
  const file = await config('with-store.yml', SLACK);
  const { status, stderr } = await runHere(['audit', 'verify', '--config', file]);
  assert.equal(status, 1);
  assert.match(stderr, /There is no record at .*record\.db/);
  assert.ok(!(await readdir(directory)).includes('record.db'));
});

test('health fails if no bot is running', async () => {
  const file = await config('health.yml', { ...SLACK, store: { url: 'sqlite:./idle.db' } });
  await writeFile(join(directory, 'idle.db'), '');
  const { status, stderr } = await runHere(['health', '--config', file]);
  assert.equal(status, 1);
  assert.match(stderr, /^No bot answers for the record \S+idle\.db \(socket \S+idle\.db\.sock\)\./);
});

test('health asks the bot of its own record, not one with another record in the same directory', async () => {
  const file = await config('no-bot.yml', { ...SLACK, store: { url: 'sqlite:./never-made.db' } });
  await writeFile(join(directory, 'running.db'), '');
  const socketFile = healthSocketFile({ url: `sqlite:${join(directory, 'running.db')}`, socket: null });
  const other = await startHealthServer({ socketFile, probes: {}, timeoutMs: 1000, said: messageOf, drain: () => {} });
  const { status, stdout, stderr } = await runHere(['health', '--config', file]).finally(() => other.close());
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  assert.match(stderr, /^There is no record at \S+never-made\.db, so no bot runs with this config\./);
});

test('check names everything that failed or was skipped', async () => {
  const file = await config('check.yml', SLACK);
  const { status, stdout } = await runHere(['check', '--config', file], { SLACK_APP_TOKEN: 'nonsense' });
  assert.equal(status, 1);
  assert.match(stdout, /^ok +config file: .*check\.yml, 1 host$/m);
  assert.match(stdout, /^FAILED +environment: SLACK_BOT_TOKEN is not set/m);
  assert.match(stdout, /^FAILED +environment: SLACK_APP_TOKEN is not valid/m);
  assert.match(stdout, /^FAILED +git01: /m);
  assert.match(stdout, /^skipped +Slack: an earlier check failed$/m);
  assert.match(stdout, /^\d checks failed, \d skipped\.$/m);
  assert.doesNotMatch(stdout, /All checks passed/);
  assert.ok(!stdout.includes('nonsense'));
});

test('check notes that no one is told of warnings if hosts are watched with neither deeper looks nor the nightly look', async () => {
  // The registry of each is an object of its own: YAML would write one that several share as an alias.
  const watched = (watch: object) => ({
    ...{ address: '127.0.0.1', port: 1, user: 'u', identityFile: 'id', registry: { layout: 'distribution' } },
    watch: { intervalSeconds: 30, ...watch },
  });
  const without = () => watched({ deepLookMinutes: 0 });
  const hosts = { git01: without(), git02: without(), git03: watched({}) };
  const noteWith = async (change: Record<string, unknown>) => {
    const file = await config('watched.yml', { ...SLACK, hosts, ...change });
    const { stdout } = await runHere(['check', '--config', file]);
    assert.match(stdout, /^ok +config file/m);
    return stdout.split('\n').filter((line) => line.includes('nightly look'));
  };
  assert.deepEqual(await noteWith({}), [
    'note     nightly look: no fleetLook: section and watch.deepLookMinutes: 0, so no one is told of warnings on 2 watched hosts. An ending certificate or a nearly full disk opens no incident. Set fleetLook.at, for example "03:00"',
  ]);
  assert.deepEqual(await noteWith({ fleetLook: { at: '03:00' } }), []);
  assert.deepEqual(await noteWith({ hosts: { git03: hosts.git03 } }), [], 'deeper looks tell them');
  assert.deepEqual(await noteWith({ slack: undefined }), [], 'no bot runs');
});

test('check reports that the token of an alert source is missing, and serve does not start without it', async () => {
  const alerts = { port: 9095, sources: { prometheus: { kind: 'alertmanager' } } };
  const file = await config('alerts.yml', { ...SLACK, alerts });
  const { stdout } = await runHere(['check', '--config', file], TOKENS);
  assert.match(stdout, /^FAILED +environment: ALERT_TOKEN_PROMETHEUS is not set; expected the token/m);
  const { status, stderr } = await runHere(['serve', '--config', file], TOKENS);
  assert.equal(status, 2);
  assert.match(stderr, /environment: ALERT_TOKEN_PROMETHEUS is not set/);
});

test('check of a config without a Slack section tests only the hosts', async () => {
  const { stdout } = await runHere(['check', '--config', configFile]);
  assert.match(stdout, /^skipped +Slack: no slack: section, so `diagnose` works and `serve` doesn’t$/m);
  assert.match(stdout, /^FAILED +git01: /m);
});

test('check tests the bot’s signing key, and fails if its passphrase is missing', {
  skip: skipUnless('ssh-keygen'),
}, async () => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'sesame', '-f', join(directory, 'plan_key')]);
  const file = await config('signing.yml', { signing: { key: 'plan_key' } });
  const locked = await runHere(['check', '--config', file]);
  assert.match(locked.stdout, /^FAILED +signing key: The signing key .*plan_key is protected by a passphrase/m);
  const opened = await runHere(['check', '--config', file], { SSH_KEY_PASSPHRASE: 'sesame' });
  assert.match(opened.stdout, /^ok +signing key: .*plan_key$/m);
});

test('check prints config errors one per line', async () => {
  const { status, stdout } = await runHere(['check', '--config', join(directory, 'missing.yml')]);
  assert.equal(status, 1);
  assert.match(stdout, /^FAILED +config file: .*missing\.yml: no such file$/m);
});

test('the program ends without an error message when the program that reads its output closes the pipe', async () => {
  const facts = join(directory, 'facts.json');
  await writeFile(facts, JSON.stringify(incidentFacts()));
  const child = spawn(process.execPath, [MAIN, 'diagnose', '--facts', facts], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (part) => (stderr += part));
  const [status] = await once(child, 'close');
  assert.equal(stderr, '');
  // The whole report may fit into the pipe before anyone notices.
  assert.ok(status === 141 || status === 1, String(status));
});

test('check fails on a policy under which no one can approve a plan', async () => {
  const { status, stdout } = await runHere(['check', '--config', await config('nobody.yml', SLACK)]);
  assert.match(stdout, /^FAILED +policy: no one can approve plans for git01\. Add people to policy\.approvers$/m);
  assert.equal(status, 1);
});

test('check fails on a policy that names fewer approvers than its plans need', async () => {
  const policy = { approvers: { users: ['U0BOB'] }, approvalsNeeded: { low: 2, high: 3 } };
  const { stdout } = await runHere(['check', '--config', await config('few.yml', { ...SLACK, policy })]);
  assert.match(stdout, /^FAILED +policy: low-risk plans for git01 need 2 approvers, but policy\.approvers names 1\./m);
  assert.match(stdout, /^FAILED +policy: high-risk plans for git01 need 3 approvers, .*set approvalsNeeded\.high: 1$/m);
});

test('check reports a break-glass keys file that can’t be read, and fix reports it before it contacts a host', async () => {
  const file = await config('glass.yml', { ...SLACK, breakGlass: { allowedSigners: 'no-such-file' } });
  const checked = await runHere(['check', '--config', file]);
  assert.match(checked.stdout, /^FAILED +break glass: can’t read .*no-such-file, so `fix` would reject every key$/m);
  const { status, stdout, stderr } = await runHere(['fix', 'git01', '--config', file, '--key', configFile]);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^Can’t read .*no-such-file\. Nothing was checked or changed\./);
});

test('check fails on a break-glass keys file without a valid line, and shows an example line', async () => {
  await writeFile(join(directory, 'signers'), '# ann ssh-ed25519 AAAA\nssh-ed25519 AAAA ann\n');
  const file = await config('no-key.yml', { ...SLACK, breakGlass: { allowedSigners: 'signers' } });
  const { stdout } = await runHere(['check', '--config', file]);
  assert.match(
    stdout,
    /^FAILED +break glass: no line of \S+signers is a key .* A line looks like: ann namespaces="registry-doctor-break-glass" ssh-ed25519 AAAA…$/m,
  );
});

test('check fails if only approvers can request and too few remain to approve, and only notes it if others can request', async () => {
  const approvers = { users: ['U0BOB', 'U0CAROL'] };
  const only = await config('only.yml', { ...SLACK, policy: { approvers, requesters: structuredClone(approvers) } });
  const failed = await runHere(['check', '--config', only]);
  assert.match(
    failed.stdout,
    /^FAILED +policy: no one can approve high-risk plans for git01: they need 2 approvers, and without the requester only 1 is left\./m,
  );
  const noted = await runHere(['check', '--config', await config('noted.yml', { ...SLACK, policy: { approvers } })]);
  assert.match(
    noted.stdout,
    /^note +policy: if an approver requests them, no one can approve high-risk plans for git01: /m,
  );
});
