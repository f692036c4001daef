import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import { checkHost, type LoginRuns, whatLoginRuns } from '../../../src/ssh/run/check-host.ts';
import { trialNote } from '../../../src/words/en/trial-check.ts';
import type { RemoteOutcome } from '../../../src/workflow/ports.ts';
import { hostSettings } from '../../host/sample-settings.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function exited(exitCode: number, stdout: string, stderr = ''): RemoteOutcome {
  return {
    kind: 'exited',
    exitCode,
    output: { stdout: bytes(stdout), stderr: bytes(stderr), truncated: false },
  };
}

const ANSWERS: readonly (readonly [what: string, answer: RemoteOutcome, runs: LoginRuns])[] = [
  ['a user id', exited(0, '1000\n'), 'commands'],
  ['a greeting of the shell before the user id', exited(0, 'Welcome\n1000\n'), 'commands'],
  ['a user id and an error afterwards', exited(1, '1000\n', 'logout hook failed'), 'commands'],
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
    assert.equal(await whatLoginRuns({ run: async () => answer }, hostSettings({})), runs);
  });
}

const GUARD_SAID = 'registry-doctor guard: request-foreign-byte\n';

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
  for (const end of [exited(64, '', 'no such user\n'), exited(64, 'x', GUARD_SAID), exited(1, '', GUARD_SAID)]) {
    const checks = await checkHost({ run: async () => end }, hostSettings({}));
    assert.equal(checks.find(({ result }) => result === 'failed')?.why?.code, 'account-runs-nothing');
  }
});

test('the check of a host shows an account’s output without its final full stop', () => {
  const end = { code: 'exited', exitCode: 1, said: 'This account is currently not available.' } as const;
  const at = { address: '10.0.0.5', port: 22, user: 'registry-doctor' };
  const text = trialNote({ code: 'account-runs-nothing', host: HostName.parse('git01'), at, end });
  assert.match(text, /currently not available\. Check its login shell/);
});
