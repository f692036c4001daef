import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { ImageDamage, ImageLinks } from '../../host/image-links.ts';
import { Id, Mode, UnixSeconds } from '../../host/posix.ts';
import { Reason } from '../../reason.ts';
import { atPath, hostWide, NoChmod } from './basics.ts';

/** Why no plan changes the owner of entries below the storage root. */
export const NoChown = z.enum([
  /** It is empty, or a filesystem on the path is not mounted: this might be the directory under an unmounted disk. */
  'stub',
  'mount-missing',
  /** The mount setup could not be compared with the mounts. */
  'mounts-unknown',
  /** The count stopped at its limit: a plan is for exactly the entries that were counted. */
  'not-counted',
  'too-many',
  /** Another filesystem is mounted below, or a directory of the storage is behind a symlink. */
  'mount-below',
  /** Symlinks, devices, setuid files, files with a second name: no registry creates these. */
  'unusual',
  /** Their own bits for the owner are too few, so that an owner could not use them either. */
  'closed-to-owner',
  /** It was not tested as the service, so ownership is not proven to be the fault. */
  'not-tried',
  /** The process has its own mounts or users, so its numbers and paths mean other things there. */
  'other-namespace',
  /** Something forbids every change there. */
  'not-changeable',
]);
export type NoChown = z.infer<typeof NoChown>;

/** Faults below the storage root. */
export const CONTENTS_FINDINGS = [
  z.strictObject({
    id: z.literal('wrong-owner'),
    ...atPath,
    /** The directory that holds all of it. */
    top: HostPath,
    owners: z
      .array(
        z.strictObject({ uid: Id, gid: Id, owner: z.string(), group: z.string(), entries: z.number().int().min(1) }),
      )
      .min(1)
      .max(16),
    firstPaths: z.array(HostPath).max(8),
    /** The storage root itself has another owner as well, and is closed to the service. */
    rootToo: z.boolean(),
    /** False: the count stopped at its limit. */
    complete: z.boolean(),
    /** How many entries the kernel denied to the service. Null: it could not be tested. */
    denied: z.number().int().min(1).nullable(),
    /**
     * `no-account`: an owner is a number without a name. `account`: the owner has the current uid of the service's
     * account.
     */
    drift: z.enum(['no-account', 'account']).nullable(),
    noChown: NoChown.nullable(),
  }),
  z.strictObject({
    id: z.literal('inner-directory-unusable'),
    ...atPath,
    lacking: z.array(z.enum(['search', 'list', 'create'])).min(1),
    mode: Mode,
    owner: z.string(),
    group: z.string(),
    /** The total number. */
    count: z.number().int().min(1),
    complete: z.boolean(),
    noChmod: NoChmod.nullable(),
  }),
  /** A file of the service in its storage, or a symlink there, that the kernel denied to it. */
  z.strictObject({
    id: z.literal('inner-file-unusable'),
    ...atPath,
    kind: z.enum(['file', 'symlink']),
    lacking: z.enum(['read', 'write']),
    mode: Mode,
    /** The total number. */
    count: z.number().int().min(1),
  }),
  z.strictObject({
    id: z.literal('world-writable-storage'),
    ...atPath,
    top: HostPath,
    entries: z.number().int().min(1),
    complete: z.boolean(),
    firstPaths: z.array(HostPath).max(8),
  }),
  /** The disk has repositories that the registry does not list. */
  z.strictObject({
    id: z.literal('images-unseen'),
    ...hostWide,
    onDisk: z.number().int().min(1),
    atLeast: z.boolean(),
    listed: z.number().int().min(0),
  }),
  /** No registry has ever kept an image in this storage root, which the service may use. */
  z.strictObject({
    id: z.literal('storage-empty'),
    ...atPath,
    /** When a manifest or blob was last served or accepted, by the log. Null: the log has no such line. */
    lastGoodAt: UnixSeconds.nullable(),
    wasUsed: z.boolean(),
  }),
  /**
   * Tags that are listed and can't be pulled, because files for the pull are empty or missing. Its path is the first
   * file.
   */
  z.strictObject({
    id: z.literal('image-data-missing'),
    ...atPath,
    ...ImageLinks.omit({ samples: true }).shape,
    samples: z.array(ImageDamage).min(1).max(16),
  }),
  z.strictObject({ id: z.literal('contents-not-judged'), ...atPath, why: Reason }),
] as const;
