import { bitsOfEntry, entryLetters, isSameEntry } from '../../../model/host/acl.ts';
import type { AclEntry, Facts, Identity, PresentNode } from '../../../model/host/facts.ts';
import { takesAclEntry } from '../kernel/acl-support.ts';
import { type Letter, obstacleAt } from '../kernel/minimal-grant.ts';
import { hasExtendedAcl, isMember } from '../kernel/permission.ts';

/** A directory's complete access ACL before and after, and setfacl(1)'s entries for the change. */
export type AclChange = {
  readonly from: readonly AclEntry[];
  readonly to: readonly AclEntry[];
  readonly modify: readonly AclEntry[];
};

const VALUE = { r: 4, w: 2, x: 1 } as const;
/** The most entries that filesystems accept. setfacl(1) fails beyond it. */
const MAX_ENTRIES = 1024;

/**
 * The ACL that gives the service's own account the wanted access and keeps that of all others exactly the same. Null if
 * an ACL can't do that.
 *
 * From acl(5): an entry for a user outranks the group's, its group bits and the mask limit both, and a wider mask
 * activates what it hid in the others. So the mask is widened only as far as the service needs, and each entry that
 * this would activate loses those letters: they were not effective.
 */
export function entryForService(
  facts: Facts,
  directory: PresentNode,
  identity: Identity,
  wanted: readonly Letter[],
): AclChange | null {
  // The owner's entry comes before any other (acl(5)).
  if (directory.uid === identity.uid) return null;
  if (obstacleAt(facts, directory) !== null || !takesAclEntry(facts, directory)) return null;
  const from = wholeAcl(directory);
  const mask = maskOf(from);
  const isOwn = (entry: AclEntry) => entry.tag === 'user' && entry.id === identity.uid;
  if (mask === 0 && wouldWake(from, isOwn)) return null;
  const needed = wanted.reduce((sum, letter) => sum | VALUE[letter], bitsHeldBy(identity, from, directory.gid));
  const woken = needed & ~mask;
  const own = from.find(isOwn);
  const others = from.filter((entry) => entry.tag !== 'mask' && !isOwn(entry));
  const to = inOrder([
    ...others.map((entry) => less(entry, woken)),
    withBits({ tag: 'user', id: identity.uid }, (own ? bitsOfEntry(own) : 0) | needed),
    withBits({ tag: 'mask', id: null }, mask | needed),
  ]);
  return to.length > MAX_ENTRIES ? null : { from, to, modify: to.filter((entry) => isModified(entry, from)) };
}

/**
 * Returns what an identity that is not the owner can do, as one bit for each letter (r = 4, w = 2, x = 1), without its
 * capabilities.
 */
export function bitsHeldBy(identity: Identity, entries: readonly AclEntry[], owningGroup: number): number {
  const mask = maskOf(entries);
  const user = mask === 0 ? undefined : entries.find(({ tag, id }) => tag === 'user' && id === identity.uid);
  if (user) return bitsOfEntry(user) & mask;
  const groups = entries.filter(
    ({ tag, id }) => tag === 'group' && (mask !== 0 || id === null) && isMember(identity, id ?? owningGroup),
  );
  if (groups.length > 0) return groups.reduce((sum, entry) => sum | bitsOfEntry(entry), 0) & mask;
  const other = entries.find(({ tag }) => tag === 'other');
  return other ? bitsOfEntry(other) : 0;
}

/** Returns the whole ACL of a directory. Without an ACL its mode bits are the entries. */
export function wholeAcl(directory: PresentNode): readonly AclEntry[] {
  if (directory.acl.state === 'known' && hasExtendedAcl(directory)) return inOrder(directory.acl.value);
  const mode = Number.parseInt(directory.mode, 8);
  return [
    withBits({ tag: 'user', id: null }, mode >> 6),
    withBits({ tag: 'group', id: null }, mode >> 3),
    withBits({ tag: 'other', id: null }, mode),
  ];
}

/**
 * Returns the mask of an ACL. If there is none, the owning group's entry is the mask, so that a new entry beside it
 * activates nothing else.
 */
function maskOf(entries: readonly AclEntry[]): number {
  const limit =
    entries.find(({ tag }) => tag === 'mask') ?? entries.find(({ tag, id }) => tag === 'group' && id === null);
  return limit ? bitsOfEntry(limit) : 0;
}

/**
 * Whether widening an empty mask would change the access of a named account. While the mask is empty, Linux ignores the
 * ACL, and such an account counts as other (acl_permission_check() in fs/namei.c). With any other mask its own entry
 * decides again, and it would lose the access of others.
 */
function wouldWake(entries: readonly AclEntry[], isOwn: (entry: AclEntry) => boolean): boolean {
  const namesOthers = entries.some((entry) => entry.id !== null && !isOwn(entry));
  return namesOthers && entries.some((entry) => entry.tag === 'other' && bitsOfEntry(entry) !== 0);
}

/** Removes `bits` from an entry that the mask limits. Other entries are unchanged. */
function less(entry: AclEntry, bits: number): AclEntry {
  const isMasked = entry.tag === 'group' || (entry.tag === 'user' && entry.id !== null);
  return isMasked ? withBits(entry, bitsOfEntry(entry) & ~bits) : entry;
}

/**
 * Whether setfacl(1) has to be given this entry: if it changes, and always for the mask of an ACL that had one, because
 * setfacl would compute it again from all entries. For a directory without an ACL that computed mask is right.
 */
function isModified(entry: AclEntry, from: readonly AclEntry[]): boolean {
  const before = from.find((other) => isSameEntry(other, entry));
  if (entry.tag === 'mask') return before !== undefined;
  return before?.permissions !== entry.permissions;
}

const ORDER = [
  ['user', false],
  ['user', true],
  ['group', false],
  ['group', true],
  ['mask', false],
  ['other', false],
] as const;

/** Sorts entries as libacl does: by kind, then by id. */
function inOrder(entries: readonly AclEntry[]): AclEntry[] {
  return ORDER.flatMap(([tag, isNamed]) =>
    entries
      .filter((entry) => entry.tag === tag && (entry.id !== null) === isNamed)
      .sort((one, other) => (one.id ?? 0) - (other.id ?? 0)),
  );
}

function withBits({ tag, id }: Pick<AclEntry, 'tag' | 'id'>, bits: number): AclEntry {
  return { tag, id, permissions: entryLetters(bits) };
}
