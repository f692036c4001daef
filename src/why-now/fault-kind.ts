import type { FindingId } from '../model/finding.ts';

/** What a fault is about, as far as its story is concerned. */
export type FaultKind = 'denied' | 'not-there' | 'read-only' | 'security' | 'no-room' | 'service';

const KINDS: ReadonlyMap<FindingId, FaultKind> = new Map<FindingId, FaultKind>([
  ['untraversable-ancestor', 'denied'],
  ['storage-root-unusable', 'denied'],
  ['immutable-directory', 'denied'],
  ['protected-symlink', 'denied'],
  ['nosymfollow-mount', 'denied'],
  ['wrong-owner', 'denied'],
  ['inner-directory-unusable', 'denied'],
  ['mount-options-deny', 'denied'],
  ['server-denies', 'denied'],
  ['dangling-link', 'not-there'],
  ['storage-root-missing', 'not-there'],
  ['not-a-directory', 'not-there'],
  ['symlink-loop', 'not-there'],
  ['mount-missing', 'not-there'],
  ['wrong-disk-mounted', 'not-there'],
  ['stale-handle', 'not-there'],
  ['container-sees-old-mount', 'not-there'],
  ['file-unusable', 'denied'],
  ['filesystem-full', 'no-room'],
  ['readonly-mount', 'read-only'],
  ['security-module-denies', 'security'],
]);

export function faultKindOf(id: FindingId): FaultKind {
  return KINDS.get(id) ?? 'service';
}
