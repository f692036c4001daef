import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LoginRuns, whatLoginRuns } from '../../../src/ssh/run/check-host.ts';
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
  test(`a login that answers a command with ${what} counts as: ${runs}`, async () => {
    assert.equal(await whatLoginRuns({ run: async () => answer }, hostSettings({})), runs);
  });
}
