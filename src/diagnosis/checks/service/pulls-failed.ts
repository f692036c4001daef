import type { Check } from '../check.ts';
import { failedStill, REQUEST_CAUSES, wordsOf } from '../evidence/failed-requests.ts';

/**
 * The registry's log has recent pulls that ended in 5xx, and since then no pull of a manifest or a blob that succeeded.
 * Other checks look for the cause. While none finds it, the registry is not called healthy.
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
