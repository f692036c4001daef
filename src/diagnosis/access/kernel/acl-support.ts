import type { Facts, PresentNode } from '../../../model/host/facts.ts';
import { mountHolding } from './mount-table.ts';
import { hasExtendedAcl } from './permission.ts';

/**
 * Filesystems that keep POSIX ACLs unless a mount option disables them (acl(5); the mount options of each). NFS version
 * 4 has ACLs of another kind. ZFS and Ceph keep these only if configured.
 */
const KEEP_ACLS: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'jfs', 'bcachefs', 'ocfs2'],
  ...['tmpfs', 'overlay'],
]);
const TOLD_TO = ['posixacl', 'acl'];

/** True if an ACL entry can be added to this directory, as far as the facts show. */
export function takesAclEntry(facts: Facts, directory: PresentNode): boolean {
  const hasTools = facts.aclTools.state === 'known' && facts.aclTools.value;
  return hasTools && directory.acl.state === 'known' && (hasExtendedAcl(directory) || keepsAcls(facts, directory));
}

function keepsAcls(facts: Facts, { path }: PresentNode): boolean {
  const mount = mountHolding(facts.mounts, path);
  if (mount === null || mount.options.includes('noacl')) return false;
  return KEEP_ACLS.has(mount.filesystem) || TOLD_TO.some((option) => mount.options.includes(option));
}
