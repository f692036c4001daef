import { pathJudged } from '../../access/judge/of-path.ts';
import type { Check } from '../check.ts';

/**
 * What is mounted on the way is another device or export than fstab(5) names for that place. Where images are seen all the
 * same, it holds until the next boot.
 */
export const wrongDiskMounted: Check<'wrong-disk-mounted'> = {
  id: 'wrong-disk-mounted',
  faultKind: 'not-there',
  scope: 'each-path',
  look(judged) {
    const { disk } = judged;
    const path = pathJudged(judged);
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
