import { deniedDirectory } from '../../access/denial/denied-directory.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';

/**
 * The registry reaches its storage root and can't list or write it. Its health check only calls stat(2) and stays
 * green, while the catalog and each push fail (seen with distribution 2.8.2).
 */
export const storageRootUnusable: Check<'storage-root-unusable'> = {
  id: 'storage-root-unusable',
  faultKind: 'denied',
  consequenceOf: SHOWS_A_STUB,
  look(judged) {
    const denied = deniedDirectory(judged);
    if (denied === null) return [];
    const { node, lacking, decidedBy, proof, noChmod } = denied;
    const { path, mode, owner, group } = node;
    const severity = isPartOfWrongOwners(judged) ? 'info' : 'fault';
    return [{ id: 'storage-root-unusable', severity, proof, path, lacking, mode, owner, group, decidedBy, noChmod }];
  },
};

/** Whether the root has a wrong owner like its contents. That is one fault, which `wrong-owner` reports. */
function isPartOfWrongOwners({ contents: { wrongOwners } }: JudgedAccess): boolean {
  return wrongOwners !== null && wrongOwners.root !== null && wrongOwners.pairs.length > 0;
}
