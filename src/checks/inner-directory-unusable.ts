import { innerDirectoriesOf } from '../access/inner-directories.ts';
import { type Check, SHOWS_A_STUB } from './check.ts';

/** More would say no more. */
const MAX_FINDINGS = 8;

/**
 * The service may not search, list or write a directory below its storage root, and its bits are the fault. The registry makes
 * all its directories with 0777 less the umask (os.MkdirAll in distribution's filesystem driver), so one of its own that it may
 * not write was changed by somebody.
 */
export const innerDirectoryUnusable: Check = {
  id: 'inner-directory-unusable',
  // Where the filesystem takes no writes, no mode of a directory lets anybody write.
  consequenceOf: [...SHOWS_A_STUB, 'readonly-mount'],
  look(judged) {
    const { told, count, complete } = innerDirectoriesOf(judged);
    return told.slice(0, MAX_FINDINGS).map(({ directory, proof, opening }) => ({
      id: 'inner-directory-unusable',
      severity: 'fault',
      proof,
      path: directory.path,
      lacking: directory.lacking,
      mode: directory.mode,
      owner: directory.owner,
      group: directory.group,
      count,
      complete,
      noChmod: 'noChmod' in opening ? opening.noChmod : null,
    }));
  },
};
