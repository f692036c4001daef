import type { NoChown } from '../../../model/diagnosis/findings/contents.ts';
import type { Facts, Identity, PresentNode } from '../../../model/host/facts.ts';
import type { ForeignOwner, StorageContents } from '../../../model/host/storage-contents.ts';
import type { JudgedDisk } from '../disk/judge-disk.ts';
import { deniedUses, LETTERS_FOR, type RootUse } from '../judge/judge-root.ts';
import { areEndsOfParts } from '../judge/storage-part.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { mountsOfHost } from '../kernel/host-place.ts';
import { isOpenToOwner, minimalGrant, obstacleAt } from '../kernel/minimal-grant.ts';
import { MAX_ENTRIES_OF_A_PLAN, total } from './entries.ts';

/** Contents of the storage that the service can't use because they belong to other owners. */
export type WrongOwners = {
  readonly contents: StorageContents;
  readonly pairs: readonly ForeignOwner[];
  /** The storage root itself, if it has another owner and only the bits of others would open it. */
  readonly root: PresentNode | null;
  /** `evaluated`: the service can't even enter the storage root, so nothing below it could be tested. */
  readonly proof: 'kernel' | 'evaluated' | 'unproven';
};

/**
 * The owners whose entries should belong to the service: those with entries that the kernel denied to the service.
 * Null: no ownership is at fault. An owner who also owns the storage root is excluded if the service can still use the
 * root: it is shared on purpose (`git:registry`, 2770). If a directory of that owner is closed, its mode bits are the
 * fault.
 */
export function wrongOwnersOf(walked: WalkedAccess): WrongOwners | null {
  const { facts, identity, root } = walked;
  if (!identity || !root || facts.contents.state !== 'known' || identity.dacOverride) return null;
  const contents = facts.contents.value;
  const foreignRoot = rootToOwn(facts, identity, root);
  const isShared = ({ uid }: ForeignOwner) => uid === root.node.uid && deniedUses(root).length === 0;
  const foreign = contents.foreign.filter((pair) => !isShared(pair) && !areEndsOfParts(walked, pair));
  const proof = proofOf(contents, foreignRoot);
  const refused = proof === 'kernel' ? foreign.filter(isRefused) : foreign;
  if (refused.length === 0 && foreignRoot === null) return null;
  const pairs = refused.length > 0 && hidesSomething(contents) ? foreign : refused;
  return { contents, pairs, root: foreignRoot, proof };
}

function rootToOwn(facts: Facts, identity: Identity, root: RootUse): PresentNode | null {
  const denied = deniedUses(root);
  const [first] = denied;
  if (!first || root.node.uid === identity.uid || !isOpenToOwner(root.node)) return null;
  const wanted = denied.flatMap((use) => LETTERS_FOR[use.operation]);
  const grant = minimalGrant(facts, root.node, first.class, wanted);
  return grant.kind === 'none' && grant.why === 'would-open-to-all' ? root.node : null;
}

function proofOf({ closed }: StorageContents, foreignRoot: PresentNode | null): WrongOwners['proof'] {
  if (closed.state === 'known') return 'kernel';
  return foreignRoot === null ? 'unproven' : 'evaluated';
}

function isRefused({ denied }: ForeignOwner): boolean {
  return denied.state === 'known' && total(denied.value) > 0;
}

/** Whether the service's test left contents out, because it can't enter or list a directory above them. */
function hidesSomething({ closed }: StorageContents): boolean {
  if (closed.state !== 'known') return true;
  const { directories, count } = closed.value;
  return directories.length < count || directories.some(({ lacking }) => lacking.some((use) => use !== 'create'));
}

/** Why no plan should change these owners. Null only if the change is known to be right. */
export function obstacleToChown(
  { facts, walk, root }: WalkedAccess,
  disk: JudgedDisk,
  wrong: WrongOwners,
): NoChown | null {
  const { contents, pairs, proof } = wrong;
  if (facts.process.state === 'unknown' || proof === 'unproven') return 'not-tried';
  if (mountsOfHost(facts) === null || hasOwnUsers(facts)) return 'other-namespace';
  if (!walk || !root || contents.top === null || contents.entries <= 1) return 'stub';
  if (disk.missing !== null) return 'mount-missing';
  if (disk.whyNotCompared !== null) return 'mounts-unknown';
  if (obstacleAt(facts, root.node) !== null) return 'not-changeable';
  if (!contents.complete || contents.moreOwners || pairs.some(({ digest }) => digest === null)) return 'not-counted';
  if (contents.mountsBelow > 0 || contents.parts.length > 0) return 'mount-below';
  if (pairs.some(({ unusual }) => unusual > 0)) return 'unusual';
  if (pairs.some(({ closedToOwner }) => closedToOwner > 0)) return 'closed-to-owner';
  const entries = pairs.reduce((sum, pair) => sum + pair.entries, 0);
  return entries > MAX_ENTRIES_OF_A_PLAN ? 'too-many' : null;
}

function hasOwnUsers({ process }: Facts): boolean {
  return process.state === 'known' && process.value.userNamespace === 'other';
}
