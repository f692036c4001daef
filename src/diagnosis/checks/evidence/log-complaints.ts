import type { FindingId } from '../../../model/diagnosis/finding.ts';
import { CONTENTS_FINDINGS } from '../../../model/diagnosis/findings/contents.ts';
import { DISK_FINDINGS } from '../../../model/diagnosis/findings/disk.ts';
import { STORAGE_PATH_FINDINGS } from '../../../model/diagnosis/findings/storage-path.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { LogComplaint, RegistryLogs } from '../../../model/host/registry-logs.ts';

type Complaint = RegistryLogs['complaints'][number];

/** How old a log line can be to say something about the registry's current state. */
const RECENT_SECONDS = 15 * 60;

/** The registry's complaint of this kind in its log. */
export function complaintIn({ logs }: Facts, kind: LogComplaint): Complaint | null {
  if (logs.state !== 'known') return null;
  return logs.value.complaints.find(({ complaint }) => complaint === kind) ?? null;
}

/**
 * A complaint of this kind that is recent, if the registry has not begun to listen since. A line without a time counts
 * as recent.
 */
export function complaintOfThisStart(facts: Facts, kind: LogComplaint): Complaint | null {
  const complaint = complaintIn(facts, kind);
  return complaint?.sinceStart && isRecent(facts, complaint.lastAt) ? complaint : null;
}

/** A complaint of this kind that is recent, if no manifest or blob was served or accepted since. */
export function complaintStillOpen(facts: Facts, kind: LogComplaint): Complaint | null {
  const complaint = complaintIn(facts, kind);
  return complaint?.sinceGoodStorage && isRecent(facts, complaint.lastAt) ? complaint : null;
}

export function isRecent({ takenAt }: Facts, at: number | null): boolean {
  return at === null || takenAt - at <= RECENT_SECONDS;
}

export function quoteOf({ words, lastAt }: { readonly words: string; readonly lastAt: number | null }) {
  return { words, at: lastAt };
}

/** Every fault of the storage's directories and disk. */
export const STORAGE_CAUSES: readonly FindingId[] = [
  ...STORAGE_PATH_FINDINGS,
  ...CONTENTS_FINDINGS,
  ...DISK_FINDINGS,
].map(({ shape }) => shape.id.value);

/** Everything that keeps a registry from starting, or ends it, apart from its storage. */
export const START_CAUSES = [
  'file-unusable',
  'config-invalid',
  'port-taken',
  'address-unavailable',
  'port-not-permitted',
  'database-unreachable',
  'lock-file',
  'upstream-unreachable',
  'out-of-memory',
] as const satisfies readonly FindingId[];

/** The findings that explain a registry that ended with this complaint. */
export function causesOfAbort(complaint: LogComplaint | null): readonly FindingId[] {
  switch (complaint) {
    case 'port-taken':
    case 'lock-file':
    case 'address-unavailable':
    case 'port-not-permitted':
    case 'out-of-memory':
      return [complaint];
    case 'bad-config':
      return ['config-invalid'];
    case 'upstream':
      return ['upstream-unreachable'];
    case 'database':
      return ['database-unreachable'];
    case 'object-storage':
      return ['object-storage-failing'];
    case 'permission-denied':
    case 'read-only-filesystem':
    case 'no-space':
    case 'not-permitted':
    case 'not-a-directory':
    case 'stale-handle':
    case 'io-error':
    case 'is-a-directory':
    case 'missing-file':
      return STORAGE_CAUSES;
    case 'health-check-failed':
    case 'maintenance':
    case 'redis':
    case 'redis-refuses':
    case 'token-certificate':
    case 'token-time':
    case null:
      return [];
  }
}
