import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SudoProblem } from '../../../src/model/connection/no-answer.ts';
import { isGuardRefusal, sudoRefusal } from '../../../src/workflow/host/refusals.ts';
import type { RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { exited } from '../exited.ts';

const PASSWORD = 'sudo: a password is required';
const UNRESOLVED = 'sudo: unable to resolve host git01: Name or service not known';

type Refused = readonly [when: string, outcome: RemoteOutcome, problem: SudoProblem, said: string];

const refused = (
  when: string,
  status: number,
  problem: SudoProblem,
  said: string,
  before = '',
  stdout = '',
): Refused => [when, exited(status, `${before}${said}\n`, stdout), problem, said];

const REFUSED_BY_SUDO: readonly Refused[] = [
  refused('sudo requires a password', 1, 'not-allowed', PASSWORD),
  refused(
    'the command is not allowed',
    1,
    'not-allowed',
    "Sorry, user ops is not allowed to execute '/bin/sh -s' as root on git01.",
  ),
  refused('the account can’t use sudo', 1, 'not-allowed', 'Sorry, user ops may not run sudo on git01.'),
  refused('sudo requires a terminal', 1, 'wants-terminal', 'sudo: sorry, you must have a tty to run sudo'),
  refused('sudo requires a password, after a warning', 1, 'not-allowed', PASSWORD, `${UNRESOLVED}\n`),
  refused('sudo requires a password, after noise of a start-up file', 1, 'not-allowed', PASSWORD, 'Hello\n', 'Hello\n'),
  refused('sudo-rs requires a password', 1, 'not-allowed', 'sudo-rs: interactive authentication is required'),
  refused('dash finds no sudo', 127, 'missing', '/bin/sh: 1: exec: sudo: not found'),
  refused('bash finds no sudo', 127, 'missing', '/bin/sh: line 1: exec: sudo: not found'),
  refused('an older bash finds no sudo', 127, 'missing', '/bin/sh: sudo: command not found'),
  refused('mksh finds no sudo', 127, 'missing', '/bin/sh: sudo: inaccessible or not found'),
  refused('zsh finds no sudo', 127, 'missing', 'zsh:1: command not found: sudo'),
  refused('fish finds no sudo', 127, 'missing', 'fish: Unknown command: sudo'),
  refused('tcsh finds no sudo', 1, 'missing', 'sudo: Command not found.'),
];

const NOT_REFUSED_BY_SUDO: readonly (readonly [string, RemoteOutcome])[] = [
  ['the script ended with 0', exited(0, '')],
  ['the script itself ended with 1', exited(1, 'chmod: no such file\n')],
  ['the guard had begun to answer', exited(1, `${PASSWORD}\n`, '0 registry-doctor/1 apply')],
  ['the guard had begun to answer after noise', exited(1, `${PASSWORD}\n`, 'Hello\n0 registry-doctor/1 apply')],
  ['sudo only warned', exited(1, `${UNRESOLVED}\n`)],
  ['another command was missing', exited(127, '/bin/sh: 1: visudo: not found\n')],
  [
    'the outcome is unknown',
    { kind: 'no-exit-status', why: { code: 'ended-without-status' }, output: outputOf(exited(1, 'sudo: x\n')) },
  ],
  ['there was no connection', { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } }],
];

function outputOf(outcome: RemoteOutcome) {
  if (outcome.kind === 'not-connected') return assert.fail();
  return outcome.output;
}

describe('a refusal by sudo', () => {
  for (const [when, outcome, problem, said] of REFUSED_BY_SUDO) {
    test(`the bot reports that sudo refused to run a script, in the words of the refusal, if ${when}`, () =>
      assert.deepEqual(sudoRefusal(outcome), { problem, said }));
  }
  for (const [when, outcome] of NOT_REFUSED_BY_SUDO) {
    test(`the bot does not blame sudo for a failed script if ${when}`, () => assert.equal(sudoRefusal(outcome), null));
  }
});

test('a guard that refuses what it was sent is recognized behind the noise of a start-up file', () => {
  const outcome = exited(64, 'Hello\nregistry-doctor guard: request-foreign-byte\n', 'Hello\n');
  assert.equal(isGuardRefusal(64, outputOf(outcome)), true);
  const begun = exited(64, 'registry-doctor guard: request-foreign-byte\n', '0 registry-doctor/1 probe');
  assert.equal(isGuardRefusal(64, outputOf(begun)), false);
});
