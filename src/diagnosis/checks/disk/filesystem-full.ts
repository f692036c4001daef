import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import { diskSpaceOf } from '../../access/judge/judged-path.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { mountHolding } from '../../access/kernel/mount-table.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';

type Full = FindingOf<'filesystem-full'>;
type Capacity = Pick<Full, 'of' | 'available' | 'total'>;

/** The free space below which not even a small layer, or the dozen files of one upload, fits. */
const NOTHING_LEFT = { bytes: 1024 ** 2, inodes: 16 } as const;
/** The share and the amount of free space below which a disk is nearly full. It has to be below both. */
const SCARCE_SHARE = 0.01;
const SCARCE = { bytes: 1024 ** 3, inodes: 1000 } as const;

/**
 * The filesystem of the storage has no free space, or no free inodes, for an ordinary account: ENOSPC on each push,
 * while the health check only stats and stays green (statvfs(3): f_bavail, f_favail; seen with distribution 2.8.2).
 */
export const filesystemFull: Check<'filesystem-full'> = {
  id: 'filesystem-full',
  faultKind: 'no-room',
  scope: 'each-path',
  consequenceOf: [...SHOWS_A_STUB, 'readonly-mount'],
  look(judged) {
    const { root } = judged;
    const space = diskSpaceOf(judged);
    if (!root || space.state !== 'known') return [];
    const { availableBytes, sizeBytes, availableInodes, inodes } = space.value;
    const capacities: Capacity[] = [
      { of: 'bytes', available: availableBytes, total: sizeBytes },
      // Filesystems that create inodes on demand report none.
      { of: 'inodes', available: availableInodes, total: inodes },
    ];
    return capacities.flatMap((capacity) => findingOf(capacity, judged));
  },
};

function findingOf(capacity: Capacity, { facts, root, identity }: JudgedAccess): Full[] {
  if (!root || capacity.total === 0) return [];
  const isScarce = capacity.available < capacity.total * SCARCE_SHARE && capacity.available < SCARCE[capacity.of];
  const isOver = capacity.available < NOTHING_LEFT[capacity.of];
  if (!isScarce && !isOver) return [];
  // Root can use the blocks that ext4 reserves, which are not counted here.
  const severity = isOver && identity?.uid !== 0 ? 'fault' : 'warning';
  const mountPoint = mountHolding(facts.mounts, root.node.path)?.mountPoint ?? null;
  return [{ id: 'filesystem-full', severity, proof: 'evaluated', path: root.node.path, mountPoint, ...capacity }];
}
