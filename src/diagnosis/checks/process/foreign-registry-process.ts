import type { Check } from '../check.ts';

/** Somebody who is neither root nor the service's account runs a process that looks like the registry. It is told, and never judged. */
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
