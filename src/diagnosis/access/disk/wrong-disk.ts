import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { compareSource, type MountOnWay } from './mount-comparison.ts';

/** A mount point on the path with another device or export than fstab(5) names. */
export type WrongDisk = {
  readonly mountPoint: HostPath;
  readonly mounted: string;
  readonly fstab: string;
  /** True if repositories are there anyway: someone might have moved the storage and left fstab unchanged. */
  readonly holdsImages: boolean;
};

/** Finds the mounts that are known to differ from every fstab line for their mount point. */
export function wrongDisksAmong(facts: Facts, mounts: readonly MountOnWay[], holdsImages: boolean): WrongDisk[] {
  return mounts.flatMap(({ mount, entries }) => {
    const [first] = entries;
    if (!first || !entries.every((entry) => compareSource(facts, entry, mount) === 'other')) return [];
    return [{ mountPoint: mount.mountPoint, mounted: mount.source, fstab: first.source, holdsImages }];
  });
}
