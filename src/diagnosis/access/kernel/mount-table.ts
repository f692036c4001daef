import type { Facts, MountEntry } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';

/** A mount of a table that tells ids: {@link MountEntry} with both of them. */
type LinkedMount = MountEntry & { readonly id: number; readonly parent: number };

/**
 * The mount that holds a physical path, found as the kernel finds it: from the outermost mount down, at each place over
 * everything that is mounted there on the mount before, the last one on top (proc_pid_mountinfo(5)). What a later mount
 * covers is not reached. Null when the table is not known.
 */
export function mountHolding(mounts: Facts['mounts'], path: HostPath): MountEntry | null {
  if (mounts.state !== 'known') return null;
  return mounts.value.every(isLinked) ? topmost(mounts.value, path) : longest(mounts.value, path);
}

export function isReadOnly(mount: MountEntry): boolean {
  return mount.options.includes('ro');
}

/** True when no symlink on this mount is followed: ELOOP (mount(2), MS_NOSYMFOLLOW). */
export function followsNoSymlinks(mount: MountEntry): boolean {
  return mount.options.includes('nosymfollow');
}

/** True when the owners that are seen through this mount are not those on the disk (mount_setattr(2)). */
export function shiftsOwners(mount: MountEntry): boolean {
  return mount.options.includes('idmapped');
}

/** True when chmod(1) on this filesystem changes nothing: it makes the modes up from its mount options. */
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
 * Each mount by where, and on which mount, it stands. One whose parent is not in the table stands on whatever is there: for `/`
 * that is always so.
 */
function standingByPlace(table: readonly LinkedMount[]): ReadonlyMap<string, LinkedMount> {
  const ids = new Set(table.map(({ id }) => id));
  const isOutermost = ({ id, parent }: LinkedMount) => parent === id || !ids.has(parent);
  return new Map(table.map((mount) => [keyOf(mount.mountPoint, isOutermost(mount) ? null : mount.parent), mount]));
}

function keyOf(place: string, parent: number | null): string {
  return `${parent ?? 'none'} ${place}`;
}

/** Older probes told no ids: the longest mount point, and of several on the same one the last, which covers the others. */
function longest(table: readonly MountEntry[], path: HostPath): MountEntry | null {
  let holding: MountEntry | null = null;
  for (const mount of table) {
    if (!contains(mount.mountPoint, path)) continue;
    if (holding === null || mount.mountPoint.length >= holding.mountPoint.length) holding = mount;
  }
  return holding;
}

/** `/`, `/a`, `/a/b`. */
function placesDownTo(path: HostPath): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)];
}

function contains(mountPoint: HostPath, path: HostPath): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}
