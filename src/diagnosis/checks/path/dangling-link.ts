import { type Check, SHOWS_A_STUB } from '../check.ts';
import { proofOfPathEnd } from '../evidence/path-end-proof.ts';

/**
 * The target of a symlink on the path is missing: ENOENT (path_resolution(7)). The registry's health check calls that
 * healthy, and each push fails with "file exists" (seen with distribution 2.8.2). Usually a disk is not mounted, and
 * creating the directory would hide that.
 */
export const danglingLink: Check<'dangling-link'> = {
  id: 'dangling-link',
  faultKind: 'not-there',
  scope: 'each-path',
  consequenceOf: SHOWS_A_STUB,
  look({ walk }) {
    if (walk?.end.kind !== 'missing' || walk.end.link === null) return [];
    const { path: missing, link } = walk.end;
    const { path, target } = link;
    return [{ id: 'dangling-link', severity: 'fault', proof: proofOfPathEnd(walk), path, target, missing }];
  },
};
