import { placeInStorage } from '../../access/judge/storage-part.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';

/** The most findings of this kind. More would add nothing. */
const MAX_FINDINGS = 4;

/**
 * The kernel denied the service a file of its own in its storage, or what a symlink there leads to: after a wrong
 * chmod -R, or where files were replaced by symlinks to another disk. A pull needs each `data` file, and a push writes
 * each `link` again (distribution's path specification), while the health check only stats the root and stays green.
 */
export const innerFileUnusable: Check<'inner-file-unusable'> = {
  id: 'inner-file-unusable',
  faultKind: 'denied',
  // On a read-only filesystem no link can be written, whatever its mode.
  consequenceOf: [...SHOWS_A_STUB, 'readonly-mount', 'umask-too-tight', 'untraversable-ancestor', 'image-data-missing'],
  look(judged) {
    const { contents } = judged.facts;
    if (contents.state !== 'known') return [];
    const { count, entries } = contents.value.shut;
    return entries.slice(0, MAX_FINDINGS).map(({ path, kind, lacking, mode }) => ({
      id: 'inner-file-unusable',
      severity: 'fault',
      proof: 'kernel',
      path: placeInStorage(judged, path)?.path ?? path,
      kind,
      lacking,
      mode,
      count,
    }));
  },
};
