import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { REQUEST_CAUSES, toldOfRequests } from '../evidence/failed-requests.ts';
import { quoteOf } from '../evidence/log-complaints.ts';
import { newestOfStorage } from '../evidence/storage-complaint.ts';

/**
 * The registry's log has recent pushes that ended in 5xx, and none since that succeeded; or its storage denied access
 * to something other than a read, and no image request has succeeded since. Other checks look for the cause with access tests. While none finds it, the
 * registry is not called healthy.
 */
export const pushesFailed: Check<'pushes-failed'> = {
  id: 'pushes-failed',
  inconclusive: true,
  consequenceOf: REQUEST_CAUSES,
  look({ facts }) {
    const failed = toldOfRequests(facts, 'failedPushes') ?? byWords(facts);
    return failed === null ? [] : [{ id: 'pushes-failed', severity: 'warning', proof: 'evaluated', ...failed }];
  },
};

function byWords(facts: Facts) {
  const newest = newestOfStorage(facts, 'not-reads');
  if (newest === null || isOfPulls(facts, newest.words)) return null;
  const { path, complaint, count } = newest;
  return { path, complaint, count, said: quoteOf(newest), request: null };
}

/** Whether `pulls-failed` reports these log messages. */
function isOfPulls({ logs }: Facts, words: string): boolean {
  return logs.state === 'known' && logs.value.failedPulls?.words === words;
}
