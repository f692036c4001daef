import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';

/** The storage driver stores nothing in a directory of the host (object storage, memory): there is no path to walk. */
export const storageNotOnDisk: Check<'storage-not-on-disk'> = {
  id: 'storage-not-on-disk',
  inconclusive: true,
  look({ facts }) {
    if (!keepsNothingOnDisk(facts) || facts.config.state !== 'known') return [];
    const driver = facts.config.value.storageDriver;
    return [{ id: 'storage-not-on-disk', severity: 'info', proof: 'evaluated', path: null, driver }];
  },
};

export function keepsNothingOnDisk({ config, storageRoot }: Facts): boolean {
  if (storageRoot.state === 'known' || config.state !== 'known') return false;
  return config.value.rootDirectory === null && config.value.storageDriver !== 'filesystem';
}
