import type { Threat } from '../../../model/diagnosis/durability.ts';
import { wrongDisksOn } from '../../access/disk/wrong-disk.ts';
import { isInUse, type JudgedAccess } from '../../access/judge/judge-access.ts';
import { judgeDurability } from '../../durability/judge-durability.ts';
import type { Check } from '../check.ts';

/** The registry can use its storage, and what makes that so is gone or undone after the next boot. */
export const breaksAtNextReboot: Check<'breaks-at-next-reboot'> = {
  id: 'breaks-at-next-reboot',
  look(judged) {
    const durability = isInUse(judged) ? judgeDurability(judged) : null;
    if (durability?.reboot !== 'breaks' || !judged.root) return [];
    const threats = durability.threats.filter((threat) => isOfReboot(threat) && !isTold(threat, judged));
    if (threats.length === 0) return [];
    return [
      { id: 'breaks-at-next-reboot', severity: 'warning', proof: 'evaluated', path: judged.root.node.path, threats },
    ];
  },
};

/** `wrong-disk-mounted` has said so. */
function isTold(threat: Threat, { facts, walk }: JudgedAccess): boolean {
  if (!walk || threat.id !== 'mount-differs-from-fstab') return false;
  return wrongDisksOn(facts, walk).some(({ mountPoint }) => mountPoint === threat.path);
}

function isOfReboot({ id }: Threat): boolean {
  return id !== 'reconfigure-resets';
}
