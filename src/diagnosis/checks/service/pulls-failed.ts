import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { REQUEST_CAUSES, toldOfRequests } from '../evidence/failed-requests.ts';
import { quoteOf } from '../evidence/log-complaints.ts';
import { newestOfStorage } from '../evidence/storage-complaint.ts';

/**
 * The registry's log has recent pulls that ended in 5xx, and since then no pull of a manifest or a blob that succeeded; or
 * its storage denied access to a request that reads, such as a list of tags. Other checks look for the cause. While none
 * finds it, the registry is not called healthy.
 */
export const pullsFailed: Check<'pulls-failed'> = {
  id: 'pulls-failed',
  inconclusive: true,
  consequenceOf: REQUEST_CAUSES,
  look({ facts }) {
    const failed = toldOfRequests(facts, 'failedPulls') ?? byWords(facts);
    return failed === null ? [] : [{ id: 'pulls-failed', severity: 'warning', proof: 'evaluated', ...failed }];
  },
};

function byWords(facts: Facts) {
  const newest = newestOfStorage(facts, 'reads');
  if (newest === null) return null;
  const { path, complaint, count } = newest;
  return { path, complaint, count, said: quoteOf(newest), request: null };
}
