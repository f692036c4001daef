import { MerkleFrontier } from './merkle-frontier.ts';

/**
 * Proves that a tree begins with an older one (RFC 9162, section 2.1.4.1). Every node of such a proof is a perfect subtree at the right
 * edge of the older tree, or covers new leaves only. So the edge and the new leaves are all it takes, whatever the size of the tree.
 *
 * @param older the older tree
 * @param added the leaves after it
 * @returns the nodes in the order of the RFC; none if the older tree is empty, or the same
 */
export function consistencyProof(older: MerkleFrontier, added: readonly Uint8Array[]): readonly Buffer[] {
  const { size } = older;
  if (size === 0 || added.length === 0) return [];
  const edge = edgeByStart(older);
  const hashOver = (start: number, end: number): Buffer =>
    (end <= size ? edge.get(start) : undefined) ?? rootOver(added.slice(start - size, end - size));
  /** SUBPROOF of the RFC. `isKnown`: who verifies has the hash of the older part. */
  const prove = (start: number, end: number, isKnown: boolean): Buffer[] => {
    if (end === size) return isKnown ? [] : [hashOver(start, end)];
    const middle = start + 2 ** Math.floor(Math.log2(end - start - 1));
    return size <= middle
      ? [...prove(start, middle, isKnown), hashOver(middle, end)]
      : [...prove(middle, end, false), hashOver(start, middle)];
  };
  return prove(0, size + added.length, true);
}

/** The perfect subtrees of a tree by the index of their first leaf. */
function edgeByStart({ size, edge }: MerkleFrontier): ReadonlyMap<number, Buffer> {
  const byStart = new Map<number, Buffer>();
  let start = 0;
  for (const subtree of edge) {
    byStart.set(start, subtree);
    start += 2 ** Math.floor(Math.log2(size - start));
  }
  return byStart;
}

function rootOver(leaves: readonly Uint8Array[]): Buffer {
  const tree = new MerkleFrontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}
