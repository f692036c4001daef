import { knownValue } from '../../../model/fact.ts';
import type { Reason } from '../../../model/reason.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import type { CoveredPlace } from '../kernel/host-place.ts';
import { type MissingMount, missingMountOn, whyMountsAreNotCompared } from './missing-mount.ts';
import { type MountOnWay, mountsOnWay } from './mount-comparison.ts';
import { staleViewOf } from './stale-view.ts';
import { type WrongDisk, wrongDisksAmong } from './wrong-disk.ts';

/** Whether the disk that should hold a path is mounted there. */
export type JudgedDisk = {
  /** Why fstab and the mount table can't be compared. Null if they can. */
  readonly whyNotCompared: Reason | null;
  readonly mounts: readonly MountOnWay[];
  readonly missing: MissingMount | null;
  readonly wrong: readonly WrongDisk[];
  /** How many repositories are below the current storage root. Null if they were not counted. */
  readonly repositories: number | null;
  /** False: the path shows the directory under an unmounted disk, or another disk without images. */
  readonly isInPlace: boolean;
  /**
   * The directory that the process still sees although the host has mounted something over it since. Null: none, or
   * unknown.
   */
  readonly staleView: CoveredPlace | null;
};

/** Compares the mounts on one path with those that are set up for it. */
export function judgeDisk(walked: WalkedAccess): JudgedDisk {
  const { facts, walk } = walked;
  const whyNotCompared = whyMountsAreNotCompared(facts);
  const mounts = walk ? mountsOnWay(facts, walk) : [];
  const repositories = knownValue(facts.contents)?.repositories ?? null;
  const missing = walk ? missingMountOn(facts, walk, whyNotCompared) : null;
  const wrong = wrongDisksAmong(facts, mounts, (repositories ?? 0) > 0);
  const isInPlace = missing === null && wrong.every((disk) => disk.holdsImages);
  return { whyNotCompared, mounts, missing, wrong, repositories, isInPlace, staleView: staleViewOf(walked) };
}
