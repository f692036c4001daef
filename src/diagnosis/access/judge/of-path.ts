import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The path that is judged, as the registry calls it; null: its storage root is not known. */
export function pathJudged({ facts, of }: WalkedAccess): HostPath | null {
  if (of !== null) return of.path;
  return knownValue(facts.storageRoot);
}

/** What was tried by the whole of that path. */
export function triesJudged({ facts, of }: WalkedAccess): Facts['rootTries'] {
  return of?.tries ?? facts.rootTries;
}

/** Room on the filesystem at its end. */
export function spaceJudged({ facts, of }: WalkedAccess): Facts['diskSpace'] {
  return of?.space ?? facts.diskSpace;
}
