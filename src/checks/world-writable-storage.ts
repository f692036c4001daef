import type { Check } from './check.ts';

/**
 * Everybody may write below the storage root: the footprint of `chmod -R 777`, which mends nothing that is closed further up and
 * leaves every image open to be changed by every account.
 */
export const worldWritableStorage: Check = {
  id: 'world-writable-storage',
  look({ facts }) {
    if (facts.contents.state !== 'known') return [];
    const { worldWritable, top, complete } = facts.contents.value;
    const { entries, firstPaths } = worldWritable;
    if (top === null || entries === 0) return [];
    return [
      {
        id: 'world-writable-storage',
        severity: 'warning',
        proof: 'evaluated',
        path: firstPaths[0] ?? top.path,
        top: top.path,
        entries,
        complete,
        firstPaths,
      },
    ];
  },
};
