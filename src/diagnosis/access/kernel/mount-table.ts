import type { Facts, MountEntry } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';

/** A mount with the two ids by which a mount table links mounts to their parents. */
type LinkedMount = MountEntry & { readonly id: number; readonly parent: number };

/**
 * The mount that holds a physical path, found as the kernel does: it starts at the outermost mount and, at each
 * directory, steps onto what is mounted there, the last one on top (proc_pid_mountinfo(5)). So a covered mount is never
 * chosen. Null if the table is unknown.
 */
export function mountHolding(mounts: Facts['mounts'], path: HostPath): MountEntry | null {
  if (mounts.state !== 'known') return null;
  return mounts.value.every(isLinked) ? topmost(mounts.value, path) : longest(mounts.value, path);
}

/** True if the filesystem takes no writes. */
export function isReadOnly(mount: MountEntry): boolean {
  return mount.options.includes('ro') || isStopped(mount);
}

/**
 * True if the kernel has refused every write since an error on this filesystem, while the mount still counts as
 * writable: access(2) knows nothing of it (fs/ext4/super.c, ext4_handle_error; seen with Linux 6.18).
 */
export function isStopped(mount: MountEntry): boolean {
  return mount.options.includes('emergency_ro') || mount.options.includes('shutdown');
}

/** True if no symlink on this mount is followed: ELOOP (mount(2), MS_NOSYMFOLLOW). */
export function followsNoSymlinks(mount: MountEntry): boolean {
  return mount.options.includes('nosymfollow');
}

/** True if the owners seen through this mount are not those on the disk (mount_setattr(2)). */
export function shiftsOwners(mount: MountEntry): boolean {
  return mount.options.includes('idmapped');
}

/** True if chmod(1) changes nothing on this filesystem, because it takes the modes from its mount options. */
export function makesUpModes(mount: MountEntry): boolean {
  return MADE_UP.has(mount.filesystem) || mount.filesystem.startsWith('fuse');
}

const MADE_UP: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'cifs', 'smb3']);

function isLinked(mount: MountEntry): mount is LinkedMount {
  return mount.id !== null && mount.parent !== null;
}

function topmost(table: readonly LinkedMount[], path: HostPath): MountEntry | null {
  const standing = standingByPlace(table);
  const passed = new Set<LinkedMount>();
  const mountedOn = (place: string, under: LinkedMount | null) =>
    standing.get(keyOf(place, under?.id ?? null)) ?? standing.get(keyOf(place, null));
  let holding: LinkedMount | null = null;
  for (const place of placesDownTo(path)) {
    let next = mountedOn(place, holding);
    while (next && !passed.has(next)) {
      passed.add(next);
      holding = next;
      next = mountedOn(place, holding);
    }
  }
  return holding;
}

/**
 * The mounts by parent mount and mount point. A mount whose parent is not in the table counts as mounted on whatever is
 * there, which is always the case for `/`.
 */
function standingByPlace(table: readonly LinkedMount[]): ReadonlyMap<string, LinkedMount> {
  const ids = new Set(table.map(({ id }) => id));
  const isOutermost = ({ id, parent }: LinkedMount) => parent === id || !ids.has(parent);
  return new Map(table.map((mount) => [keyOf(mount.mountPoint, isOutermost(mount) ? null : mount.parent), mount]));
}

function keyOf(place: string, parent: number | null): string {
  return `${parent ?? 'none'} ${place}`;
}

/**
 * Finds the mount in a table without ids, as older probes reported it: the longest mount point, and the last of several
 * on the same one, which covers the others.
 */
function longest(table: readonly MountEntry[], path: HostPath): MountEntry | null {
  let holding: MountEntry | null = null;
  for (const mount of table) {
    if (!contains(mount.mountPoint, path)) continue;
    if (holding === null || mount.mountPoint.length >= holding.mountPoint.length) holding = mount;
  }
  return holding;
}

/** The path and all directories above it: `/`, `/a`, `/a/b`. */
function placesDownTo(path: HostPath): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)];
}

function contains(mountPoint: HostPath, path: HostPath): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}
