import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { compareSource, type MountOnWay } from './mount-comparison.ts';

/** A place on the way where another device or export is mounted than fstab(5) names. */
export type WrongDisk = {
  readonly mountPoint: HostPath;
  readonly mounted: string;
  readonly fstab: string;
  /** Repositories are there all the same: somebody may have moved the storage, and left fstab as it was. */
  readonly holdsImages: boolean;
};

/** Only what is known to differ, from every line that fstab has for the place. */
export function wrongDisksAmong(facts: Facts, mounts: readonly MountOnWay[], holdsImages: boolean): WrongDisk[] {
  return mounts.flatMap(({ mount, entries }) => {
    const [first] = entries;
    if (!first || !entries.every((entry) => compareSource(facts, entry, mount) === 'other')) return [];
    return [{ mountPoint: mount.mountPoint, mounted: mount.source, fstab: first.source, holdsImages }];
  });
}
