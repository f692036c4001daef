import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSummary } from '../../src/words/en/check.ts';

const SUMMARIES: readonly (readonly [Parameters<typeof checkSummary>[0], string])[] = [
  [{ failed: 0, skipped: 0, notes: 0 }, 'All checks passed.'],
  [{ failed: 0, skipped: 0, notes: 1 }, 'All checks passed, 1 note.'],
  [{ failed: 0, skipped: 1, notes: 0 }, 'No check failed, 1 skipped.'],
  [{ failed: 1, skipped: 0, notes: 0 }, '1 check failed.'],
  [{ failed: 2, skipped: 1, notes: 0 }, '2 checks failed, 1 skipped.'],
];

for (const [counts, summary] of SUMMARIES) {
  test(`check ends with this line after ${JSON.stringify(counts)}: ${summary}`, () => {
    assert.equal(checkSummary(counts), summary);
  });
}
