import type { HostPath } from '../../../model/host/host-path.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { type CoveredPlace, coveredPlace } from '../kernel/host-place.ts';

/**
 * The directory at the end of the path, if the host has mounted something over it since the process got it. Its modes
 * and entries are then not those of the storage. Null: no such mount, or unknown.
 */
export function staleViewOf({ facts, walk }: WalkedAccess): CoveredPlace | null {
  const end = walk === null ? null : lastDirectoryOf(walk);
  return end === null ? null : coveredPlace(facts, end);
}

function lastDirectoryOf({ end, visits }: NonNullable<WalkedAccess['walk']>): HostPath | null {
  if (end.kind === 'directory') return end.root.path;
  const directories = visits.filter(({ node }) => node.state === 'present' && node.kind === 'directory');
  return directories.at(-1)?.node.path ?? null;
}
