import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { Walk } from '../judge/judge-walk.ts';
import { mountsOfHost } from '../kernel/host-place.ts';
import { compareSource, mountsOnWay } from './mount-comparison.ts';

/** A place on the way where another device or export is mounted than fstab(5) names. */
export type WrongDisk = {
  readonly mountPoint: HostPath;
  readonly mounted: string;
  readonly fstab: string;
  /** Repositories are there all the same: somebody may have moved the storage, and left fstab as it was. */
  readonly holdsImages: boolean;
};

/** Only what is known to differ, from every line that fstab has for the place. */
export function wrongDisksOn(facts: Facts, walk: Walk): WrongDisk[] {
  if (mountsOfHost(facts) === null) return [];
  const holdsImages = (repositoriesOnDisk(facts) ?? 0) > 0;
  return mountsOnWay(facts, walk).flatMap(({ mount, entries }) => {
    const [first] = entries;
    if (!first || !entries.every((entry) => compareSource(facts, entry, mount) === 'other')) return [];
    return [{ mountPoint: mount.mountPoint, mounted: mount.source, fstab: first.source, holdsImages }];
  });
}

/** How many repositories are below the storage root as it is now; null if they were not counted. */
export function repositoriesOnDisk({ contents }: Facts): number | null {
  return contents.state === 'known' ? contents.value.repositories : null;
}
