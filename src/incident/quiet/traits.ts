import type { Facts } from '../../model/host/facts.ts';
import type { Traits } from '../../model/quiet/group.ts';

const NETWORK = /^(nfs4?|cifs|smb3|ceph|glusterfs|fuse\.(sshfs|glusterfs|ceph))$/;
const MOST_SHARES = 16;

/** What of a host other hosts can have in common with it: the file servers of its storage, and when it booted. */
export function traitsOf(facts: Facts): Traits {
  const { mounts, mountSetup, bootedAt } = facts;
  const mounted = mounts.state === 'known' ? mounts.value : [];
  const setUp =
    mountSetup.state === 'known' && mountSetup.value.fstab.state === 'known' ? mountSetup.value.fstab.value : [];
  const shares = [...mounted, ...setUp]
    .filter(({ filesystem, mountPoint }) => NETWORK.test(filesystem) && isOnPath(facts, mountPoint))
    .map(({ source }) => source.slice(0, 1_000));
  return {
    shares: [...new Set(shares)].slice(0, MOST_SHARES),
    bootedAt: bootedAt.state === 'known' ? new Date(bootedAt.value * 1000).toISOString() : null,
  };
}

/** Symlinks can lead the path elsewhere: then its inodes name the places. */
function isOnPath({ storageRoot, nodes }: Facts, mountPoint: string): boolean {
  const root = storageRoot.state === 'known' ? storageRoot.value : null;
  if (root !== null && (root === mountPoint || root.startsWith(`${mountPoint}/`))) return true;
  return nodes.some(({ path }) => path === mountPoint);
}
