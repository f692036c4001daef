import { knownValue } from '../../../model/fact.ts';
import type { Facts, PathNode } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import type { ForeignOwner } from '../../../model/host/storage-contents.ts';
import type { JudgedPath } from './judge-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The paths inside the storage with a path of their own: through a symlink, or over a mount. */
export function storageParts({ paths }: WalkedAccess): JudgedPath[] {
  return paths.filter(({ used }) => used.role === 'storage');
}

/** Where a path below the storage root is physically, and the device of its filesystem. */
export type PlaceInStorage = { readonly path: HostPath; readonly device: string; readonly part: JudgedPath | null };

/**
 * Finds where a path of the storage's contents is physically, by its names below the storage root. Null: its part of
 * the storage was not walked to its end.
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

/** A name such as `docker/registry/v2/blobs` in the spelling of the storage's contents. Null: none. */
export function storagePlace({ contents }: Facts, name: string): HostPath | null {
  if (contents.state !== 'known' || contents.value.top === null) return null;
  const { path } = contents.value.top;
  return HostPath.safeParse(`${path.slice(0, path.length - 'docker'.length)}${name}`).data ?? null;
}

/**
 * Entries of one owner and group that are only directories at the end of a part, and the symlinks to them: a fresh
 * filesystem belongs to root, and root who moved a part made the symlink.
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

/** The parts with uncounted contents, or where the service could not be tested. */
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

/** Returns the name below the storage root, as the contents spell it: by its physical path. */
function nameInside({ contents }: Facts, path: HostPath): string {
  const top = knownValue(contents)?.top ?? null;
  return top === null ? path : path.slice(top.path.length - 'docker'.length);
}

/** Returns the name below the storage root, as the config spells it. */
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
