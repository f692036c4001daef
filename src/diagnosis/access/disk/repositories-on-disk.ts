import type { Facts } from '../../../model/host/facts.ts';

/** How many repositories were seen below the storage root as it is now; null where they were not counted. */
export function repositoriesOnDisk({ contents }: Facts): number | null {
  return contents.state === 'known' ? contents.value.repositories : null;
}
