import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { ImageDamage, ImageLinks } from '../../host/image-links.ts';
import { Id, Mode, UnixSeconds } from '../../host/posix.ts';
import { Reason } from '../../reason.ts';
import { atPath, hostWide, NoChmod } from './basics.ts';

/** Why no plan changes the owner of what lies below the storage root. */
export const NoChown = z.enum([
  /** Nothing lies there, or a filesystem that belongs on the way is not mounted: this may be the directory under a mount. */
  'stub',
  'mount-missing',
  /** What is set up to be mounted could not be compared with what is. */
  'mounts-unknown',
  /** The count ended at its bound: a plan is for exactly the entries that were counted. */
  'not-counted',
  'too-many',
  /** Another filesystem is mounted below, or a part of the storage lies behind a symlink. */
  'mount-below',
  /** Links, devices, setuid files, files with a second name: no registry makes these. */
  'unusual',
  /** Their own bits for the owner are too few, so that an owner could not use them either. */
  'closed-to-owner',
  /** It was not tried as the service, so that ownership is not proven to be the fault. */
  'not-tried',
  /** The process has mounts or users of its own; its numbers and paths mean other things there. */
  'other-namespace',
  /** Something forbids every change there. */
  'not-changeable',
]);
export type NoChown = z.infer<typeof NoChown>;

/** What can be wrong below the storage root. */
export const CONTENTS_FINDINGS = [
  z.strictObject({
    id: z.literal('wrong-owner'),
    ...atPath,
    /** Where all of it lies. */
    top: HostPath,
    owners: z
      .array(
        z.strictObject({ uid: Id, gid: Id, owner: z.string(), group: z.string(), entries: z.number().int().min(1) }),
      )
      .min(1)
      .max(16),
    firstPaths: z.array(HostPath).max(8),
    /** The storage root itself belongs to another as well, and is closed to the service. */
    rootToo: z.boolean(),
    /** False: the count ended at its bound. */
    complete: z.boolean(),
    /** How many entries the kernel refused to the service; null: it could not be tried. */
    denied: z.number().int().min(1).nullable(),
    /** `no-account`: an owner is a number without a name. `account`: the owner has the uid that the service's account has now. */
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
    /** How many there are in all. */
    count: z.number().int().min(1),
    complete: z.boolean(),
    noChmod: NoChmod.nullable(),
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
    /** When the log tells of a manifest or blob that was served or taken well; null: it tells of none. */
    lastGoodAt: UnixSeconds.nullable(),
    wasUsed: z.boolean(),
  }),
  /** Tags that are listed and cannot be pulled: files that a pull needs are empty or not there. Its path is the first file. */
  z.strictObject({
    id: z.literal('image-data-missing'),
    ...atPath,
    ...ImageLinks.omit({ samples: true }).shape,
    samples: z.array(ImageDamage).min(1).max(16),
  }),
  z.strictObject({ id: z.literal('contents-not-judged'), ...atPath, why: Reason }),
] as const;
