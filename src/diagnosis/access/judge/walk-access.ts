import type { JudgedService } from '../../../model/diagnosis/diagnosis.ts';
import type { Facts, Identity } from '../../../model/host/facts.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import { type JudgedPath, judgePath } from './judge-path.ts';
import { judgeRoot, type RootUse } from './judge-root.ts';
import { judgeWalk, type Walk } from './judge-walk.ts';
import { identityOf } from './service-identity.ts';

/** The facts of one host with the walks to each path that the registry uses. */
export type WalkedAccess = {
  readonly facts: Facts;
  readonly service: JudgedService | null;
  readonly identity: Identity | null;
  /**
   * The path to the storage root. Null: there is no path to walk, or the paths mean other things to the registry's
   * process.
   */
  readonly walk: Walk | null;
  /** The use of the storage root. Null: the path does not end in a directory, or no identity is known. */
  readonly root: RootUse | null;
  /** What else the registry uses: inside its storage, behind a symlink or on a filesystem of its own, and beside it. */
  readonly paths: readonly JudgedPath[];
  /** The path of `walk` and `root`. Null: the storage root. */
  readonly of: UsedPath | null;
};

/**
 * Walks to the storage root, and to the registry's other paths, as the running registry's identity, otherwise as its
 * account's.
 */
export function walkAccess(facts: Facts): WalkedAccess {
  const { identity, service } = identityOf(facts);
  const walk = isOutOfSight(facts) ? null : walkOf(facts, identity);
  const root = walk && identity ? judgeRoot(facts, walk, identity) : null;
  const paths = seesAnotherTree(facts) ? [] : facts.paths.map((used) => judgePath(facts, used, identity));
  return { facts, service, identity, walk, root, paths, of: null };
}

/** The same for each path inside the storage, as if it were the storage root. */
export function innerWays(walked: WalkedAccess): WalkedAccess[] {
  return walked.paths
    .filter(({ used }) => used.role === 'storage')
    .map(({ used, walk, directory }) => ({ ...walked, walk, root: directory, of: used }));
}

/**
 * True if the kernel let the registry's identity reach, list and write its storage: only then is durability worth
 * reporting.
 */
export function isProvenUsable({ walk, root }: WalkedAccess): boolean {
  if (walk?.passable !== 'yes' || walk.stat?.result !== 'allowed' || !root) return false;
  return [root.list, root.create].every(({ access, proof }) => access === 'allowed' && proof === 'kernel');
}

/**
 * Whether the view of the registry's process could not be read. In another mount namespace a path can lead it elsewhere
 * (mount_namespaces(7)).
 */
export function isOutOfSight(facts: Facts): boolean {
  return facts.storageRoot.state === 'known' && seesAnotherTree(facts);
}

function seesAnotherTree({ process, view }: Facts): boolean {
  return process.state === 'known' && process.value.mountNamespace === 'other' && view.kind === 'host';
}

function walkOf(facts: Facts, identity: Identity | null): Walk | null {
  return facts.storageRoot.state === 'known' ? judgeWalk(facts, facts.storageRoot.value, identity) : null;
}
