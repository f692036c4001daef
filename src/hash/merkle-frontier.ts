import { createHash } from 'node:crypto';

/** Domain separation of leaves and inner nodes (RFC 9162, section 2.1.1). */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/**
 * The right edge of a Merkle tree as RFC 9162 (section 2.1) hashes it: enough to append leaves and to know the root, with one hash
 * for each level. No kept npm package has this (looked at as of November 2026: @transmute/rfc9162 hashes the whole tree for each
 * root, and the one in @sigstore/verify is not exported).
 */
export class MerkleFrontier {
  /** The roots of the perfect subtrees, the largest first. Their sizes are the powers of two that add up to `size`. */
  readonly #subtrees: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let subtree = sha256(LEAF, leaf);
    // Each trailing 1 bit of the size is a perfect subtree that is as large as the new one.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      subtree = sha256(NODE, this.#subtrees.pop() ?? Buffer.alloc(0), subtree);
    }
    this.#subtrees.push(subtree);
    this.#size += 1;
  }

  /** The root over all leaves so far; of an empty tree the hash of nothing. */
  root(): Buffer {
    const [last, ...larger] = this.#subtrees.toReversed();
    if (last === undefined) return sha256();
    return larger.reduce((right, left) => sha256(NODE, left, right), last);
  }
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
