import { z } from 'zod';
import { Mode } from '../host/facts.ts';
import { HostPath } from '../host/host-path.ts';
import { Reason } from '../reason.ts';

/** The one class of permission bits that the kernel picks for an identity (path_resolution(7), acl(5)). */
export const PermissionClass = z.enum(['owner', 'group', 'other', 'named-user', 'named-group']);
export type PermissionClass = z.infer<typeof PermissionClass>;

/** What might decide access instead of, or besides, the owner, mode and ACL that were read. */
export const AccessAuthority = z.enum([
  /** There is, or might be, an ACL that was not read. */
  'acl-unread',
  /** A file server checks each access by its own rules and its own idea of the user (NFS, CIFS, Ceph). */
  'server',
  /** A FUSE daemon answers. Without allow_other the kernel admits only the user who mounted it, not even root. */
  'fuse',
  /** The filesystem stores no Unix modes and shows those of its mount options (vfat, exfat, ntfs). */
  'mount-options',
  /** The mount shifts owners (mount_setattr(2), MOUNT_ATTR_IDMAP). */
  'idmapped-mount',
  /** SELinux or AppArmor confines the process and might deny what the modes allow. */
  'security-module',
  /**
   * In a private user namespace a capability counts only for inodes whose owners are mapped there (user_namespaces(7)).
   */
  'user-namespace',
  /** fs.protected_symlinks was not read. */
  'link-protection-unread',
]);
export type AccessAuthority = z.infer<typeof AccessAuthority>;

/** Why a directory or symlink on the path can be passed or not, as data. `words/` turns it into a sentence. */
export const AccessReason = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bits'), class: PermissionClass, granted: z.boolean() }),
  z.strictObject({ kind: z.literal('capability'), capability: z.enum(['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH']) }),
  /** A symlink's own mode is ignored (symlink(7)). */
  z.strictObject({ kind: z.literal('symlink') }),
  z.strictObject({ kind: z.literal('missing') }),
  z.strictObject({ kind: z.literal('not-a-directory') }),
  z.strictObject({ kind: z.literal('loop') }),
  z.strictObject({ kind: z.literal('unseen'), why: Reason }),
  /** The symlink is on a mount with nosymfollow, so it is not followed: ELOOP (mount(2), MS_NOSYMFOLLOW). */
  z.strictObject({ kind: z.literal('nosymfollow'), mountPoint: HostPath }),
  /**
   * fs.protected_symlinks: the last symlink of a path is not followed in a sticky directory that everyone can write to,
   * unless the follower or the directory's owner owns the symlink (proc_sys_fs(5)).
   */
  z.strictObject({ kind: z.literal('protected-symlink'), directory: HostPath, directoryOwner: z.string() }),
  /** Something other than owner, mode and ACL might decide here, as `why` says. */
  z.strictObject({ kind: z.literal('undecided'), by: AccessAuthority, why: Reason }),
  /** Mode bits and kernel disagree. */
  z.strictObject({
    kind: z.literal('disagreement'),
    evaluated: z.enum(['allowed', 'denied']),
    tried: z.enum(['allowed', 'denied']),
  }),
]);
export type AccessReason = z.infer<typeof AccessReason>;

/** One file on the path from `/` to the storage root, with one identity's access to it. */
export const WalkStep = z.strictObject({
  path: HostPath,
  kind: z.enum(['directory', 'symlink', 'file', 'missing']),
  target: z.string().nullable(),
  /** The host's path of the same directory, if that differs. Null: the host does not have it, or that is unknown. */
  hostPath: HostPath.nullable().optional(),
  /** The mode. Null: it could not be read, or this is a symlink, whose mode means nothing. */
  mode: Mode.nullable(),
  owner: z.string().nullable(),
  group: z.string().nullable(),
  access: z.enum(['allowed', 'denied', 'unknown']),
  reason: AccessReason,
  /** How `access` is known. */
  proof: z.enum(['kernel', 'evaluated', 'unproven']),
});
export type WalkStep = z.infer<typeof WalkStep>;
