import type { Facts } from '../../../model/host/facts.ts';
import type { LogComplaint } from '../../../model/host/registry-logs.ts';
import type { Check } from '../check.ts';
import { failedStill, isFixedSince, REQUEST_CAUSES, wordsOf } from '../evidence/failed-requests.ts';
import { complaintStillOpen, quoteOf } from '../evidence/log-complaints.ts';
import { isKnownToServe } from '../evidence/registry-answer.ts';

const OF_THE_DISK: readonly LogComplaint[] = [
  'permission-denied',
  'read-only-filesystem',
  'no-space',
  'not-permitted',
  'not-a-directory',
  'stale-handle',
  'io-error',
];

/** Matches a message of the driver that keeps the storage in a directory. Other files can be refused as well. */
const OF_THE_STORAGE = /(^|: )filesystem: /;
/** The registry's own check of its storage. If the registry answers as healthy now, the check has passed since. */
const HEALTH_CHECK = /^storage driver health check: /;

/**
 * The registry's log has recent pushes that ended in 5xx, and none since that succeeded; or its storage denied access,
 * and no image request has succeeded since. Other checks look for the cause with access tests. While none finds it, the
 * registry is not called healthy.
 */
export const pushesFailed: Check<'pushes-failed'> = {
  id: 'pushes-failed',
  inconclusive: true,
  consequenceOf: REQUEST_CAUSES,
  look({ facts }) {
    const failed = byRequests(facts) ?? byWords(facts);
    return failed === null ? [] : [{ id: 'pushes-failed', severity: 'warning', proof: 'evaluated', ...failed }];
  },
};

function byRequests(facts: Facts) {
  const failed = facts.logs.state === 'known' ? failedStill(facts, facts.logs.value.failedPushes) : null;
  if (failed === null) return null;
  const { path, complaint, count, last } = failed;
  return { path, complaint, count, said: { words: wordsOf(failed), at: last.at }, request: last };
}

function byWords(facts: Facts) {
  const newest = newestOf(facts);
  if (newest === null || isOfPulls(facts, newest.words)) return null;
  const { path, complaint, count } = newest;
  return { path, complaint, count, said: quoteOf(newest), request: null };
}

/** Whether `pulls-failed` reports these log messages. */
function isOfPulls({ logs }: Facts, words: string): boolean {
  return logs.state === 'known' && logs.value.failedPulls?.words === words;
}

function newestOf(facts: Facts) {
  const open = OF_THE_DISK.flatMap((kind) => complaintStillOpen(facts, kind) ?? []).filter(
    (one) =>
      OF_THE_STORAGE.test(one.words) &&
      !(isKnownToServe(facts) && HEALTH_CHECK.test(one.words)) &&
      !isFixedSince(facts, one, one.lastAt),
  );
  return open.reduce<(typeof open)[number] | null>(
    (newest, one) => (newest === null || (one.lastAt ?? 0) > (newest.lastAt ?? 0) ? one : newest),
    null,
  );
}
