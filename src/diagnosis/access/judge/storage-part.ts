import { knownValue } from '../../../model/fact.ts';
import type { Facts, PathNode } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import type { ForeignOwner } from '../../../model/host/storage-contents.ts';
import type { JudgedPath } from './judge-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The paths inside the storage that are walked on their own: those through a symlink or over a mount. */
export function storageParts({ paths }: WalkedAccess): JudgedPath[] {
  return paths.filter(({ used }) => used.role === 'storage');
}

/** Where a path below the storage root is physically, and the device of its filesystem. */
export type PlaceInStorage = { readonly path: HostPath; readonly device: string; readonly part: JudgedPath | null };

/**
 * Finds the physical path of something in the storage's contents. Null: it is behind a symlink or mount inside the
 * storage, and the walk over that did not reach its end.
 */
export function placeInStorage(judged: WalkedAccess, path: HostPath): PlaceInStorage | null {
  const { contents } = judged.facts;
  if (contents.state !== 'known' || contents.value.top === null) return null;
  const name = nameInside(judged.facts, path);
  const part = deepest(storageParts(judged).filter(({ used }) => isAtOrBelow(nameOf(judged.facts, used.path), name)));
  if (part === null) return { path, device: contents.value.top.device, part };
  if (part.walk.end.kind !== 'directory') return null;
  const { path: end, device } = part.walk.end.root;
  const physical = HostPath.safeParse(
    `${end === '/' ? '' : end}${name.slice(nameOf(judged.facts, part.used.path).length)}`,
  );
  return physical.success ? { path: physical.data, device, part } : null;
}

/**
 * The path of `name`, such as `docker/registry/v2/blobs`, as the storage's contents spell it. Null: the contents are
 * unknown or empty.
 */
export function storagePlace({ contents }: Facts, name: string): HostPath | null {
  if (contents.state !== 'known' || contents.value.top === null) return null;
  const { path } = contents.value.top;
  return HostPath.safeParse(`${path.slice(0, path.length - 'docker'.length)}${name}`).data ?? null;
}

/**
 * Whether the entries of one owner and group are nothing but mount points inside the storage and the symlinks that lead
 * to moved directories. A new filesystem belongs to root, and a symlink to the root who made it.
 */
export function areEndsOfParts(judged: WalkedAccess, { uid, gid, entries }: ForeignOwner): boolean {
  const isTheirs = (node: PathNode) => node.state === 'present' && node.uid === uid && node.gid === gid;
  const parts = storageParts(judged);
  const ends = parts.filter(({ walk }) => walk.end.kind === 'directory' && isTheirs(walk.end.root));
  const links = parts.filter(({ walk }) =>
    walk.visits.some(({ node, step }) => step.kind === 'symlink' && isTheirs(node)),
  );
  return ends.length > 0 && entries <= ends.length + links.length;
}

/**
 * The symlinked or mounted directories inside the storage whose contents were not counted, or whose access was not
 * tested.
 */
export function partsNotTried(facts: Facts): HostPath[] {
  if (facts.contents.state !== 'known') return [];
  const { parts, closed } = facts.contents.value;
  const byName = new Map(parts.map((part) => [nameInside(facts, part.path), part]));
  const inside = facts.paths.filter(({ role }) => role === 'storage');
  const isLookedAt = (path: HostPath) => {
    const part = byName.get(nameOf(facts, path));
    return part !== undefined && (part.tried || closed.state !== 'known');
  };
  return inside.map(({ path }) => path).filter((path) => !isLookedAt(path));
}

/** The path below the storage root of a physical path in the contents. */
function nameInside({ contents }: Facts, path: HostPath): string {
  const top = knownValue(contents)?.top ?? null;
  return top === null ? path : path.slice(top.path.length - 'docker'.length);
}

/** The path below the storage root of a path as the registry's config spells it. */
function nameOf({ storageRoot }: Facts, path: HostPath): string {
  if (storageRoot.state !== 'known') return path;
  return path.slice(storageRoot.value === '/' ? 1 : storageRoot.value.length + 1);
}

function deepest(parts: readonly JudgedPath[]): JudgedPath | null {
  return parts.toSorted((a, b) => b.used.path.length - a.used.path.length)[0] ?? null;
}

function isAtOrBelow(name: string, other: string): boolean {
  return other === name || other.startsWith(`${name}/`);
}
