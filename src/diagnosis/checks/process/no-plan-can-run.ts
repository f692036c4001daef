import type { Check } from '../check.ts';

/**
 * The guard would refuse every plan on this host (guard.sh, find_why_no_plan). People learn it with the plan, or while the registry
 * is healthy, and not only after an approval.
 */
export const noPlanCanRun: Check<'no-plan-can-run'> = {
  id: 'no-plan-can-run',
  look({ facts: { plansRefused: why } }) {
    return why === null ? [] : [{ id: 'no-plan-can-run', severity: 'warning', proof: 'evaluated', path: null, why }];
  },
};
