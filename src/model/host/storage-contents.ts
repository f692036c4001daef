import { z } from 'zod';
import { Fact } from '../fact.ts';
import { HostPath } from './host-path.ts';
import { Id, Mode } from './posix.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Entries below the storage root that belong to one owner and group, where the owner is not the service. */
export const ForeignOwner = z.strictObject({
  uid: Id,
  gid: Id,
  /** Names, or numbers that the host has no name for. */
  owner: z.string(),
  group: z.string(),
  entries: z.number().int().min(1),
  /** The first few of them, in scan order. A name with a newline is counted and not shown. */
  firstPaths: z.array(HostPath).max(8),
  /**
   * How many of them the service can't use, as tested. Entries behind a directory that it can't enter are not reached.
   */
  denied: Fact(z.strictObject({ directories: z.number().int().min(0), files: z.number().int().min(0) })),
  /** How many of them even their owner can't use as the registry does, because the owner's bits are too few. */
  closedToOwner: z.number().int().min(0),
  /**
   * How many of them no registry creates: symlinks, devices, pipes, files with setuid, setgid or a second hard link,
   * and names with a newline.
   */
  unusual: z.number().int().min(0),
  /** SHA-256 over the identity of every entry (inode, owner, type, mode). Null if the scan stopped early. */
  digest: Digest.nullable(),
});
export type ForeignOwner = z.infer<typeof ForeignOwner>;

/** A directory below the storage root, with the permission that the service is missing there. */
export const ClosedDirectory = z.strictObject({
  path: HostPath,
  lacking: z.array(z.enum(['search', 'list', 'create'])).min(1),
  inode: z.string().regex(/^\d+$/),
  mode: Mode,
  uid: Id,
  gid: Id,
  owner: z.string(),
  group: z.string(),
  /** The immutable attribute (chattr(1)). Read for the first few whose only fault is that they can't be written. */
  immutable: z.boolean().default(false),
  /** It has an ACL with more than the mode bits. Read for the first few. */
  acl: z.boolean().default(false),
});
export type ClosedDirectory = z.infer<typeof ClosedDirectory>;

const ClosedDirectories = z.strictObject({
  count: z.number().int().min(0),
  /** The first of them. */
  directories: z.array(ClosedDirectory).max(64),
  /** False: not every directory was checked. */
  complete: z.boolean(),
});

/** One of the service's own files that it can't use, or a symlink to what it can't use. */
export const ShutEntry = z.strictObject({
  path: HostPath,
  kind: z.enum(['file', 'symlink']),
  lacking: z.enum(['read', 'write']),
  mode: Mode,
  uid: Id,
  gid: Id,
});
export type ShutEntry = z.infer<typeof ShutEntry>;

const TriedDirectories = ClosedDirectories.extend({
  /** The directories that the registry writes to were all tested, even if the rest was not. */
  writePlacesTried: z.boolean(),
});

/**
 * The contents of the storage, in the one directory (`docker`) that a registry uses. Counted on the host with limits on
 * time and entries, including directories behind a symlink or on another mount.
 */
export const StorageContents = z.strictObject({
  /** False: the scan stopped at its limit, so every number is "at least". */
  complete: z.boolean(),
  /** The directories that the registry writes to were all seen, even if the rest was not. */
  writePlacesSeen: z.boolean(),
  entries: z.number().int().min(0),
  tookMs: z.number().int().min(0).nullable(),
  /** `docker` itself, which is among the entries. Null: the storage root has none. */
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
  /** Mounts below `docker`. */
  mountsBelow: z.number().int().min(0),
  /** Directories of the storage behind a symlink or on another mount, which were counted and tested with it. */
  parts: z
    .array(
      z.strictObject({
        /** The path by its name inside the storage. If a part of it is a symlink, it is not physical. */
        path: HostPath,
        /** The service could reach it when its contents were tested. */
        tried: z.boolean(),
      }),
    )
    .max(16)
    .default([]),
  foreign: z.array(ForeignOwner).max(16),
  /** Whether there are more pairs of owner and group than `foreign` lists. */
  moreOwners: z.boolean(),
  /** The directories and files to which the kernel denied the service access in a test. */
  closed: Fact(TriedDirectories),
  /** Denied in the same test, and no owner explains it: the service's own files, and symlinks that are not walked on their own. */
  shut: z
    .strictObject({ count: z.number().int().min(0), entries: z.array(ShutEntry).max(16) })
    .default({ count: 0, entries: [] }),
  /**
   * The service's own directories without the needed owner bits, read by root, including those that a closed one hides.
   */
  ownClosed: ClosedDirectories,
  /** Entries that every account can write to, except symlinks, as after `chmod -R 777`. */
  worldWritable: z.strictObject({
    entries: z.number().int().min(0),
    firstPaths: z.array(HostPath).max(8),
    /** Those among them that the service owns and that have exactly 0777, by kind. */
    footprint: z
      .array(
        z.strictObject({
          kind: z.enum(['directory', 'file']),
          entries: z.number().int().min(1),
          /** Like the digest of foreign entries. */
          digest: Digest.nullable(),
        }),
      )
      .max(2)
      .default([]),
  }),
  /** umask(2) of the registry's process. Null if unknown. */
  umask: Mode.nullable().default(null),
  /** Repositories that have manifests on this disk (`docker/registry/v2/repositories/…/_manifests`). */
  repositories: z.number().int().min(0),
});
export type StorageContents = z.infer<typeof StorageContents>;
