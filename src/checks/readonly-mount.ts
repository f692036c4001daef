import type { Check } from './check.ts';

/**
 * The filesystem of the storage root is mounted read-only: EROFS on each push, while the health check only stats and stays
 * green (mount(8); a kernel remounts ext4 so after an error). Hardware and fsck come first.
 */
export const readonlyMount: Check = {
  id: 'readonly-mount',
  look({ root }) {
    if (!root?.readOnlyMount) return [];
    const { mountPoint, proof } = root.readOnlyMount;
    return [{ id: 'readonly-mount', severity: 'fault', proof, path: root.node.path, mountPoint }];
  },
};
