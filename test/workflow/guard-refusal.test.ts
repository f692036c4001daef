import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardRefusalOf } from '../../src/workflow/guard-refusal.ts';
import type { RemoteOutcome } from '../../src/workflow/ports.ts';
import { exited } from './exited.ts';

const SAID = 'registry-doctor guard: others than root may change what is in /opt\n';

test('a guard that does not trust its own place has read no request', () => {
  const why = 'the guard on the host takes nothing: others than root may change what is in /opt';
  assert.equal(guardRefusalOf(exited(78, SAID)), why);
});

const OTHERS: Readonly<Record<string, RemoteOutcome>> = {
  'with another status': exited(1, SAID),
  'after it had begun to answer': exited(78, SAID, '0 registry-doctor/1 apply'),
  'in words that are not its own': exited(78, 'sh: bad substitution\n'),
  'with control bytes in its words': exited(78, 'registry-doctor guard: \u001b[2J\n'),
  'by a time that was up': {
    kind: 'timed-out',
    timeoutMs: 1_000,
    output: { stdout: Buffer.alloc(0), stderr: Buffer.from(SAID), truncated: false },
  },
};
for (const [how, outcome] of Object.entries(OTHERS)) {
  test(`nothing is certain of one that ended ${how}`, () => assert.equal(guardRefusalOf(outcome), null));
}
