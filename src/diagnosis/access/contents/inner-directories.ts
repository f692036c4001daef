import type { NoChmod } from '../../../model/diagnosis/finding.ts';
import { knownValue, unknown } from '../../../model/fact.ts';
import type { PresentNode } from '../../../model/host/facts.ts';
import type { ClosedDirectory, StorageContents } from '../../../model/host/storage-contents.ts';
import { placeInStorage } from '../judge/storage-part.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { type Letter, minimalGrant } from '../kernel/minimal-grant.ts';
import { isMember } from '../kernel/permission.ts';
import type { WrongOwners } from './wrong-owners.ts';

/** A directory below the storage root that its mode bits close to the service. */
export type InnerDirectory = {
  /** By its physical path. */
  readonly directory: ClosedDirectory;
  /** The device of its filesystem. Null: unknown. */
  readonly device: string | null;
  /**
   * `kernel`: a test was denied. `evaluated`: the test did not get this far, because a closed directory is above it.
   */
  readonly proof: 'kernel' | 'evaluated';
  /** The bits that would open it to the class that the kernel checks, or why adding bits is wrong. */
  readonly grant: { readonly to: number } | { readonly noChmod: NoChmod };
};

export type InnerDirectories = {
  /** Those that the probe listed. */
  readonly told: readonly InnerDirectory[];
  readonly count: number;
  readonly complete: boolean;
};

const LETTERS: Readonly<Record<ClosedDirectory['lacking'][number], Letter>> = { search: 'x', list: 'r', create: 'w' };

/**
 * The closed directories below the storage root whose own mode bits are the fault. Each belongs to the service, or to
 * an owner whose other entries the service can use. Directories with a wrong owner are not included.
 */
export function innerDirectoriesOf(judged: WalkedAccess, wrongOwners: WrongOwners | null): InnerDirectories {
  const { facts, identity } = judged;
  if (!identity || facts.contents.state !== 'known') return NONE;
  const { closed, ownClosed, top } = facts.contents.value;
  if (top === null) return NONE;
  if (identity.dacOverride) return immutableOnly(judged, closed);
  const wrong = wrongOwners?.pairs ?? [];
  const isOfWrongOwner = ({ uid, gid }: ClosedDirectory) => wrong.some((pair) => pair.uid === uid && pair.gid === gid);
  const isJudged = (directory: ClosedDirectory) =>
    isOfWrongOwner(directory) || isEndOfPart(judged, directory) || isOnReadOnlyPart(judged, directory);
  const tried = (knownValue(closed)?.directories ?? []).filter((one) => !isJudged(one));
  const isTried = new Set(tried.map(({ inode }) => inode));
  const hidden = ownClosed.directories.filter((one) => !isTried.has(one.inode) && !isEndOfPart(judged, one));
  const told = [
    ...tried.map((directory) => innerDirectory(judged, directory, 'kernel')),
    ...hidden.map((directory) => innerDirectory(judged, directory, 'evaluated')),
  ];
  const isCounted = closed.state !== 'known' || closed.value.directories.length === closed.value.count;
  return {
    told,
    count: Math.max(
      told.length,
      ownClosed.count - ownClosed.directories.filter((one) => isEndOfPart(judged, one)).length,
    ),
    complete: facts.contents.value.complete && isCounted && ownClosed.count === ownClosed.directories.length,
  };
}

/** No mode closes a directory to a service with CAP_DAC_OVERRIDE. The immutable attribute does (chattr(1)). */
function immutableOnly(judged: WalkedAccess, closed: StorageContents['closed']): InnerDirectories {
  const immutable = (knownValue(closed)?.directories ?? []).filter(
    (directory) => directory.immutable && !isEndOfPart(judged, directory),
  );
  const told = immutable.map((directory) => innerDirectory(judged, directory, 'kernel'));
  return { told, count: told.length, complete: true };
}

const NONE: InnerDirectories = { told: [], count: 0, complete: true };

/**
 * Whether this directory is the end of a path that is walked on its own. Then that path is reported instead, because
 * more is known about it.
 */
function isEndOfPart(judged: WalkedAccess, { path }: ClosedDirectory): boolean {
  const place = placeInStorage(judged, path);
  return place?.part?.walk.end.kind === 'directory' && place.part.walk.end.root.path === place.path;
}

/** Whether the directory is on a read-only filesystem, where no mode lets anyone write. */
function isOnReadOnlyPart(judged: WalkedAccess, { path, lacking }: ClosedDirectory): boolean {
  const isOnlyWritten = lacking.every((use) => use === 'create');
  return isOnlyWritten && (placeInStorage(judged, path)?.part?.directory?.readOnlyMount ?? null) !== null;
}

function innerDirectory(judged: WalkedAccess, closed: ClosedDirectory, proof: InnerDirectory['proof']): InnerDirectory {
  const { facts, identity } = judged;
  const place = placeInStorage(judged, closed.path);
  if (place === null) return { directory: closed, device: null, proof, grant: { noChmod: 'not-on-host' } };
  const { device } = place;
  const directory = { ...closed, path: place.path };
  if (directory.immutable) return { directory, device, proof, grant: { noChmod: 'attribute' } };
  const wanted = directory.lacking.map((use) => LETTERS[use]);
  const isOwn = directory.uid === identity?.uid;
  const deciding = isOwn ? 'owner' : identity && isMember(identity, directory.gid) ? 'group' : 'other';
  if (directory.acl && !isOwn) return { directory, device, proof, grant: { noChmod: 'acl' } };
  const grant = minimalGrant(facts, nodeOf(directory, device), deciding, wanted);
  if (grant.kind === 'none') return { directory, device, proof, grant: { noChmod: grant.why } };
  // All bits are set already, so something else denies access, and adding bits would change nothing.
  if (grant.bits === 0) return { directory, device, proof, grant: { noChmod: 'modes-not-kept' } };
  return { directory, device, proof, grant: { to: Number.parseInt(directory.mode, 8) | grant.bits } };
}

/** Builds the node of a directory, without ACL and attributes, which were not requested. */
function nodeOf({ path, inode, mode, uid, gid, owner, group }: ClosedDirectory, device: string): PresentNode {
  const notAsked = unknown('not-asked-below');
  return {
    state: 'present',
    path,
    kind: 'directory',
    target: null,
    mode,
    uid,
    gid,
    owner,
    group,
    device,
    inode,
    changedAt: 0,
    modifiedAt: notAsked,
    bornAt: notAsked,
    acl: notAsked,
    immutable: notAsked,
    appendOnly: notAsked,
  };
}
