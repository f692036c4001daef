import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGuardReason } from '../../src/host/frame/parse-guard-reason.ts';
import { Mode } from '../../src/model/host/facts.ts';
import { HostPath } from '../../src/model/host/host-path.ts';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import { outcomeInEntry } from '../../src/record/outcome.ts';
import { entryReason } from '../../src/words/en/entry-reason.ts';

const OUTCOMES: readonly (readonly [outcome: ApplyOutcome, why: unknown, words: string])[] = [
  [
    { kind: 'undone', why: parseGuardReason('still-unreadable /data/key'), steps: [] },
    { code: 'still-unreadable', path: '/data/key' },
    'the service still can’t read /data/key',
  ],
  [
    { kind: 'refused', why: parseGuardReason('of-a-later-guard') },
    { code: 'host-said', said: 'of-a-later-guard' },
    'the host said “of-a-later-guard”',
  ],
  [
    { kind: 'unknown', why: { code: 'no-answer', why: { code: 'timed-out', timeoutMs: 120_000 } } },
    { code: 'no-answer', why: { code: 'timed-out', timeoutMs: 120_000 } },
    'no answer within 2 minutes',
  ],
];

for (const [outcome, why, words] of OUTCOMES) {
  test(`the audit record stores an outcome that is ${outcome.kind} as a code with values, and words it only for readers`, () => {
    const entry = outcomeInEntry(outcome);
    assert.deepEqual(entry['why'], why);
    // As it comes back from the database.
    const stored = JSON.parse(JSON.stringify(entry));
    assert.equal(entryReason({ act: 'execution-finished', outcome: stored }), words);
  });
}

test('the audit entry of an outcome has every word of it, so that a changed row is noticed', () => {
  const was = { mode: Mode.parse('0750'), uid: 0, gid: 0, acl: null };
  const step = {
    path: HostPath.parse('/data'),
    before: '0750',
    after: '0751',
    was,
    is: { ...was, mode: Mode.parse('0751') },
  };
  const savedList = { file: HostPath.parse('/var/lib/list'), digest: 'a'.repeat(64) };
  const outcomes: readonly ApplyOutcome[] = [
    { kind: 'applied', steps: [step, { ...step, savedList }], tried: { result: 'allowed' } },
    { kind: 'stale', path: step.path, expected: '0750', found: '0700' },
  ];
  for (const outcome of outcomes) assert.deepEqual(outcomeInEntry(outcome), outcome);
});
