import type { Check } from '../check.ts';
import { complaintIn } from '../evidence/log-complaints.ts';

/**
 * `storage.maintenance.readonly` is on: each push answers 405, while pulls and health stay green (distribution,
 * configuration).
 */
export const maintenanceMode: Check<'maintenance-mode'> = {
  id: 'maintenance-mode',
  look({ facts }) {
    if (facts.config.state !== 'known' || !facts.config.value.readOnlyMaintenance) return [];
    const refusedPushes = complaintIn(facts, 'maintenance')?.count ?? 0;
    return [{ id: 'maintenance-mode', severity: 'fault', proof: 'evaluated', path: null, refusedPushes }];
  },
};
