import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { placeOnHost } from '../../access/kernel/host-place.ts';
import { isReadOnly, mountHolding } from '../../access/kernel/mount-table.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';

/**
 * The filesystem of the storage root is mounted read-only: EROFS on each push, while the health check only stats and
 * stays green (mount(8); a kernel remounts ext4 read-only after an error). Check hardware and run fsck first.
 */
export const readonlyMount: Check<'readonly-mount'> = {
  id: 'readonly-mount',
  faultKind: 'read-only',
  scope: 'each-path',
  consequenceOf: SHOWS_A_STUB,
  look(judged) {
    const { root } = judged;
    if (!root?.readOnlyMount) return [];
    const { mountPoint, proof } = root.readOnlyMount;
    return [
      {
        id: 'readonly-mount',
        severity: 'fault',
        proof,
        path: root.node.path,
        mountPoint,
        setUp: isWritableOnHost(judged.facts, root.node.path) ? 'for-process-alone' : setUpOf(mountPoint, judged),
      },
    ];
  },
};

/**
 * Whether the host can write there although the process can't: the process's unit has ProtectSystem= (systemd.exec(5)),
 * or the container's volume is read-only.
 */
function isWritableOnHost(facts: Facts, path: HostPath): boolean {
  const place = facts.view.kind === 'process' ? placeOnHost(facts, path) : null;
  const mount = place && mountHolding(place.mounts, place.path);
  return mount !== null && !isReadOnly(mount);
}

/** Whether fstab has this mount as read-only or writable. Null if it has no line for it, or could not be read. */
function setUpOf(mountPoint: HostPath, { disk }: JudgedAccess): FindingOf<'readonly-mount'>['setUp'] {
  const on = disk.mounts.find(({ mount }) => mount.mountPoint === mountPoint);
  if (!on || on.entries.length === 0) return null;
  return on.entries.some(({ options }) => options.includes('ro')) ? 'read-only' : 'writable';
}
