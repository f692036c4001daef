import { knownValue } from '../../../model/fact.ts';
import type { Facts, Identity, TryResult } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import { isSameIdentity } from './service-identity.ts';

/** The kernel's answers to access tests that ran as the judged identity. Null for a test that did not run. */
export type Tries = {
  search(directory: HostPath): TryResult | null;
  readonly stat: TryResult | null;
  readonly list: TryResult | null;
  readonly create: TryResult | null;
};

/** No access test ran. */
export const NO_TRIES: Tries = { search: () => null, stat: null, list: null, create: null };

/** The access tests of the storage root if they ran as exactly this identity, otherwise none. */
export function triesFor(facts: Facts, identity: Identity): Tries {
  return isTriedAs(facts, identity) ? { ...wholePath(facts.rootTries), search: searchOf(facts) } : NO_TRIES;
}

/**
 * The access tests of another path. If another account uses it, the whole path was tested as that account, and no
 * directory on the way was.
 */
export function triesOfPath(facts: Facts, { usedBy, tries }: UsedPath, identity: Identity): Tries {
  if (usedBy !== null) return { ...wholePath(tries), search: () => null };
  return isTriedAs(facts, identity) ? { ...wholePath(tries), search: searchOf(facts) } : NO_TRIES;
}

function isTriedAs({ triedAs }: Facts, identity: Identity): boolean {
  return triedAs.state === 'known' && isSameIdentity(triedAs.value, identity);
}

function searchOf({ searchTries }: Facts): Tries['search'] {
  const search = new Map(searchTries.map(({ path, answer }) => [path, answer]));
  return (directory) => search.get(directory) ?? null;
}

function wholePath({ stat, list, create }: Facts['rootTries']): Omit<Tries, 'search'> {
  return { stat: knownValue(stat), list: knownValue(list), create: knownValue(create) };
}
