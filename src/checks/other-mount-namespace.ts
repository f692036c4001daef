import { seesOtherMounts } from '../access/judge-access.ts';
import type { Check } from './check.ts';

/** The process has another mount namespace than the probe, as in a container: paths may lead it elsewhere (mount_namespaces(7)). */
export const otherMountNamespace: Check = {
  id: 'other-mount-namespace',
  look({ facts }) {
    if (!seesOtherMounts(facts) || facts.process.state !== 'known') return [];
    const { pid } = facts.process.value;
    return [{ id: 'other-mount-namespace', severity: 'warning', proof: 'unproven', path: null, pid }];
  },
};
