import { deniedUses, LETTERS_FOR } from '../access/judge-root.ts';
import { openingOf } from '../access/opening.ts';
import type { Check } from './check.ts';

/**
 * The registry reaches its storage root and may not list or write it. Its health check only calls stat(2) and stays green,
 * while the catalog and each push fail (seen with distribution 2.8.2).
 */
export const storageRootUnusable: Check = {
  id: 'storage-root-unusable',
  look({ facts, root }) {
    const denied = root ? deniedUses(root) : [];
    const [first] = denied;
    if (!root || !first) return [];
    const { path, mode, owner, group } = root.node;
    const wanted = denied.flatMap((use) => LETTERS_FOR[use.operation]);
    const opening = openingOf(facts, root.node, first.class, wanted);
    return [
      {
        id: 'storage-root-unusable',
        severity: 'fault',
        proof: denied.every((use) => use.proof === 'kernel') ? 'kernel' : 'evaluated',
        path,
        lacking: denied.map((use) => use.operation),
        mode,
        owner,
        group,
        decidedBy: first.class,
        noChmod: opening.kind === 'none' ? opening.why : null,
      },
    ];
  },
};
