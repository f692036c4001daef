import type { FstabEntry, MountEntry } from '../../../model/host/disk.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { withoutTrailingSlashes } from '../../../model/settings/trailing-slashes.ts';
import type { Walk } from '../judge/judge-walk.ts';
import { mountsOfHost } from '../kernel/host-place.ts';
import { placeOnWay, placesOn } from './missing-mount.ts';

/** A mount on the path to the storage, with the fstab lines for its mount point. */
export type MountOnWay = { readonly mount: MountEntry; readonly entries: readonly FstabEntry[] };

/** Whether a mount is the one that an fstab line describes. */
export type Sameness = 'same' | 'other' | 'unknown';

/** The mounts on the path below `/`, in path order. If several have the same mount point, the topmost. */
export function mountsOnWay(facts: Facts, walk: Walk): MountOnWay[] {
  const mounts = mountsOfHost(facts);
  if (mounts?.state !== 'known') return [];
  const entries = fstabByPlace(facts, walk);
  return placesOn(walk).flatMap((place) => {
    const mount = mounts.value.findLast(({ mountPoint }) => mountPoint === place);
    return mount && place !== '/' ? [{ mount, entries: entries.get(place) ?? [] }] : [];
  });
}

function fstabByPlace(facts: Facts, walk: Walk): Map<HostPath, FstabEntry[]> {
  if (facts.mountSetup.state !== 'known' || facts.mountSetup.value.fstab.state !== 'known') return new Map();
  const byPlace = new Map<HostPath, FstabEntry[]>();
  for (const entry of facts.mountSetup.value.fstab.value) {
    const place = entry.filesystem === 'swap' ? null : placeOnWay(facts, walk, entry.mountPoint);
    if (place !== null) byPlace.set(place, [...(byPlace.get(place) ?? []), entry]);
  }
  return byPlace;
}

/** Compares devices by their numbers, and other sources by the text given to mount(8). */
export function compareSource(facts: Facts, { source, options, filesystem }: FstabEntry, mount: MountEntry): Sameness {
  if (source === mount.source) return 'same';
  if (options.includes('bind') || options.includes('rbind')) return compareBind(source, mount);
  if (filesystem === mount.filesystem && MEMORY.has(filesystem)) return 'same';
  if (isOfServer(source) && isOfServer(mount.source)) {
    return withoutTrailingSlashes(source) === withoutTrailingSlashes(mount.source) ? 'same' : 'other';
  }
  return isDevice(source) ? compareDevice(facts, source, mount) : 'unknown';
}

/**
 * Mount options that decide what is visible or who can use it: made-up owners and modes, a subvolume, or who can use a
 * FUSE filesystem (mount(8), mount.cifs(8), mount.fuse3(8)).
 */
const DECIDING =
  /^(uid|gid|umask|dmask|fmask|file_mode|dir_mode|user_id|group_id|forceuid|forcegid|noperm|allow_other|allow_root|default_permissions|subvol)(=|$)/;

/** The options of a mount that decide what is visible there and who can use it. */
export function decidingOptions(options: readonly string[]): string[] {
  return options.filter((option) => DECIDING.test(option)).slice(0, 64);
}

/** The UUID of the filesystem on a device, by its name in the mount table or fstab. */
export function uuidOf({ mountSetup }: Facts, source: string): string | null {
  if (mountSetup.state !== 'known' || mountSetup.value.uuids.state !== 'known') return null;
  return mountSetup.value.uuids.value[source] ?? null;
}

const SPANNING: ReadonlySet<string> = new Set(['btrfs', 'bcachefs', 'zfs']);
/** Filesystems in memory, whose source can be any word. */
const MEMORY: ReadonlySet<string> = new Set(['tmpfs', 'ramfs']);

function compareDevice(facts: Facts, source: string, mount: MountEntry): Sameness {
  const wanted = numberOf(facts, source);
  const mounted = numberOf(facts, mount.source) ?? mount.device;
  if (wanted !== null && wanted === mounted) return 'same';
  // A filesystem of several devices can be named by any of them.
  if (SPANNING.has(mount.filesystem)) return 'unknown';
  if (wanted !== null && mounted !== null) return 'other';
  const [, wantedUuid] = /^UUID="?([^"]*)"?$/.exec(source) ?? [];
  const mountedUuid = uuidOf(facts, mount.source);
  if (wantedUuid === undefined || mountedUuid === null) return 'unknown';
  return wantedUuid.toLowerCase() === mountedUuid.toLowerCase() ? 'same' : 'other';
}

function numberOf({ mountSetup }: Facts, source: string): string | null {
  if (mountSetup.state !== 'known' || mountSetup.value.devices.state !== 'known') return null;
  return mountSetup.value.devices.value[source] ?? null;
}

/** The mount table shows a bind mount's directory relative to its filesystem, without that filesystem's mount point. */
function compareBind(source: string, { root }: MountEntry): Sameness {
  return root !== null && root !== '/' && withoutTrailingSlashes(source).endsWith(root) ? 'same' : 'unknown';
}

function isDevice(source: string): boolean {
  return source.startsWith('/dev/') || /^(UUID|LABEL|PARTUUID|PARTLABEL)=/.test(source);
}

/** `host:/export` of NFS and Ceph, `//server/share` of CIFS. */
function isOfServer(source: string): boolean {
  return source.startsWith('//') || /^[^/]+:\//.test(source);
}
