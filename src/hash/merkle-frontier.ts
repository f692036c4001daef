import { hash } from 'node:crypto';

/** Domain separation of leaves and inner nodes (RFC 9162, section 2.1.1). */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The siblings on the way from a leaf to the root, the lowest first (RFC 9162, section 2.1.3). */
export type InclusionPath = Buffer[];

/**
 * A perfect subtree, and the paths of the leaves in it that are to be proven. `root`: a character for each byte, which takes half the
 * time of a Buffer.
 */
type Subtree = { readonly root: string; readonly paths: readonly InclusionPath[] };

const NO_PATHS: readonly InclusionPath[] = [];

/**
 * The right edge of a Merkle tree as RFC 9162 (section 2.1) hashes it: enough to append leaves, to know the root and to prove chosen
 * leaves, with one hash for each level and each proof. No kept npm package has this (looked at as of November 2026: @transmute/rfc9162
 * hashes the whole tree for each root, and the one in @sigstore/verify is not exported).
 */
export class MerkleFrontier {
  /** The largest first. Their sizes are the powers of two that add up to `size`. */
  readonly #subtrees: Subtree[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The roots of the perfect subtrees at the right edge, the largest first. */
  get edge(): readonly Buffer[] {
    return this.#subtrees.map(({ root }) => bytesOf(root));
  }

  /** `path`: an empty list, into which the proof of this leaf is written while the tree grows. Null: it is not to be proven. */
  append(leaf: Uint8Array, path: InclusionPath | null = null): void {
    let subtree: Subtree = {
      root: hash('sha256', Buffer.concat([LEAF, leaf]), 'binary'),
      paths: path === null ? NO_PATHS : [path],
    };
    // Each trailing 1 bit of the size is a perfect subtree that is as large as the new one.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#subtrees.pop();
      if (left !== undefined) subtree = joined(left, subtree);
    }
    this.#subtrees.push(subtree);
    this.#size += 1;
  }

  /** The root over all leaves so far; of an empty tree the hash of nothing. */
  root(): Buffer {
    const [last, ...larger] = this.#subtrees.toReversed();
    if (last === undefined) return sha256();
    return bytesOf(larger.reduce((right, left) => nodeOver(left.root, right), last.root));
  }

  /** Completes the paths of the leaves. After this the tree can't grow. Returns the root. */
  close(): Buffer {
    const [last, ...larger] = this.#subtrees.toReversed();
    if (last === undefined) return sha256();
    return bytesOf(larger.reduce((right, left) => joined(left, right), last).root);
  }
}

/** The root to which the path leads from a leaf with this index (RFC 9162, section 2.1.3.2). Null: no tree of this size has such a path. */
export function rootAtEnd(
  leaf: Uint8Array,
  { index, size }: { readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
): Buffer | null {
  if (index >= size) return null;
  let [at, last] = [index, size - 1];
  let root = sha256(LEAF, leaf);
  for (const sibling of path) {
    if (last === 0) return null;
    const isRight = at % 2 === 1 || at === last;
    root = isRight ? sha256(NODE, sibling, root) : sha256(NODE, root, sibling);
    // At the right edge a subtree without a sibling moves up as it is.
    while (isRight && at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? root : null;
}

function joined(left: Subtree, right: Subtree): Subtree {
  addSibling(right.root, left.paths);
  addSibling(left.root, right.paths);
  const paths = left.paths.length === 0 ? right.paths : [...left.paths, ...right.paths];
  return { root: nodeOver(left.root, right.root), paths };
}

function addSibling(root: string, paths: readonly InclusionPath[]): void {
  if (paths.length === 0) return;
  const sibling = bytesOf(root);
  for (const path of paths) path.push(sibling);
}

/** Room for what a node is the hash of. */
const NODE_INPUT = Buffer.alloc(1 + 2 * 32, NODE);

function nodeOver(left: string, right: string): string {
  NODE_INPUT.write(left, 1, 'latin1');
  NODE_INPUT.write(right, 1 + 32, 'latin1');
  return hash('sha256', NODE_INPUT, 'binary');
}

function bytesOf(root: string): Buffer {
  return Buffer.from(root, 'latin1');
}

function half(number: number): number {
  return Math.floor(number / 2);
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
