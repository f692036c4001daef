import type { FindingId } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { FailedRequests, LogComplaint } from '../../../model/host/registry-logs.ts';
import { isRecent, START_CAUSES, STORAGE_CAUSES } from './log-complaints.ts';

/** The findings that explain failed requests. */
export const REQUEST_CAUSES: readonly FindingId[] = [
  ...STORAGE_CAUSES,
  ...START_CAUSES,
  'object-storage-failing',
  'redis-refuses-writes',
  'maintenance-mode',
  'registry-unwell',
  'restart-loop',
  'service-not-running',
];

/** Recent failed pushes or pulls. Null if something shows that their cause has been fixed since. */
export function failedStill(facts: Facts, failed: FailedRequests | null): FailedRequests | null {
  if (failed === null || !isRecent(facts, failed.last.at)) return null;
  return isFixedSince(facts, failed, failed.last.at) ? null : failed;
}

/** What a finding tells of recent failed pushes or pulls. Null if there are none. */
export function toldOfRequests(facts: Facts, which: 'failedPushes' | 'failedPulls') {
  const failed = facts.logs.state === 'known' ? failedStill(facts, facts.logs.value[which]) : null;
  if (failed === null) return null;
  const { path, complaint, count, last } = failed;
  return { path, complaint, count, said: { words: wordsOf(failed), at: last.at }, request: last };
}

/**
 * Whether the directory that denied access has another mode, owner or ACL since: its ctime is younger than the failure,
 * and its mtime is not, as it would be after an added or removed entry (inode(7)). Above the storage any directory can
 * have denied access; below it, only the one in which the entry was to be made.
 */
export function isFixedSince(
  { nodes, storageRoot }: Facts,
  { path, complaint }: { readonly path: HostPath | null; readonly complaint: LogComplaint | null },
  at: number | null,
): boolean {
  if (path === null || at === null || complaint !== 'permission-denied' || storageRoot.state !== 'known') return false;
  const isInside = path.startsWith(`${storageRoot.value}/`);
  const parent = path.slice(0, path.lastIndexOf('/'));
  return nodes.some(
    (node) =>
      node.state === 'present' &&
      node.kind === 'directory' &&
      (!isInside || node.path === parent) &&
      node.changedAt > at &&
      node.modifiedAt.state === 'known' &&
      node.modifiedAt.value < node.changedAt,
  );
}

/** The log message to quote if the registry logged nothing about the request itself. */
function wordsOf({ words, last }: FailedRequests): string {
  return words ?? `${last.method} ${last.path} ${last.status}`;
}
