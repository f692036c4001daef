import type { Facts } from '../../../model/host/facts.ts';
import { otherConfigs, type Reason } from '../../../model/reason.ts';
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

/** Whether registries run on the host, and the settings name the config file of none. */
export function isOtherMeant({ config, process }: Facts): boolean {
  return config.state === 'absent' && process.state === 'unknown' && otherConfigs(process.why) !== null;
}

function whyUnknown(facts: Facts): Reason {
  const { config, process, storageRoot } = facts;
  if (process.state === 'unknown' && isOtherMeant(facts)) return process.why;
  if (config.state === 'unknown') return { code: 'config-unread', because: config.why };
  if (config.state === 'absent') return { code: 'config-missing' };
  return storageRoot.state === 'unknown' ? storageRoot.why : { code: 'no-directory-named' };
}
