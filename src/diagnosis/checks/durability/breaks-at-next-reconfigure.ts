import { isProvenUsable } from '../../access/judge/walk-access.ts';
import type { Check } from '../check.ts';

/**
 * The registry can use its storage, but `gitlab-ctl reconfigure` will change a directory on the path so that it can't.
 */
export const breaksAtNextReconfigure: Check<'breaks-at-next-reconfigure'> = {
  id: 'breaks-at-next-reconfigure',
  look(judged, durability) {
    if (durability?.reconfigure !== 'breaks' || !judged.root || !isProvenUsable(judged)) return [];
    const threats = durability.threats.filter(({ id }) => id === 'reconfigure-resets');
    return [
      {
        id: 'breaks-at-next-reconfigure',
        severity: 'warning',
        proof: 'evaluated',
        path: judged.root.node.path,
        threats,
      },
    ];
  },
};
