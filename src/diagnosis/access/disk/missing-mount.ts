import { knownValue } from '../../../model/fact.ts';
import type { FstabEntry, MountEntry, MountUnit } from '../../../model/host/disk.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import type { Reason } from '../../../model/reason.ts';
import type { Walk } from '../judge/judge-walk.ts';
import { mountsOfHost } from '../kernel/host-place.ts';
import { resolvePath } from '../kernel/resolve-path.ts';

/** A filesystem that belongs on the path to the storage, and is not mounted. */
export type MissingMount = {
  /** The physical path of its mount point on the host. */
  readonly mountPoint: HostPath;
  /**
   * The first directory on the path that the mount would hold. That is its mount point, except in a container that was
   * given a directory below it.
   */
  readonly path: HostPath;
  /** The source as its setup writes it: a device, `UUID=…`, `host:/export`. */
  readonly source: string;
  /** `/etc/fstab`, or the systemd unit. */
  readonly setUpIn: string;
  /** systemd's report about its unit. Null if there is no unit, or nothing is known about it. */
  readonly unit: { readonly name: string; readonly activeState: string; readonly result: string } | null;
};

/**
 * The first filesystem, from `/` on, that fstab(5) or a systemd.mount(5) unit mounts at or above the storage root and
 * that is not mounted. Until it is mounted, its mount point shows the directory underneath (or nothing at all): the
 * modes there are not those of the storage, and nothing should be created or changed there.
 *
 * Null: none is missing, or it is unknown, as `whyNotCompared` ({@link whyMountsAreNotCompared}) says.
 */
export function missingMountOn(facts: Facts, walk: Walk, whyNotCompared: Reason | null): MissingMount | null {
  const ground = groundOf(facts, walk, whyNotCompared);
  if (ground === null) return null;
  const missing = setUpMounts(facts, walk, ground).filter((mount) => !isMounted(ground, mount));
  const places = placesOn(walk);
  return missing.toSorted((one, other) => places.indexOf(one.path) - places.indexOf(other.path))[0] ?? null;
}

/** What is known of the host's mounts on the path, and what a mount at a path would hold. */
type Ground = {
  readonly mounts: readonly MountEntry[];
  readonly placeOf: (mountPoint: HostPath) => Pick<MissingMount, 'mountPoint' | 'path'> | null;
};

function groundOf(facts: Facts, walk: Walk, whyNotCompared: Reason | null): Ground | null {
  const mounts = mountsOfHost(facts);
  if (mounts === null) return groundOfContainer(facts);
  if (mounts.state !== 'known' || whyNotCompared !== null) return null;
  const placeOf = (mountPoint: HostPath) => {
    const place = placeOnWay(facts, walk, mountPoint);
    return place && { mountPoint: place, path: place };
  };
  return { mounts: mounts.value, placeOf };
}

/**
 * The host's mounts for a container: its path leads over directories that the host gave it, and fstab mounts at the
 * host's paths of these.
 */
function groundOfContainer({ view }: Facts): Ground | null {
  if (view.kind === 'host' || view.hostMounts.state !== 'known') return null;
  const placeOf = (mountPoint: HostPath) => {
    const first = view.hostPaths.find(({ hostPath }) => isAtOrBelow(mountPoint, hostPath));
    return mountPoint === '/' || !first ? null : { mountPoint, path: first.path };
  };
  return { mounts: view.hostMounts.value, placeOf };
}

function isAtOrBelow(place: HostPath, path: HostPath): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** Why fstab and the mount table can't be compared. Null if they can. */
export function whyMountsAreNotCompared(facts: Facts): Reason | null {
  const { mountSetup } = facts;
  const mounts = mountsOfHost(facts);
  if (mounts === null) return { code: 'own-mounts' };
  if (mounts.state !== 'known') return mounts.state === 'unknown' ? mounts.why : { code: 'no-mount-table' };
  if (mountSetup.state === 'unknown') return mountSetup.why;
  if (mountSetup.state === 'known' && mountSetup.value.fstab.state === 'unknown') {
    return { code: 'fstab-unread', because: mountSetup.value.fstab.why };
  }
  return null;
}

/**
 * Every directory on the path, by its physical path: the existing ones, and the names after the point where it breaks
 * off.
 */
export function placesOn({ visits, end }: Walk): readonly HostPath[] {
  const met = visits.map(({ node }) => node.path);
  return end.kind === 'missing' ? [...met, ...placesBelow(end.path, end.rest)] : met;
}

function placesBelow(directory: HostPath, names: readonly string[]): HostPath[] {
  const places: HostPath[] = [];
  for (const name of names) {
    const place = HostPath.safeParse(`${places.at(-1) ?? directory}/${name}`);
    if (name === '.' || name === '..' || !place.success) break;
    places.push(place.data);
  }
  return places;
}

/**
 * Where on this path the kernel would mount a filesystem whose configured mount point is `path`: mount(2) follows
 * symlinks in it. Null: not on this path.
 */
export function placeOnWay(facts: Facts, walk: Walk, path: HostPath): HostPath | null {
  const { end } = resolvePath(facts.nodes, path);
  const place =
    end.kind === 'directory'
      ? end.root.path
      : end.kind === 'missing'
        ? (placesBelow(end.path, end.rest).at(-1) ?? end.path)
        : null;
  return place !== null && placesOn(walk).includes(place) ? place : null;
}

function setUpMounts(facts: Facts, walk: Walk, { placeOf }: Ground): MissingMount[] {
  if (facts.mountSetup.state !== 'known') return [];
  const { fstab, units: unitsFact } = facts.mountSetup.value;
  const units = knownValue(unitsFact) ?? [];
  const entries = knownValue(fstab) ?? [];
  const fromFstab = entries.flatMap((entry): MissingMount[] => {
    const place = placeOf(entry.mountPoint);
    if (place === null || !belongsThere(entry, facts, walk)) return [];
    const unit = units.find(({ where }) => where === entry.mountPoint);
    return [{ ...place, source: entry.source, setUpIn: '/etc/fstab', unit: unit ? saidOf(unit) : null }];
  });
  const fromUnits = units.flatMap((unit): MissingMount[] => {
    const place = placeOf(unit.where);
    return place === null || !isWanted(unit)
      ? []
      : [{ ...place, source: unit.what, setUpIn: unit.unit, unit: saidOf(unit) }];
  });
  return [...fromFstab, ...fromUnits];
}

/**
 * Whether the filesystem is mounted. autofs(5) occupies its mount point until the first access, so systemd's unit has
 * to say whether the filesystem itself was mounted.
 */
function isMounted({ mounts }: Ground, { mountPoint, unit }: MissingMount): boolean {
  const there = mounts.filter((mount) => mount.mountPoint === mountPoint);
  if (there.some(({ filesystem }) => filesystem !== 'autofs')) return true;
  return there.length > 0 && unit?.activeState !== 'failed';
}

function saidOf({ unit, activeState, result }: MountUnit): MissingMount['unit'] {
  return { name: unit, activeState, result };
}

/**
 * Whether an fstab line should be mounted now. A `noauto` line waits for a manual mount, which was forgotten if the
 * storage is missing.
 */
function belongsThere({ filesystem, options }: FstabEntry, { contents }: Facts, { end }: Walk): boolean {
  if (filesystem === 'swap') return false;
  if (!options.includes('noauto') || options.includes('x-systemd.automount')) return true;
  return end.kind === 'missing' || (contents.state === 'known' && contents.value.repositories === 0);
}

/**
 * Whether a unit should be mounted now. One that is not enabled is only an offer (such as systemd's own tmp.mount),
 * unless it was started and failed.
 */
function isWanted({ enabled, activeState }: MountUnit): boolean {
  return enabled || activeState === 'failed';
}
