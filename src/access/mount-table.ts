import type { Facts, MountEntry } from '../model/facts.ts';
import type { HostPath } from '../model/host-path.ts';

/**
 * The mount that holds a physical path: the one with the longest mount point, and of several on the same mount point the
 * last, which covers the others (proc_pid_mountinfo(5)). Null when the table is not known.
 */
export function mountHolding(mounts: Facts['mounts'], path: HostPath): MountEntry | null {
  if (mounts.state !== 'known') return null;
  let holding: MountEntry | null = null;
  for (const mount of mounts.value) {
    if (!contains(mount.mountPoint, path)) continue;
    if (holding === null || mount.mountPoint.length >= holding.mountPoint.length) holding = mount;
  }
  return holding;
}

export function isReadOnly(mount: MountEntry): boolean {
  return mount.options.includes('ro');
}

/** True when chmod(1) on this filesystem changes nothing: it makes the modes up from its mount options. */
export function makesUpModes(mount: MountEntry): boolean {
  return MADE_UP.has(mount.filesystem) || mount.filesystem.startsWith('fuse');
}

const MADE_UP: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'cifs', 'smb3']);

function contains(mountPoint: HostPath, path: HostPath): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}
