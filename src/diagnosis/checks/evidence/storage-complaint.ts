import type { Facts } from '../../../model/host/facts.ts';
import type { LogComplaint, RegistryLogs } from '../../../model/host/registry-logs.ts';
import { isFixedSince } from './failed-requests.ts';
import { complaintStillOpen } from './log-complaints.ts';
import { isKnownToServe } from './registry-answer.ts';

type Complaint = RegistryLogs['complaints'][number];

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
/** The methods that only read (RFC 9110, 9.2.1). */
const READS: ReadonlySet<string | null> = new Set(['GET', 'HEAD']);

/**
 * The newest complaint about the storage that no image request and no new mode has answered since: about requests that
 * read, or about anything else.
 */
export function newestOfStorage(facts: Facts, which: 'reads' | 'not-reads'): Complaint | null {
  const open = OF_THE_DISK.flatMap((kind) => complaintStillOpen(facts, kind) ?? []).filter(
    (one) =>
      READS.has(one.method) === (which === 'reads') &&
      OF_THE_STORAGE.test(one.words) &&
      !(isKnownToServe(facts) && HEALTH_CHECK.test(one.words)) &&
      !isFixedSince(facts, one, one.lastAt),
  );
  return open.reduce<Complaint | null>(
    (newest, one) => (newest === null || (one.lastAt ?? 0) > (newest.lastAt ?? 0) ? one : newest),
    null,
  );
}
