import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parseGuardReason } from '../../../src/host/frame/parse-guard-reason.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { checkHost, type LoginRuns, whatLoginRuns } from '../../../src/ssh/run/check-host.ts';
import { trialNote } from '../../../src/words/en/trial-check.ts';
import type { RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { skipUnless } from '../../support/requirements.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function exited(exitCode: number, stdout: string, stderr = ''): RemoteOutcome {
  return {
    kind: 'exited',
    exitCode,
    output: { stdout: bytes(stdout), stderr: bytes(stderr), truncated: false },
  };
}

/** The same with the random word of the script, which shows that it ran, for WORD. */
function hearing(script: string, outcome: RemoteOutcome): RemoteOutcome {
  if (outcome.kind !== 'exited') return outcome;
  const word = /uid-[0-9a-f]{16}/.exec(script)?.[0] ?? '';
  const { stdout, stderr } = outcome.output;
  const told = Buffer.from(stdout).toString().replaceAll('WORD', word);
  return exited(outcome.exitCode, told, Buffer.from(stderr).toString());
}

const GUARD_SAID = 'registry-doctor guard: request-foreign-byte\n';

const ANSWERS: readonly (readonly [what: string, answer: RemoteOutcome, runs: LoginRuns])[] = [
  ['a user id', exited(0, 'WORD 1000\n'), 'commands'],
  ['a greeting of the shell before the user id', exited(0, 'Welcome\n1000\nWORD 1000\n'), 'commands'],
  ['a user id and an error afterwards', exited(1, 'WORD 1000\n', 'logout hook failed'), 'commands'],
  ['a greeting with a number before the guard refuses', exited(64, 'Welcome\n1000\n', GUARD_SAID), 'guard'],
  ['a greeting that is a number, and nothing else', exited(0, '1000\n'), 'unclear'],
  ['the guard, which refuses what is not a request', exited(78, '', 'no request'), 'guard'],
  ['the guard, which does not know the request', exited(64, '', 'registry-doctor guard: …'), 'guard'],
  ['nothing and success', exited(0, ''), 'unclear'],
  ['an error of something else', exited(127, '', 'not found'), 'unclear'],
  [
    'a lost connection',
    { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } },
    'unclear',
  ],
];

for (const [what, answer, runs] of ANSWERS) {
  test(`the check of a host’s login takes ${what} as: ${runs}`, async () => {
    assert.equal(await whatLoginRuns({ run: async (_, script) => hearing(script, answer) }, hostSettings({})), runs);
  });
}

for (const exitCode of [64, 78]) {
  test(`the check of a host reports a key that is forced to a guard, if the config names no guard (status ${exitCode})`, async () => {
    const checks = await checkHost({ run: async () => exited(exitCode, '', GUARD_SAID) }, hostSettings({}));
    assert.deepEqual(
      checks.map(({ what, result }) => `${what} ${result}`),
      ['key ok', 'known-hosts ok', 'reach ok', 'host-key ok', 'login ok', 'forced-command failed'],
    );
    const why = checks.at(-1)?.why ?? null;
    assert.deepEqual(why, { code: 'guard-not-expected', host: 'git01' });
  });
}

test('the check of a host does not take output that no guard prints for a guard', async () => {
  const begun = exited(64, '0 registry-doctor/1 version', GUARD_SAID);
  for (const end of [exited(64, '', 'no such user\n'), begun, exited(1, '', GUARD_SAID)]) {
    const checks = await checkHost({ run: async () => end }, hostSettings({}));
    assert.equal(checks.find(({ result }) => result === 'failed')?.why?.code, 'account-runs-nothing');
  }
});

test('the check of a host finds nothing wrong with a login whose start-up files print text', async () => {
  const run = async (_: unknown, script: string) => hearing(script, exited(0, 'Welcome\n7\nWORD 0\n', 'no terminal\n'));
  const checks = await checkHost({ run }, hostSettings({}));
  assert.deepEqual(
    checks.filter(({ result }) => result === 'failed'),
    [],
  );
});

test('the check of a host shows an account’s output without its final full stop', () => {
  const end = { code: 'exited', exitCode: 1, said: 'This account is currently not available.' } as const;
  const at = { address: '10.0.0.5', port: 22, user: 'registry-doctor' };
  const text = trialNote({ code: 'account-runs-nothing', host: HostName.parse('git01'), at, end });
  assert.match(text, /currently not available\. Check its login shell/);
});

/** Runs the guard as root where `/var/lib` has only this directory for its records. */
function runAmong(made: string, input: string): RemoteOutcome {
  const prepared = `mount -t tmpfs -o mode=0755 none /var/lib && ${made} && exec sh -s`;
  const args = ['-m', '--propagation', 'private', 'sh', '-c', prepared];
  const { status, stdout, stderr } = spawnSync('unshare', args, { input });
  return exited(status ?? -1, stdout.toString(), stderr.toString());
}

const RECORD_PLACES: readonly (readonly [what: string, made: string, result: string])[] = [
  ['nothing is there', 'true', 'ok'],
  ['root’s own directory is there', 'install -d -m 0700 /var/lib/registry-doctor', 'ok'],
  ['the bot’s directory is there', 'install -d -m 0700 -o nobody /var/lib/registry-doctor', 'failed'],
  ['a directory that others can read is there', 'install -d -m 0755 /var/lib/registry-doctor', 'failed'],
  [
    'its disk is full',
    'mount -t tmpfs -o size=4k none /var/lib && ! cat /dev/zero >/var/lib/full 2>/dev/null',
    'failed',
  ],
  ['a symlink is there', 'ln -s /tmp /var/lib/registry-doctor', 'failed'],
];

for (const [what, made, result] of RECORD_PLACES) {
  test(`the check of a trial host finds the place of the guard’s records as: ${result}, if ${what}`, {
    skip: skipUnless('root', 'mount-namespaces'),
  }, async () => {
    const run = async (_: unknown, script: string) =>
      script.startsWith('echo ') ? hearing(script, exited(0, 'WORD 0\n')) : runAmong(made, script);
    const checks = await checkHost({ run }, hostSettings({}));
    assert.deepEqual(
      checks.filter((check) => check.what === 'guard').map((check) => check.result),
      [result],
    );
    assert.equal(checks.at(-1)?.why?.code, result === 'ok' ? 'guard-over-stdin' : 'record-refused');
  });
}

test('the check of a host names the owner of a directory in which the guard can’t keep its plans, and what to do', () => {
  const because = parseGuardReason('record-place-of-other root registry-doctor 700 /var/lib/registry-doctor');
  assert.equal(
    trialNote({ code: 'record-refused', host: HostName.parse('git01'), because }),
    'no plan can run on git01: /var/lib/registry-doctor must belong to root, with mode 0700 (it belongs to registry-doctor, mode 0700). The guard keeps its plans there. If the bot’s own record is in it, move that to /var/lib/registry-doctor-bot and set store.url. Otherwise correct its owner and mode on git01.',
  );
});
