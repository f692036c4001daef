import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The judged path in the registry's spelling. Null: its storage root is unknown. */
export function pathJudged({ facts, of }: WalkedAccess): HostPath | null {
  if (of !== null) return of.path;
  return knownValue(facts.storageRoot);
}

/** The test results for the whole of that path. */
export function triesJudged({ facts, of }: WalkedAccess): Facts['rootTries'] {
  return of?.tries ?? facts.rootTries;
}

/** Room on the filesystem at its end. */
export function spaceJudged({ facts, of }: WalkedAccess): Facts['diskSpace'] {
  return of?.space ?? facts.diskSpace;
}
