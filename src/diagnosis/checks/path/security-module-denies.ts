import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { confinementOf } from '../../access/kernel/confinement.ts';
import type { Check } from '../check.ts';

type Complaint = Pick<FindingOf<'security-module-denies'>, 'words' | 'toldBy'>;

const PERMISSION_DENIED = /permission denied/i;
const MAX_WORDS = 400;
/**
 * How long after a change the registry's health can still be that from before: it checks its storage every 10 seconds
 * and reports the last result (distribution, health.storagedriver.interval).
 */
const SETTLED_SECONDS = 30;
const FRESH_SECONDS = 120;

/**
 * The kernel lets the service's ids use the storage, and the registry is still denied while a security module confines
 * its process. Access tests run with its ids and not with its label, so the module is the remaining cause
 * (credentials(7); apparmor(7), selinux(8)). The modes are right, and chmod would only open them to others.
 */
export const securityModuleDenies: Check<'security-module-denies'> = {
  id: 'security-module-denies',
  faultKind: 'security',
  inconclusive: true,
  look(judged) {
    const confinement = confinementOf(judged.facts);
    if (!confinement || !judged.root || !isAllowedByKernel(judged) || hasChangedLately(judged)) return [];
    const complaint = complaintOfHealth(judged.facts) ?? complaintOfLog(judged.facts);
    if (!complaint) return [];
    return [
      {
        id: 'security-module-denies',
        severity: complaint.toldBy === 'health' ? 'fault' : 'warning',
        proof: 'evaluated',
        path: judged.root.node.path,
        module: confinement.module,
        label: confinement.label,
        ...complaint,
      },
    ];
  },
};

function isAllowedByKernel({ walk, root }: JudgedAccess): boolean {
  if (walk?.stat?.result !== 'allowed' || !root) return false;
  return [root.list, root.create].every(({ access, proof }) => access === 'allowed' && proof === 'kernel');
}

/** Whether the path changed so recently that the registry might not have checked it since. */
function hasChangedLately({ facts, walk }: JudgedAccess): boolean {
  return (walk?.visits ?? []).some(
    ({ node }) => node.state === 'present' && node.changedAt > facts.takenAt - SETTLED_SECONDS,
  );
}

function complaintOfHealth({ health }: Facts): Complaint | null {
  if (health.state !== 'known' || health.value.status === 200 || !PERMISSION_DENIED.test(health.value.body))
    return null;
  return { words: health.value.body.trim().slice(0, MAX_WORDS), toldBy: 'health' };
}

function complaintOfLog({ logs, takenAt }: Facts): Complaint | null {
  if (logs.state !== 'known') return null;
  const fresh = logs.value.complaints.find(
    ({ complaint, lastAt }) => complaint === 'permission-denied' && lastAt !== null && lastAt > takenAt - FRESH_SECONDS,
  );
  return fresh ? { words: fresh.words, toldBy: 'log' } : null;
}
