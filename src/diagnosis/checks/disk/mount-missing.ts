import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { MissingMount } from '../../access/disk/missing-mount.ts';
import { judgedPath } from '../../access/judge/judged-path.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import type { Check } from '../check.ts';

/**
 * fstab(5) or a systemd.mount(5) unit puts a filesystem at or above the storage root, and it is not mounted. The
 * registry's health check treats a missing directory, and an empty one, as healthy (seen with distribution 2.8.2).
 */
export const mountMissing: Check<'mount-missing'> = {
  id: 'mount-missing',
  faultKind: 'not-there',
  scope: 'each-path',
  look(judged) {
    const { missing } = judged.disk;
    const path = judgedPath(judged);
    return missing === null || path === null ? [] : [finding(missing, judged, path)];
  },
};

function finding(
  { path, mountPoint, source, setUpIn, unit }: MissingMount,
  { walk, disk }: JudgedAccess,
  storageRoot: HostPath,
): FindingOf<'mount-missing'> {
  return {
    id: 'mount-missing',
    severity: 'fault',
    proof: 'evaluated',
    path,
    mountPoint,
    source,
    setUpIn,
    unit,
    storageRoot,
    breaksOffAt: walk?.end.kind === 'missing' ? walk.end.path : null,
    repositories: disk.repositories,
  };
}
