import { judgedPath } from '../../access/judge/judged-path.ts';
import type { Check } from '../check.ts';

/**
 * The mount on the path is of another device or export than fstab(5) names for its mount point. If images are on it
 * anyway, it works until the next boot.
 */
export const wrongDiskMounted: Check<'wrong-disk-mounted'> = {
  id: 'wrong-disk-mounted',
  faultKind: 'not-there',
  scope: 'each-path',
  look(judged) {
    const { disk } = judged;
    const path = judgedPath(judged);
    if (path === null) return [];
    return disk.wrong.map(({ mountPoint, mounted, fstab, holdsImages }) => ({
      id: 'wrong-disk-mounted',
      severity: holdsImages ? 'warning' : 'fault',
      proof: 'evaluated',
      path: mountPoint,
      mounted,
      fstab,
      storageRoot: path,
      repositories: disk.repositories,
    }));
  },
};
