import type { Check } from '../check.ts';

/**
 * The storage health check is off, so a green `/v2/` says nothing about the storage. Switching it off is a known false
 * fix: login works again and each push fails.
 */
export const healthCheckOff: Check<'health-check-off'> = {
  id: 'health-check-off',
  look({ facts }) {
    if (facts.config.state !== 'known' || facts.config.value.storageHealthCheck) return [];
    return [{ id: 'health-check-off', severity: 'warning', proof: 'evaluated', path: null }];
  },
};
