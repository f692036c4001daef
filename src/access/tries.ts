import type { Fact } from '../model/fact.ts';
import type { Facts, Identity, TryResult } from '../model/facts.ts';
import type { HostPath } from '../model/host-path.ts';
import { isSameIdentity } from './service-identity.ts';

/** What the kernel answered on the host, as far as it counts for the judged identity. Null: it was not asked. */
export type Tries = {
  search(directory: HostPath): TryResult | null;
  readonly stat: TryResult | null;
  readonly list: TryResult | null;
  readonly create: TryResult | null;
};

/** Nothing was tried. */
export const NO_TRIES: Tries = { search: () => null, stat: null, list: null, create: null };

/** The tries of the facts when they were made as exactly this identity; none otherwise. */
export function triesFor(facts: Facts, identity: Identity): Tries {
  if (facts.triedAs.state !== 'known' || !isSameIdentity(facts.triedAs.value, identity)) return NO_TRIES;
  const search = new Map(facts.searchTries.map(({ path, answer }) => [path, answer]));
  const { stat, list, create } = facts.rootTries;
  return {
    search: (directory) => search.get(directory) ?? null,
    stat: answerOf(stat),
    list: answerOf(list),
    create: answerOf(create),
  };
}

function answerOf(fact: Fact<TryResult>): TryResult | null {
  return fact.state === 'known' ? fact.value : null;
}
