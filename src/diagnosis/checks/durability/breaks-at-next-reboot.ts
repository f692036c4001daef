import type { Threat } from '../../../model/diagnosis/durability.ts';
import { isProvenUsable } from '../../access/judge/walk-access.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import type { Check } from '../check.ts';

/** The registry can use its storage, but what makes that possible is gone or undone after the next boot. */
export const breaksAtNextReboot: Check<'breaks-at-next-reboot'> = {
  id: 'breaks-at-next-reboot',
  look(judged, durability) {
    if (durability?.reboot !== 'breaks' || !judged.root || !isProvenUsable(judged)) return [];
    const threats = durability.threats.filter((threat) => isOfReboot(threat) && !isReportedElsewhere(threat, judged));
    if (threats.length === 0) return [];
    return [
      { id: 'breaks-at-next-reboot', severity: 'warning', proof: 'evaluated', path: judged.root.node.path, threats },
    ];
  },
};

/** Whether `wrong-disk-mounted` already reports the threat. */
function isReportedElsewhere(threat: Threat, { disk }: JudgedAccess): boolean {
  return threat.id === 'mount-differs-from-fstab' && disk.wrong.some(({ mountPoint }) => mountPoint === threat.path);
}

function isOfReboot({ id }: Threat): boolean {
  return id !== 'reconfigure-resets';
}
