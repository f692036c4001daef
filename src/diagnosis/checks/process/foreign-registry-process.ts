import type { Check } from '../check.ts';

/**
 * An account other than root or the service's runs a process that looks like the registry. Reported, but not used as
 * evidence.
 */
export const foreignRegistryProcess: Check<'foreign-registry-process'> = {
  id: 'foreign-registry-process',
  look({ facts: { foreignProcesses, account } }) {
    if (account.state !== 'known') return [];
    return foreignProcesses.map(({ pid, uid, user }) => ({
      id: 'foreign-registry-process',
      severity: 'warning',
      proof: 'evaluated',
      path: null,
      ...{ pid, uid, user },
      account: account.value.user,
    }));
  },
};
