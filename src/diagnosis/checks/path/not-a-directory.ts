import { type Check, SHOWS_A_STUB } from '../check.ts';
import { proofOfPathEnd } from '../evidence/path-end-proof.ts';

/** A component of the storage path, or its end, is a file: ENOTDIR (path_resolution(7)). */
export const notADirectory: Check<'not-a-directory'> = {
  id: 'not-a-directory',
  faultKind: 'not-there',
  scope: 'each-path',
  consequenceOf: SHOWS_A_STUB,
  look({ walk }) {
    if (walk?.end.kind !== 'not-a-directory') return [];
    return [{ id: 'not-a-directory', severity: 'fault', proof: proofOfPathEnd(walk), path: walk.end.path }];
  },
};
