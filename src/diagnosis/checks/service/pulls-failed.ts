import type { Check } from '../check.ts';
import { failedStill, REQUEST_CAUSES, wordsOf } from '../evidence/failed-requests.ts';

/**
 * Recent pulls ended in 5xx by the registry's log, and none of a manifest or a blob has succeeded since. Other checks
 * find the cause. While they find none, the registry is not called healthy.
 */
export const pullsFailed: Check<'pulls-failed'> = {
  id: 'pulls-failed',
  inconclusive: true,
  consequenceOf: REQUEST_CAUSES,
  look({ facts }) {
    const failed = facts.logs.state === 'known' ? failedStill(facts, facts.logs.value.failedPulls) : null;
    if (failed === null) return [];
    return [
      {
        id: 'pulls-failed',
        severity: 'warning',
        proof: 'evaluated',
        path: failed.path,
        complaint: failed.complaint,
        count: failed.count,
        said: { words: wordsOf(failed), at: failed.last.at },
        request: failed.last,
      },
    ];
  },
};
