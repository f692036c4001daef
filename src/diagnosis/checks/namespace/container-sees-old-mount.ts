import type { Check } from '../check.ts';

/**
 * The process holds a directory over which the host has mounted something since: its container, or service, was started
 * before the disk was there, and a later mount reaches another namespace by propagation alone (mount_namespaces(7)). What is
 * met on its way is the stub, so that this explains whatever else is wrong there.
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
