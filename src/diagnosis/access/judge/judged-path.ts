import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The path that was judged, as the registry spells it. Null: the storage root is unknown. */
export function judgedPath({ facts, usedPath }: WalkedAccess): HostPath | null {
  if (usedPath !== null) return usedPath.path;
  return knownValue(facts.storageRoot);
}

/** Results of trying stat, list and create on that path as the registry's identity. */
export function accessTriesOf({ facts, usedPath }: WalkedAccess): Facts['rootTries'] {
  return usedPath?.tries ?? facts.rootTries;
}

/** Free space on the filesystem that the path ends on. */
export function diskSpaceOf({ facts, usedPath }: WalkedAccess): Facts['diskSpace'] {
  return usedPath?.space ?? facts.diskSpace;
}
