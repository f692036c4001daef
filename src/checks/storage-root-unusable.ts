import type { JudgedAccess } from '../access/judge-access.ts';
import { deniedUses, LETTERS_FOR } from '../access/judge-root.ts';
import { openingOf } from '../access/opening.ts';
import { wrongOwnersOf } from '../access/wrong-owners.ts';
import { type Check, SHOWS_A_STUB } from './check.ts';

/**
 * The registry reaches its storage root and may not list or write it. Its health check only calls stat(2) and stays green,
 * while the catalog and each push fail (seen with distribution 2.8.2).
 */
export const storageRootUnusable: Check = {
  id: 'storage-root-unusable',
  consequenceOf: SHOWS_A_STUB,
  look(judged) {
    const { facts, root } = judged;
    const denied = root ? deniedUses(root) : [];
    const [first] = denied;
    if (!root || !first) return [];
    const { path, mode, owner, group } = root.node;
    const wanted = denied.flatMap((use) => LETTERS_FOR[use.operation]);
    const opening = openingOf(facts, root.node, first.class, wanted);
    const noChmod = opening.kind === 'none' ? opening.why : null;
    // That is a matter of the mount, and told as such.
    if (noChmod === 'modes-not-kept') return [];
    return [
      {
        id: 'storage-root-unusable',
        severity: isPartOfWrongOwners(judged) ? 'info' : 'fault',
        proof: denied.every((use) => use.proof === 'kernel') ? 'kernel' : 'evaluated',
        path,
        lacking: denied.map((use) => use.operation),
        mode,
        owner,
        group,
        decidedBy: first.class,
        noChmod,
      },
    ];
  },
};

/** The root belongs to another like what lies below it: one fault, which `wrong-owner` tells. */
function isPartOfWrongOwners(judged: JudgedAccess): boolean {
  const wrong = wrongOwnersOf(judged);
  return wrong !== null && wrong.root !== null && wrong.pairs.length > 0;
}
