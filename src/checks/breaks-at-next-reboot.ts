import { isInUse } from '../access/is-in-use.ts';
import { judgeDurability } from '../durability/judge-durability.ts';
import type { Threat } from '../model/durability.ts';
import type { Check } from './check.ts';

/** The registry can use its storage, and what makes that so is gone or undone after the next boot. */
export const breaksAtNextReboot: Check = {
  id: 'breaks-at-next-reboot',
  look(judged) {
    const durability = isInUse(judged) ? judgeDurability(judged) : null;
    if (durability?.reboot !== 'breaks' || !judged.root) return [];
    const threats = durability.threats.filter(isOfReboot);
    return [
      { id: 'breaks-at-next-reboot', severity: 'warning', proof: 'evaluated', path: judged.root.node.path, threats },
    ];
  },
};

function isOfReboot({ id }: Threat): boolean {
  return id !== 'reconfigure-resets';
}
