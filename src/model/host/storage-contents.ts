import { z } from 'zod';
import { Fact } from '../fact.ts';
import { HostPath } from './host-path.ts';
import { Id, Mode } from './posix.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Entries below the storage root that belong to one owner and group, the owner being another than the service. */
export const ForeignOwner = z.strictObject({
  uid: Id,
  gid: Id,
  /** Names, or the numbers where the host knows none. */
  owner: z.string(),
  group: z.string(),
  entries: z.number().int().min(1),
  /** The first few of them, in the order of the scan; a name that holds a newline is counted and not shown. */
  firstPaths: z.array(HostPath).max(8),
  /** How many of them the service may not use, really tried; those behind a directory that it may not enter are not met. */
  denied: Fact(z.strictObject({ directories: z.number().int().min(0), files: z.number().int().min(0) })),
  /** How many of them even their owner may not use as the registry does: their own bits for the owner are too few. */
  closedToOwner: z.number().int().min(0),
  /**
   * How many of them no registry makes: symlinks, devices, pipes, files with setuid, setgid or a second hard link, names that
   * hold a newline.
   */
  unusual: z.number().int().min(0),
  /** SHA-256 over the identity of every entry (inode, owner, type, mode); null when the scan was cut. */
  digest: Digest.nullable(),
});
export type ForeignOwner = z.infer<typeof ForeignOwner>;

/** A directory below the storage root, with what the service lacks there. */
export const ClosedDirectory = z.strictObject({
  path: HostPath,
  lacking: z.array(z.enum(['search', 'list', 'create'])).min(1),
  inode: z.string().regex(/^\d+$/),
  mode: Mode,
  uid: Id,
  gid: Id,
  owner: z.string(),
  group: z.string(),
  /** The immutable attribute (chattr(1)); asked of the first few that only cannot be written. */
  immutable: z.boolean().default(false),
});
export type ClosedDirectory = z.infer<typeof ClosedDirectory>;

const ClosedDirectories = z.strictObject({
  count: z.number().int().min(0),
  /** The first of them. */
  directories: z.array(ClosedDirectory).max(64),
  /** False: not every directory was looked at. */
  complete: z.boolean(),
});

const TriedDirectories = ClosedDirectories.extend({
  /** The directories into which the registry writes were all tried, even where the rest was cut. */
  writePlacesTried: z.boolean(),
});

/**
 * What lies below the storage root, in the one directory (`docker`) in which a registry keeps everything: counted on the host,
 * bounded in time and entries, with the parts that lie behind a symlink or on a filesystem of their own.
 */
export const StorageContents = z.strictObject({
  /** False: the scan ended at its bound, so every number is "at least". */
  complete: z.boolean(),
  /** The directories into which the registry writes were all seen, even where the rest was cut. */
  writePlacesSeen: z.boolean(),
  entries: z.number().int().min(0),
  tookMs: z.number().int().min(0).nullable(),
  /** `docker` itself, which is among the entries; null: the storage root has none. */
  top: z
    .strictObject({
      path: HostPath,
      device: z.string().regex(/^\d+$/),
      inode: z.string().regex(/^\d+$/),
      mode: Mode,
      uid: Id,
      gid: Id,
    })
    .nullable(),
  /** Mounts that lie below `docker`. */
  mountsBelow: z.number().int().min(0),
  /** What lies behind a symlink, or on a filesystem of its own, and was counted and tried as a part of the storage. */
  parts: z
    .array(
      z.strictObject({
        /** By its name inside the storage: where it is a symlink, this path is not physical. */
        path: HostPath,
        /** The service got there when its contents were tried. */
        tried: z.boolean(),
      }),
    )
    .max(16)
    .default([]),
  foreign: z.array(ForeignOwner).max(16),
  /** More pairs of owner and group than `foreign` tells. */
  moreOwners: z.boolean(),
  /** What the kernel did not let the service do when it was really tried as the service. */
  closed: Fact(TriedDirectories),
  /** Directories of the service's own that lack bits for their owner, read by root: also those that a closed one hides. */
  ownClosed: ClosedDirectories,
  /** Entries that every account may write to, links aside: the footprint of `chmod -R 777`. */
  worldWritable: z.strictObject({
    entries: z.number().int().min(0),
    firstPaths: z.array(HostPath).max(8),
    /** Those among them that the service owns and that have exactly 0777, of each kind that there is. */
    footprint: z
      .array(
        z.strictObject({
          kind: z.enum(['directory', 'file']),
          entries: z.number().int().min(1),
          /** As that of foreign entries. */
          digest: Digest.nullable(),
        }),
      )
      .max(2)
      .default([]),
  }),
  /** umask(2) of the registry's process; null where it is not known. */
  umask: Mode.nullable().default(null),
  /** Repositories that have manifests on this disk (`docker/registry/v2/repositories/…/_manifests`). */
  repositories: z.number().int().min(0),
});
export type StorageContents = z.infer<typeof StorageContents>;
