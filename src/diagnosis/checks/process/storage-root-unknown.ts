import type { Facts } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';
import type { Check } from '../check.ts';
import { lacksOmnibus } from '../evidence/omnibus.ts';
import { keepsNothingOnDisk } from '../service/storage-not-on-disk.ts';

/** The config file did not show where the registry keeps its files. */
export const storageRootUnknown: Check<'storage-root-unknown'> = {
  id: 'storage-root-unknown',
  inconclusive: true,
  consequenceOf: ['config-invalid'],
  look({ facts }) {
    if (facts.storageRoot.state === 'known' || keepsNothingOnDisk(facts)) return [];
    const config = facts.paths.find(({ role }) => role === 'config')?.path ?? null;
    return [
      {
        id: 'storage-root-unknown',
        severity: 'warning',
        proof: 'unproven',
        path: null,
        why: whyUnknown(facts),
        config,
        lacksOmnibus: lacksOmnibus(facts),
      },
    ];
  },
};

function whyUnknown({ config, storageRoot }: Facts): Reason {
  if (config.state === 'unknown') return { code: 'config-unread', because: config.why };
  if (config.state === 'absent') return { code: 'config-missing' };
  return storageRoot.state === 'unknown' ? storageRoot.why : { code: 'no-directory-named' };
}
