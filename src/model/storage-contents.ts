import { z } from 'zod';
import { HostPath } from './host-path.ts';
import { Id, Mode } from './posix.ts';

/** Entries below the storage root that belong to one owner and group other than the service's. */
export const ForeignOwner = z.strictObject({
  uid: Id,
  gid: Id,
  /** Names, or the numbers where the host knows none. */
  owner: z.string(),
  group: z.string(),
  entries: z.number().int().min(1),
  /** The first few of them, in the order of the scan. */
  firstPaths: z.array(HostPath).max(8),
  /** SHA-256 over the identity of every entry (inode, owner, mode), so that a plan is for exactly these; null when the scan was cut. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type ForeignOwner = z.infer<typeof ForeignOwner>;

/** A directory below the storage root that the kernel did not let the service use when it was tried as the service. */
export const ClosedDirectory = z.strictObject({
  path: HostPath,
  lacking: z.array(z.enum(['search', 'list', 'create'])).min(1),
  mode: Mode,
  owner: z.string(),
  group: z.string(),
});
export type ClosedDirectory = z.infer<typeof ClosedDirectory>;

/** What lies below the storage root: counted on the host, bounded in time and entries, never across mounts or links. */
export const StorageContents = z.strictObject({
  /** False: the scan ended at its bound, so every number is "at least". */
  complete: z.boolean(),
  /** Entries seen, the root itself among them. */
  entries: z.number().int().min(0),
  tookMs: z.number().int().min(0).nullable(),
  foreign: z.array(ForeignOwner).max(16),
  /** As the service sees it; unknown where it could not be tried as the service. */
  closed: z.array(ClosedDirectory).max(32),
  closedCount: z.number().int().min(0),
  /** Entries that every account may write to, links aside: the footprint of `chmod -R 777`. */
  worldWritable: z.strictObject({ entries: z.number().int().min(0), firstPaths: z.array(HostPath).max(8) }),
  /** Repositories that have manifests on this disk (`docker/registry/v2/repositories/…/_manifests`). */
  repositories: z.number().int().min(0),
});
export type StorageContents = z.infer<typeof StorageContents>;
