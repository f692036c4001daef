import type { Facts } from '../model/facts.ts';
import type { LogComplaint } from '../model/registry-logs.ts';
import type { Check } from './check.ts';
import { answersWell } from './registry-answer.ts';
import { complaintStillOpen, STORAGE_CAUSES, saidBy } from './registry-words.ts';

const OF_THE_DISK: readonly LogComplaint[] = [
  'permission-denied',
  'read-only-filesystem',
  'no-space',
  'not-permitted',
  'not-a-directory',
  'stale-handle',
  'io-error',
];

/** Said by the driver that keeps the storage in a directory; other files may be refused as well. */
const OF_THE_STORAGE = /(^|: )filesystem: /;
/** A check that the registry makes by itself; where it answers well now, that check has passed since. */
const HEALTH_CHECK = /^storage driver health check: /;

/**
 * The registry's log says that its storage refused it a short while ago, and no request for an image was well since. It may be
 * mended already, so it is a warning; what really is the cause, other checks find by trying.
 */
export const pushesFailed: Check = {
  id: 'pushes-failed',
  consequenceOf: STORAGE_CAUSES,
  look({ facts }) {
    const complaint = newestOf(facts);
    if (complaint === null) return [];
    return [
      {
        id: 'pushes-failed',
        severity: 'warning',
        proof: 'evaluated',
        path: complaint.path,
        complaint: complaint.complaint,
        count: complaint.count,
        said: saidBy(complaint),
      },
    ];
  },
};

function newestOf(facts: Facts) {
  const open = OF_THE_DISK.flatMap((kind) => complaintStillOpen(facts, kind) ?? []).filter(
    ({ words }) => OF_THE_STORAGE.test(words) && !(answersWell(facts) && HEALTH_CHECK.test(words)),
  );
  return open.reduce<(typeof open)[number] | null>(
    (newest, one) => (newest === null || (one.lastAt ?? 0) > (newest.lastAt ?? 0) ? one : newest),
    null,
  );
}
