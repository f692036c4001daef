import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { Reason } from '../../reason.ts';
import { atPath } from './basics.ts';

/** What can be wrong with the filesystem that holds the storage, or with the way it is mounted. */
export const DISK_FINDINGS = [
  /** `path` is the first place on the way that it would hold, where the directory underneath is seen, or nothing. */
  z.strictObject({
    id: z.literal('mount-missing'),
    ...atPath,
    /** On the host; the same as `path`, but for a container that got a directory of it. */
    mountPoint: HostPath,
    source: z.string(),
    /** `/etc/fstab`, or a systemd unit. */
    setUpIn: z.string(),
    unit: z.strictObject({ name: z.string(), activeState: z.string(), result: z.string() }).nullable(),
    storageRoot: HostPath,
    /** Where the storage path breaks off for that; null where it leads to a directory all the same. */
    breaksOffAt: HostPath.nullable(),
    /** Repositories below the storage root as it is now; null where they were not counted. */
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
    /** What has run out, or is about to. */
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
    /** Those of the mount's options that decide there. */
    options: z.array(z.string()).max(64),
    inFstab: z.boolean(),
  }),
  /** What is uploaded, and where it is to be moved, lie on two mounts. `path`: the part of the storage that lies apart. */
  z.strictObject({ id: z.literal('storage-spans-filesystems'), ...atPath, uploads: HostPath, blobs: HostPath }),
  /** A part of the disk's state that no check could look at. */
  z.strictObject({ id: z.literal('disk-not-judged'), ...atPath, what: z.enum(['mounts', 'space']), why: Reason }),
] as const;
