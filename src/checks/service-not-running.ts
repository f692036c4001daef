import type { Check } from './check.ts';

/** No registry process is there, and nothing answers in its place (proc(5)). */
export const serviceNotRunning: Check = {
  id: 'service-not-running',
  look({ facts }) {
    if (facts.process.state !== 'absent' || facts.v2.state === 'known') return [];
    const serviceUser = facts.account.state === 'known' ? facts.account.value.user : null;
    return [{ id: 'service-not-running', severity: 'fault', proof: 'evaluated', path: null, serviceUser }];
  },
};
