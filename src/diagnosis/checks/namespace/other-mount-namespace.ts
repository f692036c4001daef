import { isOutOfSight } from '../../access/judge/walk-access.ts';
import type { Check } from '../check.ts';

/**
 * The process has another mount namespace than the probe, for example in a container, and the probe could not look into
 * it. The same path can lead the process elsewhere (mount_namespaces(7)).
 */
export const otherMountNamespace: Check<'other-mount-namespace'> = {
  id: 'other-mount-namespace',
  inconclusive: true,
  look({ facts }) {
    if (!isOutOfSight(facts) || facts.process.state !== 'known') return [];
    const { pid } = facts.process.value;
    return [{ id: 'other-mount-namespace', severity: 'warning', proof: 'unproven', path: null, pid }];
  },
};
