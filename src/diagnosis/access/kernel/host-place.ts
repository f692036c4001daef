import type { Facts, MountEntry } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import { mountHolding } from './mount-table.ts';

/** Where on the host a file or directory that the registry sees can be changed: its host path, and the mounts there. */
export type HostPlace = { readonly path: HostPath; readonly mounts: Facts['mounts'] };

/**
 * The host path of a directory that the registry's process sees, or of something below it. Null if only the process has
 * it, or if it is unknown. A symlink, a missing name and the storage's contents are looked up below their parent's host
 * path.
 */
export function placeOnHost({ view, mounts, nodes }: Facts, path: HostPath): HostPlace | null {
  if (view.kind === 'host') return { path, mounts };
  const directories = nodes.filter((node) => node.state === 'present' && node.kind === 'directory');
  const above = directories.map((node) => node.path).filter((directory) => holds(directory, path));
  const nearest = above.toSorted((a, b) => b.length - a.length)[0];
  const place = view.hostPaths.find((known) => known.path === nearest);
  if (place === undefined) return null;
  const hostPath = HostPath.safeParse(joined(place.hostPath, below(path, place.path))).data;
  return hostPath === undefined ? null : { path: hostPath, mounts: view.hostMounts };
}

/**
 * The host's mounts on the path, to compare with the host's fstab and units. Null: the process sees mounts of its own,
 * which no file on the host describes. The private mounts of a systemd unit (systemd.exec(5), PrivateTmp=) don't matter
 * if each directory on the path is the host's own, at the same path.
 */
export function mountsOfHost({ view, mounts, nodes, enteredBy }: Facts): Facts['mounts'] | null {
  if (enteredBy.length > 0) return null;
  if (view.kind === 'host') return mounts;
  const sharedWithHost = new Set(view.hostPaths.flatMap(({ path, hostPath }) => (path === hostPath ? [path] : [])));
  const directories = nodes.filter((node) => node.state === 'present' && node.kind === 'directory');
  return directories.every(({ path }) => sharedWithHost.has(path)) ? view.hostMounts : null;
}

/** The host's path to show in a message. Undefined: the host has the directory at the same path. */
export function hostPathToTell(facts: Facts, path: HostPath): HostPath | null | undefined {
  const place = placeOnHost(facts, path)?.path ?? null;
  return place === path ? undefined : place;
}

/** A directory that the process still sees, but over which the host has mounted another filesystem. */
export type CoveredPlace = {
  readonly path: HostPath;
  /** The path on the host that leads to the directory once the mount is gone. */
  readonly hostPath: HostPath;
  readonly mount: MountEntry;
};

/**
 * The mount of the host that covers the process's directory. A process that got the directory before that mount was
 * made still sees what is under it (mount_namespaces(7)). Null: not covered, or unknown.
 */
export function coveredPlace({ view, mounts }: Facts, path: HostPath): CoveredPlace | null {
  if (view.kind !== 'process' || view.hostMounts.state !== 'known') return null;
  if (view.hostPaths.some((place) => place.path === path)) return null;
  const seen = mountHolding(mounts, path);
  if (seen === null || seen.root === null) return null;
  const inside = joined(seen.root, below(path, seen.mountPoint));
  for (const mount of view.hostMounts.value) {
    if (mount.device !== seen.device || mount.root === null || !holds(mount.root, inside)) continue;
    const hostPath = HostPath.safeParse(joined(mount.mountPoint, below(inside, mount.root))).data;
    const now = hostPath === undefined ? null : mountHolding(view.hostMounts, hostPath);
    if (hostPath !== undefined && now !== null && now.id !== mount.id) return { path, hostPath, mount: now };
  }
  return null;
}

function holds(above: string, path: string): boolean {
  return above === '/' || path === above || path.startsWith(`${above}/`);
}

/** The rest of a path below the directory `above`: empty, or a slash and names. */
function below(path: string, above: string): string {
  if (above === '/') return path === '/' ? '' : path;
  return path.slice(above.length);
}

function joined(above: string, rest: string): string {
  return rest === '' ? above : `${above === '/' ? '' : above}${rest}`;
}
