import type { PresentNode } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';

/**
 * Everyone can write below the storage root, as after `chmod -R 777`. That fixes nothing that is closed further up, and
 * lets every account change every image.
 */
export const worldWritableStorage: Check<'world-writable-storage'> = {
  id: 'world-writable-storage',
  look({ facts, root }) {
    if (facts.contents.state !== 'known') return [];
    const { worldWritable, top, complete } = facts.contents.value;
    const openRoot = root !== null && isOpenToAll(root.node) ? [root.node.path] : [];
    const entries = worldWritable.entries + openRoot.length;
    const firstPaths = [...openRoot, ...worldWritable.firstPaths].slice(0, 8);
    if (top === null || entries === 0) return [];
    return [
      {
        id: 'world-writable-storage',
        severity: 'warning',
        proof: 'evaluated',
        path: firstPaths[0] ?? top.path,
        top: openRoot[0] ?? top.path,
        entries,
        complete,
        firstPaths,
      },
    ];
  },
};

/** The sticky bit keeps others from removing existing entries, but not from writing into a directory. */
function isOpenToAll({ mode }: PresentNode): boolean {
  return (Number.parseInt(mode, 8) & 0o002) !== 0;
}
