import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockAheadSeconds } from '../../../src/workflow/host/diagnose-host.ts';

const asked = { from: new Date(1_000_500), to: new Date(1_003_200) };

/** A host's clock has whole seconds; it was asked between 1000.5 s and 1003.2 s by ours. */
for (const [takenAt, ahead] of [
  [1000, 0],
  [1001, 0],
  [1003, 0],
  [1004, 1],
  [999, -1],
  [1003 + 7200, 7200],
  [1000 - 7200, -7200],
] as const) {
  test(`the bot takes a host clock that reads ${takenAt} s to be at least ${ahead} s ahead`, () =>
    assert.equal(clockAheadSeconds(takenAt, asked), ahead));
}
