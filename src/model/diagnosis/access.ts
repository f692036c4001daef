import { z } from 'zod';
import { Mode } from '../host/facts.ts';
import { HostPath } from '../host/host-path.ts';
import { Reason } from '../reason.ts';

/** The one class of permission bits that the kernel picks for an identity (path_resolution(7), acl(5)). */
export const PermissionClass = z.enum(['owner', 'group', 'other', 'named-user', 'named-group']);
export type PermissionClass = z.infer<typeof PermissionClass>;

/** What may decide beside, or instead of, the owner, mode and ACL that were seen. */
export const AccessAuthority = z.enum([
  /** An ACL is there, or may be, that was not read. */
  'acl-unread',
  /** A file server checks each access by its own rules and its own idea of the user (NFS, CIFS, Ceph). */
  'server',
  /** A FUSE daemon answers; without allow_other the kernel lets nobody in but who mounted it, not even root. */
  'fuse',
  /** The filesystem keeps no Unix modes, and shows such as its mount options make up (vfat, exfat, ntfs). */
  'mount-options',
  /** The mount shifts owners (mount_setattr(2), MOUNT_ATTR_IDMAP). */
  'idmapped-mount',
  /** SELinux or AppArmor confines the process, and may deny what the modes allow. */
  'security-module',
  /** In a user namespace of its own a capability counts only for inodes whose owners are mapped there (user_namespaces(7)). */
  'user-namespace',
  /** Whether fs.protected_symlinks is on was not read. */
  'link-protection-unread',
]);
export type AccessAuthority = z.infer<typeof AccessAuthority>;

/** Why a step of the walk may, or may not, be passed. Data; `words/` turns it into a sentence. */
export const AccessReason = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bits'), class: PermissionClass, granted: z.boolean() }),
  z.strictObject({ kind: z.literal('capability'), capability: z.enum(['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH']) }),
  /** A symlink's own mode plays no part (symlink(7)). */
  z.strictObject({ kind: z.literal('symlink') }),
  z.strictObject({ kind: z.literal('missing') }),
  z.strictObject({ kind: z.literal('not-a-directory') }),
  z.strictObject({ kind: z.literal('loop') }),
  z.strictObject({ kind: z.literal('unseen'), why: Reason }),
  /** The link is on a mount that follows none: ELOOP (mount(2), MS_NOSYMFOLLOW). */
  z.strictObject({ kind: z.literal('nosymfollow'), mountPoint: HostPath }),
  /**
   * fs.protected_symlinks: the last link of a path is not followed in a sticky directory that all may write to, unless the
   * follower or the directory's owner owns the link (proc_sys_fs(5)).
   */
  z.strictObject({ kind: z.literal('protected-symlink'), directory: HostPath, directoryOwner: z.string() }),
  /** Something else than owner, mode and ACL may decide here, as `why` says. */
  z.strictObject({ kind: z.literal('undecided'), by: AccessAuthority, why: Reason }),
  /** The bits say one thing, the kernel another. */
  z.strictObject({
    kind: z.literal('disagreement'),
    evaluated: z.enum(['allowed', 'denied']),
    tried: z.enum(['allowed', 'denied']),
  }),
]);
export type AccessReason = z.infer<typeof AccessReason>;

/** One step of the way from `/` to the storage root, judged for one identity. */
export const WalkStep = z.strictObject({
  path: HostPath,
  kind: z.enum(['directory', 'symlink', 'file', 'missing']),
  target: z.string().nullable(),
  /** What the host calls the same place, where it calls it otherwise; null: the host does not have it, or that is not known. */
  hostPath: HostPath.nullable().optional(),
  /** Null where it could not be seen, and for symlinks, whose mode means nothing. */
  mode: Mode.nullable(),
  owner: z.string().nullable(),
  group: z.string().nullable(),
  access: z.enum(['allowed', 'denied', 'unknown']),
  reason: AccessReason,
  /** How `access` is known. */
  proof: z.enum(['kernel', 'evaluated', 'unproven']),
});
export type WalkStep = z.infer<typeof WalkStep>;
