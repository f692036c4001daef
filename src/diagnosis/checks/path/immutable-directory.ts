import type { Check } from '../check.ts';

/**
 * The storage root has the immutable attribute: not even root can create anything in it, whatever its mode says (EPERM;
 * chattr(1)). The registry's health check only stats and stays green.
 */
export const immutableDirectory: Check<'immutable-directory'> = {
  id: 'immutable-directory',
  faultKind: 'denied',
  scope: 'each-path',
  look({ root, usedPath, contents: { innerDirectories } }) {
    const below = usedPath === null ? innerDirectories.told.filter(({ directory }) => directory.immutable) : [];
    return [
      ...(root?.immutable ? [{ path: root.node.path, proof: root.immutable.proof }] : []),
      ...below.map(({ directory, proof }) => ({ path: directory.path, proof })),
    ].map((place) => ({ id: 'immutable-directory', severity: 'fault', ...place }));
  },
};
