import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { ExternalDenial } from '../../access/denial/external-denial.ts';
import { decidingOptions } from '../../access/disk/mount-comparison.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { makesUpModes } from '../../access/kernel/mount-table.ts';
import type { Check } from '../check.ts';

/**
 * A filesystem without Unix modes denies the registry: its modes are made up from its mount options (vfat, exfat, ntfs,
 * CIFS), or a FUSE program admits only the user who mounted it. chmod(1) has no effect. The options are the cause.
 */
export const mountOptionsDeny: Check<'mount-options-deny'> = {
  id: 'mount-options-deny',
  faultKind: 'denied',
  scope: 'each-path',
  look(judged) {
    return oncePerMount(judged.externalDenials.filter(isByOptions)).map((denial) => finding(denial, judged));
  },
};

function isByOptions({ by, shownBy, mount }: ExternalDenial): boolean {
  // The client of a CIFS server denies by made-up modes before the server is asked.
  if (by === 'server') return shownBy === 'modes' && makesUpModes(mount);
  return by === 'fuse' || by === 'mount-options';
}

/** Keeps one denial for each mount, because one change of options fixes everything below it. */
function oncePerMount(denials: readonly ExternalDenial[]): ExternalDenial[] {
  return denials.filter(
    ({ mount }, index) => denials.findIndex((other) => other.mount.mountPoint === mount.mountPoint) === index,
  );
}

function finding(
  { path, operation, mount, proof }: ExternalDenial,
  { disk }: JudgedAccess,
): FindingOf<'mount-options-deny'> {
  const { mountPoint, source, filesystem, options } = mount;
  const onDisk = disk.mounts.find((one) => one.mount.mountPoint === mountPoint);
  return {
    id: 'mount-options-deny',
    severity: 'fault',
    proof,
    path,
    operation,
    mountPoint,
    source,
    filesystem,
    options: decidingOptions(options),
    inFstab: (onDisk?.entries.length ?? 0) > 0,
  };
}
