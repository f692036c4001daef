import type { Check } from '../check.ts';

/**
 * A file server denies what the modes allow: it checks each access by its own rules and its own idea of the user, such
 * as root_squash, all_squash or other ids (exports(5), mount.cifs(8)). Only the server can change that.
 */
export const serverDenies: Check<'server-denies'> = {
  id: 'server-denies',
  faultKind: 'denied',
  scope: 'each-path',
  look({ externalDenials }) {
    return externalDenials
      .filter(({ by, shownBy }) => by === 'server' && shownBy === 'kernel-alone')
      .map(({ path, operation, proof, mount: { mountPoint, source, filesystem } }) => ({
        id: 'server-denies',
        severity: 'fault',
        proof,
        path,
        operation,
        mountPoint,
        source,
        filesystem,
      }));
  },
};
