import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import { deniedDirectory } from '../../access/denial/denied-directory.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';

/** The most findings of this kind. More would add nothing. */
const MAX_FINDINGS = 8;

/**
 * The service can't search, list or write a directory below its storage root, because of the directory's mode bits. The
 * registry creates its directories with 0777 less its umask (os.MkdirAll in distribution's filesystem driver), so if
 * the service owns a directory that it can't write to, someone changed its mode.
 */
export const innerDirectoryUnusable: Check<'inner-directory-unusable'> = {
  id: 'inner-directory-unusable',
  faultKind: 'denied',
  scope: 'each-path',
  // On a read-only filesystem, no mode of a directory lets anyone write.
  consequenceOf: [...SHOWS_A_STUB, 'readonly-mount', 'umask-too-tight'],
  look(judged) {
    if (judged.usedPath !== null) return endOfPart(judged);
    const { told, count, complete } = judged.contents.innerDirectories;
    return told
      .filter(({ directory }) => !directory.immutable)
      .slice(0, MAX_FINDINGS)
      .map(({ directory, proof, grant }) => ({
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
        noChmod: 'noChmod' in grant ? grant.noChmod : null,
      }));
  },
};

/** The directory that a symlink or a mount inside the storage leads to. */
function endOfPart(judged: JudgedAccess): FindingOf<'inner-directory-unusable'>[] {
  const denied = deniedDirectory(judged);
  if (denied === null) return [];
  const { node, lacking, proof, noChmod } = denied;
  const { path, mode, owner, group } = node;
  const found = { path, lacking, mode, owner, group, count: 1, complete: true, noChmod };
  return [{ id: 'inner-directory-unusable', severity: 'fault', proof, ...found }];
}
