import type { FstabEntry, MountEntry, MountUnit } from '../../model/host/disk.ts';
import type { Facts } from '../../model/host/facts.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { Reason } from '../../model/reason.ts';
import { compareSource, decidingOptions, type MountOnWay, uuidOf } from '../access/disk/mount-comparison.ts';
import type { Walk } from '../access/judge/judge-walk.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { isReadOnly } from '../access/kernel/mount-table.ts';
import type { Concern } from './concern.ts';

/** Filesystems that are empty after a boot. */
const IN_MEMORY: ReadonlySet<string> = new Set(['tmpfs', 'ramfs', 'devtmpfs']);
/**
 * Device names that the kernel assigns in the order in which it finds disks. Names of LVM and UUIDs are not among them.
 */
const KERNEL_NAME =
  /^\/dev\/((sd|hd|vd|xvd)[a-z]+\d*|nvme\d+n\d+(p\d+)?|mmcblk\d+(p\d+)?|dm-\d+|loop\d+|md\d+(p\d+)?)$/;

/**
 * Concerns about the mounts on the path: whether each is the same after a boot, and whether the path leads through
 * directories that are emptied at a boot.
 */
export function concernsOfMounts({ facts, walk, disk }: JudgedAccess): Concern[] {
  if (!walk) return [];
  const { whyNotCompared: why, mounts } = disk;
  if (why !== null) return [...volatilePlaces(walk, []), { weight: 'unknown', why }];
  return [...volatilePlaces(walk, mounts), ...mounts.flatMap((on) => concernsOf(on, facts))];
}

/**
 * Directories on the path below /run, which is emptied at each boot (file-hierarchy(7)), whatever is mounted there. A
 * disk mounted below it is judged as a mount, because whatever mounts it also creates its mount point.
 */
function volatilePlaces({ visits }: Walk, mounts: readonly MountOnWay[]): Concern[] {
  const disks = mounts.filter(({ mount }) => !isInMemory(mount)).map(({ mount }) => mount.mountPoint);
  const isOnDisk = (place: HostPath) => disks.some((disk) => isAtOrBelow(disk, place) || isAtOrBelow(place, disk));
  const inRun = visits.map(({ node }) => node.path).find((place) => place.startsWith('/run/') && !isOnDisk(place));
  return inRun ? [{ weight: 'breaks', threat: { id: 'volatile-place', path: inRun, why: 'run' } }] : [];
}

function concernsOf({ mount, entries }: MountOnWay, facts: Facts): Concern[] {
  if (mount.filesystem === 'autofs') return [];
  if (isInMemory(mount)) {
    if (mount.mountPoint === '/run' || mount.mountPoint.startsWith('/run/')) return [];
    return [{ weight: 'breaks', threat: { id: 'volatile-place', path: mount.mountPoint, why: 'tmpfs' } }];
  }
  const atBoot = entries.filter(isMountedAtBoot);
  const entry = atBoot.find((candidate) => compareSource(facts, candidate, mount) === 'same') ?? atBoot[0];
  return entry ? concernsOfEntry(entry, mount, facts) : concernsWithoutEntry(mount, entries.length > 0, facts);
}

function concernsOfEntry(entry: FstabEntry, mount: MountEntry, facts: Facts): Concern[] {
  const path = mount.mountPoint;
  const sameness = compareSource(facts, entry, mount);
  if (sameness === 'other') {
    return [differs(path, 'source', mount.source, entry.source)];
  }
  const unsure: Concern[] =
    sameness === 'unknown'
      ? [{ weight: 'unknown', why: { code: 'fstab-source-unsure', source: entry.source, path } }]
      : [];
  return [
    ...unsure,
    ...typeThatDiffers(entry, mount),
    ...optionsThatDiffer(entry, mount),
    ...unstableName(entry, path, facts),
    ...stub(entry, path),
  ];
}

/**
 * Filesystems that only one driver mounts, so a mount shows the same name as fstab. ext4's driver also mounts its
 * predecessors under their names.
 */
const OWN_DRIVER: ReadonlySet<string> = new Set(['xfs', 'btrfs', 'ext', 'f2fs', 'jfs', 'vfat', 'exfat', 'zfs']);

function typeThatDiffers({ filesystem }: FstabEntry, mount: MountEntry): Concern[] {
  const [then = '', now = ''] = [filesystem, mount.filesystem].map((type) => type.replace(/^ext[234]$/, 'ext'));
  if (then === now || !OWN_DRIVER.has(then) || !OWN_DRIVER.has(now)) return [];
  return [differs(mount.mountPoint, 'filesystem', mount.filesystem, filesystem)];
}

/**
 * The options that differ between fstab and the mount, among those that change what is visible there and who can use
 * it.
 */
function optionsThatDiffer({ options }: FstabEntry, mount: MountEntry): Concern[] {
  const path = mount.mountPoint;
  if (options.includes('ro') && !isReadOnly(mount)) return [differs(path, 'options', 'rw', 'ro')];
  const now = decidingOptions(mount.options).map(withoutLeadingSlash).filter(isNoDefault);
  const then = decidingOptions(options).map(withoutLeadingSlash).filter(isNoDefault);
  const gone = now.filter((option) => !then.includes(option));
  const come = then.filter((option) => !now.includes(option));
  // A filesystem fills in some options itself, so a missing one proves nothing on its own.
  if (come.length === 0 && !gone.some((option) => /^(uid|gid)=/.test(option))) return [];
  return [differs(path, 'options', gone.join(',') || 'none of them', come.join(',') || 'none of them')];
}

/** The mount table writes a btrfs subvolume with its slash, fstab often without. */
function withoutLeadingSlash(option: string): string {
  return option.replace(/^subvol=\/+/, 'subvol=');
}

function isNoDefault(option: string): boolean {
  return !/^(uid=0|gid=0|subvol=)$/.test(option);
}

function differs(path: HostPath, what: 'source' | 'filesystem' | 'options', mounted: string, fstab: string): Concern {
  return { weight: 'breaks', threat: { id: 'mount-differs-from-fstab', path, differs: what, mounted, fstab } };
}

function unstableName({ source }: FstabEntry, path: HostPath, facts: Facts): Concern[] {
  if (!KERNEL_NAME.test(source)) return [];
  const uuid = uuidOf(facts, source);
  return [{ weight: 'may-break', threat: { id: 'device-name-not-stable', path, source, uuid } }];
}

function stub({ options }: FstabEntry, path: HostPath): Concern[] {
  return options.includes('nofail') ? [{ weight: 'caution', threat: { id: 'nofail-stub', path } }] : [];
}

function concernsWithoutEntry(mount: MountEntry, isNoauto: boolean, facts: Facts): Concern[] {
  const path = mount.mountPoint;
  const unit = unitFor(path, facts);
  if (unit === 'unknown') return [{ weight: 'unknown', why: { code: 'unit-of-mount-unknown', detail: path } }];
  if (unit?.enabled) return [];
  const maker = makerOf(mount, facts);
  if (maker !== null) return [{ weight: 'unknown', why: { code: 'maker-unsure', maker, path } }];
  if (unit !== null && unit.definedIn !== '' && unit.definedIn !== '/etc/fstab') {
    return [{ weight: 'unknown', why: { code: 'start-of-unit-unknown', detail: unit.unit } }];
  }
  if (isRemovable(path)) return [{ weight: 'breaks', threat: { id: 'volatile-place', path, why: 'removable-media' } }];
  return [{ weight: 'breaks', threat: notPermanent(mount, isNoauto, facts) }];
}

function notPermanent(
  mount: MountEntry,
  noauto: boolean,
  facts: Facts,
): Extract<Concern, { threat: unknown }>['threat'] {
  const { mountPoint: path, source, filesystem, options, root } = mount;
  return {
    id: 'mount-not-permanent',
    path,
    source,
    uuid: uuidOf(facts, source),
    filesystem,
    options: decidingOptions(options),
    bindOf: root === null || root === '/' || filesystem === 'btrfs' ? null : root,
    noauto,
  };
}

type Maker = Extract<Reason, { code: 'maker-unsure' }>['maker'];

/** What mounts this filesystem at a boot without a line in fstab or a unit of its own. Null: nothing. */
function makerOf(mount: MountEntry, { mounts }: Facts): Maker | null {
  if (mount.filesystem === 'zfs') return 'zfs';
  if (mounts.state !== 'known') return null;
  if (
    mounts.value.some(
      ({ mountPoint, filesystem }) => filesystem === 'autofs' && isAtOrBelow(mountPoint, mount.mountPoint),
    )
  ) {
    return 'autofs';
  }
  const slash = mounts.value.findLast(({ mountPoint }) => mountPoint === '/');
  return slash?.filesystem === 'overlay' ? 'container' : null;
}

function unitFor(path: HostPath, { mountSetup }: Facts): MountUnit | 'unknown' | null {
  if (mountSetup.state !== 'known' || mountSetup.value.units.state === 'absent') return null;
  if (mountSetup.value.units.state === 'unknown') return 'unknown';
  const units = mountSetup.value.units.value.filter(({ where }) => where === path);
  return units.find(({ enabled }) => enabled) ?? units[0] ?? null;
}

function isMountedAtBoot({ options }: FstabEntry): boolean {
  return !options.includes('noauto') || options.includes('x-systemd.automount');
}

function isInMemory({ filesystem }: MountEntry): boolean {
  return IN_MEMORY.has(filesystem);
}

function isRemovable(place: HostPath): boolean {
  return /^\/(run\/)?media\/./.test(place);
}

function isAtOrBelow(place: HostPath, path: HostPath): boolean {
  return path === place || path.startsWith(`${place}/`);
}
