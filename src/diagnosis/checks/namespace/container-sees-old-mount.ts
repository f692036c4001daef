import type { Check } from '../check.ts';

/**
 * The process still has a directory over which the host has mounted a disk since. Its container or service was started
 * before that, and a later mount reaches another namespace only by propagation (mount_namespaces(7)). The process sees
 * the directory under the disk, which explains all other faults there.
 */
export const containerSeesOldMount: Check<'container-sees-old-mount'> = {
  id: 'container-sees-old-mount',
  faultKind: 'not-there',
  look({ facts: { view }, disk: { staleView } }) {
    if (staleView === null || view.kind === 'host') return [];
    const { path, hostPath, mount } = staleView;
    const { mountPoint, source, filesystem } = mount;
    return [
      {
        id: 'container-sees-old-mount',
        severity: 'fault',
        proof: 'evaluated',
        path,
        pid: view.pid,
        coveredAt: hostPath,
        mountPoint,
        source,
        filesystem,
      },
    ];
  },
};
