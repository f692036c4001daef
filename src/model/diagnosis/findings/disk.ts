import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { Reason } from '../../reason.ts';
import { atPath } from './basics.ts';

/** Faults of the storage's filesystem or of its mount. */
export const DISK_FINDINGS = [
  /**
   * `path` is the first directory on the path that the mount would hold. It shows the directory underneath now, or
   * nothing.
   */
  z.strictObject({
    id: z.literal('mount-missing'),
    ...atPath,
    /**
     * The mount point on the host. It is the same as `path`, except for a container that was given a directory of it.
     */
    mountPoint: HostPath,
    source: z.string(),
    /** `/etc/fstab`, or a systemd unit. */
    setUpIn: z.string(),
    unit: z.strictObject({ name: z.string(), activeState: z.string(), result: z.string() }).nullable(),
    storageRoot: HostPath,
    /** Where the storage path breaks off because of it. Null if it leads to a directory anyway. */
    breaksOffAt: HostPath.nullable(),
    /** Repositories below the current storage root. Null if they were not counted. */
    repositories: z.number().int().min(0).nullable(),
  }),
  /** `path` is the mount point. */
  z.strictObject({
    id: z.literal('wrong-disk-mounted'),
    ...atPath,
    mounted: z.string(),
    fstab: z.string(),
    storageRoot: HostPath,
    repositories: z.number().int().min(0).nullable(),
  }),
  z.strictObject({
    id: z.literal('filesystem-full'),
    ...atPath,
    mountPoint: HostPath.nullable(),
    /** What is used up, or nearly. */
    of: z.enum(['bytes', 'inodes']),
    available: z.number().min(0),
    total: z.number().min(0),
  }),
  z.strictObject({
    id: z.literal('stale-handle'),
    ...atPath,
    mountPoint: HostPath.nullable(),
    source: z.string().nullable(),
  }),
  z.strictObject({
    id: z.literal('server-denies'),
    ...atPath,
    operation: z.enum(['search', 'list', 'create']),
    mountPoint: HostPath,
    source: z.string(),
    filesystem: z.string(),
  }),
  z.strictObject({
    id: z.literal('mount-options-deny'),
    ...atPath,
    operation: z.enum(['search', 'list', 'create']),
    mountPoint: HostPath,
    source: z.string(),
    filesystem: z.string(),
    /** The mount options that decide there. */
    options: z.array(z.string()).max(64),
    inFstab: z.boolean(),
  }),
  /** Uploads and blobs are on two mounts. `path`: the directory of the storage that is mounted separately. */
  z.strictObject({ id: z.literal('storage-spans-filesystems'), ...atPath, uploads: HostPath, blobs: HostPath }),
  /** A part of the disk's state that no check could read. */
  z.strictObject({ id: z.literal('disk-not-judged'), ...atPath, what: z.enum(['mounts', 'space']), why: Reason }),
] as const;
