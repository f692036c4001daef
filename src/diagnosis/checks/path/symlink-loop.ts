import type { Check } from '../check.ts';
import { proofOfPathEnd } from '../evidence/path-end-proof.ts';

/** The path goes through more than 40 symlinks: ELOOP (path_resolution(7); MAXSYMLINKS of the kernel). */
export const symlinkLoop: Check<'symlink-loop'> = {
  id: 'symlink-loop',
  faultKind: 'not-there',
  scope: 'each-path',
  look({ walk }) {
    if (walk?.end.kind !== 'loop') return [];
    return [{ id: 'symlink-loop', severity: 'fault', proof: proofOfPathEnd(walk), path: walk.end.path }];
  },
};
