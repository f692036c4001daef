import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RemoteOutcome } from '../../src/workflow/ports.ts';
import { isSudoRefusal } from '../../src/workflow/sudo-refusal.ts';
import { exited } from './exited.ts';

describe('sudo refused', () => {
  const refusals: [string, RemoteOutcome][] = [
    ['for want of a password', exited(1, 'sudo: a password is required\n')],
    [
      'because the command is not allowed',
      exited(1, "Sorry, user ops is not allowed to execute '/bin/sh -s' as root on git01.\n"),
    ],
    ['because the account may not use it', exited(1, 'Sorry, user ops may not run sudo on git01.\n')],
    ['because it wants a terminal', exited(1, 'sudo: sorry, you must have a tty to run sudo\n')],
    [
      'after a warning',
      exited(1, 'sudo: unable to resolve host git01: Name or service not known\nsudo: a password is required\n'),
    ],
    ['as sudo-rs', exited(1, 'sudo-rs: interactive authentication is required\n')],
    ['by not being there (dash)', exited(127, '/bin/sh: 1: exec: sudo: not found\n')],
    ['by not being there (bash)', exited(127, '/bin/sh: line 1: exec: sudo: not found\n')],
    ['by not being there (older bash)', exited(127, '/bin/sh: sudo: command not found\n')],
  ];
  for (const [how, outcome] of refusals) {
    test(how, () => assert.equal(isSudoRefusal(outcome), true));
  }
});

describe('sudo did not refuse', () => {
  const others: [string, RemoteOutcome][] = [
    ['when the script ended well', exited(0, '')],
    ['when the script itself ended with 1', exited(1, 'chmod: no such file\n')],
    ['when the script had printed something', exited(1, 'sudo: a password is required\n', 'frame 1\n')],
    ['when it only warned', exited(1, 'sudo: unable to resolve host git01: Name or service not known\n')],
    ['when another command was missing', exited(127, '/bin/sh: 1: visudo: not found\n')],
    [
      'when the outcome is unknown',
      {
        kind: 'no-exit-status',
        why: 'lost',
        output: { stdout: Buffer.alloc(0), stderr: Buffer.from('sudo: x'), truncated: false },
      },
    ],
    ['when there was no connection', { kind: 'not-connected', reason: 'host-unreachable', why: 'sudo: x' }],
  ];
  for (const [when, outcome] of others) {
    test(when, () => assert.equal(isSudoRefusal(outcome), false));
  }
});
