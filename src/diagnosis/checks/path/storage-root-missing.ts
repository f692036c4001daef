import { type Check, SHOWS_A_STUB } from '../check.ts';
import { proofOfPathEnd } from '../evidence/path-end-proof.ts';

/**
 * A directory of the storage path is missing: ENOENT. The registry's health check calls that healthy, and the catalog
 * is empty (seen with distribution 2.8.2). An unmounted disk looks like that.
 */
export const storageRootMissing: Check<'storage-root-missing'> = {
  id: 'storage-root-missing',
  faultKind: 'not-there',
  consequenceOf: SHOWS_A_STUB,
  look({ walk }) {
    if (walk?.end.kind !== 'missing' || walk.end.link !== null) return [];
    return [{ id: 'storage-root-missing', severity: 'fault', proof: proofOfPathEnd(walk), path: walk.end.path }];
  },
};
