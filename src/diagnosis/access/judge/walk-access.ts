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
   * The path to the storage root. Null: the root is unknown, or the registry's process resolves paths in a mount
   * namespace that could not be read.
   */
  readonly walk: Walk | null;
  /** The registry's access to its storage root. Null: the path does not end in a directory, or no identity is known. */
  readonly root: RootUse | null;
  /** The other paths that the registry uses: outside its storage, and inside it behind a symlink or on another mount. */
  readonly paths: readonly JudgedPath[];
  /** The path that `walk` and `root` are about. Null: the storage root. */
  readonly usedPath: UsedPath | null;
};

/**
 * Walks the path to the storage root, and the registry's other paths. Access is judged for the running registry's
 * identity, or for its account if it isn't running.
 */
export function walkAccess(facts: Facts): WalkedAccess {
  const { identity, service } = identityOf(facts);
  const walk = isOutOfSight(facts) ? null : walkOf(facts, identity);
  const root = walk && identity ? judgeRoot(facts, walk, identity) : null;
  const paths = seesAnotherTree(facts) ? [] : facts.paths.map((used) => judgePath(facts, used, identity));
  return { facts, service, identity, walk, root, paths, usedPath: null };
}

/** One result for each path inside the storage that is walked on its own, judged as if it were the storage root. */
export function innerWays(walked: WalkedAccess): WalkedAccess[] {
  return walked.paths
    .filter(({ used }) => used.role === 'storage')
    .map(({ used, walk, directory }) => ({ ...walked, walk, root: directory, usedPath: used }));
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
 * Whether the registry's process has its own mount namespace and the probe could not look into it. The same path can
 * then lead the process elsewhere (mount_namespaces(7)).
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
