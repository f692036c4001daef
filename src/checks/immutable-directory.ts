import type { Check } from './check.ts';

/**
 * The storage root has the immutable attribute: nothing can be created in it, by root neither, whatever its mode says (EPERM;
 * chattr(1)). The registry's health check only stats and stays green.
 */
export const immutableDirectory: Check = {
  id: 'immutable-directory',
  scope: 'each-path',
  look({ root }) {
    if (!root?.immutable) return [];
    return [{ id: 'immutable-directory', severity: 'fault', proof: root.immutable.proof, path: root.node.path }];
  },
};
