import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { complaintStillOpen, quoteOf } from '../evidence/log-complaints.ts';
import { isKnownToServe } from '../evidence/registry-answer.ts';
import { keepsNothingOnDisk } from './storage-not-on-disk.ts';

/**
 * The storage driver keeps its objects in another service, which refuses or does not answer. No mode on this host
 * matters.
 */
export const objectStorageFailing: Check<'object-storage-failing'> = {
  id: 'object-storage-failing',
  look({ facts }) {
    if (!keepsNothingOnDisk(facts) || facts.config.state !== 'known') return [];
    const said = saidByHealth(facts) ?? saidByLog(facts);
    if (said === null) return [];
    const driver = facts.config.value.storageDriver;
    const severity = isKnownToServe(facts) ? 'warning' : 'fault';
    return [{ id: 'object-storage-failing', severity, proof: 'evaluated', path: null, driver, said }];
  },
};

/** The storage check is named `storagedriver_DRIVER` (distribution, registry/handlers/app.go). */
function saidByHealth({ health, takenAt }: Facts) {
  if (health.state !== 'known' || health.value.status === 200) return null;
  return health.value.body.includes('"storagedriver_')
    ? { words: health.value.body.trim().slice(0, 400), at: takenAt }
    : null;
}

function saidByLog(facts: Facts) {
  const complaint = complaintStillOpen(facts, 'object-storage') ?? complaintStillOpen(facts, 'health-check-failed');
  return complaint && quoteOf(complaint);
}
