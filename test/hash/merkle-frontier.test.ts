import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MerkleFrontier, rootAtEnd } from '../../src/hash/merkle-frontier.ts';

/** The leaves and roots that implementations of Certificate Transparency share as test vectors. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the Merkle tree has the roots of Certificate Transparency’s test vectors, from no leaf to eight', () => {
  const tree = new MerkleFrontier();
  const roots = [tree.root().toString('hex')];
  for (const leaf of LEAVES) {
    tree.append(Buffer.from(leaf, 'hex'));
    roots.push(tree.root().toString('hex'));
  }
  assert.deepEqual(roots, ROOTS);
  assert.equal(tree.size, 8);
});

/** The definition of RFC 9162, sections 2.1.1 and 2.1.3.1, word for word. */
function pathByDefinition(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...pathByDefinition(index, left), rootOf(right)]
    : [...pathByDefinition(index - split, right), rootOf(left)];
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const tree = new MerkleFrontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

const SIZES = Array.from({ length: 34 }, (_, size) => size + 1);

test('each leaf of a Merkle tree of up to 34 leaves has the inclusion path of RFC 9162, and it leads to the root', () => {
  for (const size of SIZES) {
    const leaves = Array.from({ length: size }, (_, n) => Buffer.of(n));
    const tree = new MerkleFrontier();
    const paths = leaves.map((leaf) => {
      const path: Buffer[] = [];
      tree.append(leaf, path);
      return path;
    });
    const root = tree.close();
    assert.deepEqual(root, rootOf(leaves));
    for (const [index, path] of paths.entries()) {
      assert.deepEqual(path, pathByDefinition(index, leaves));
      assert.deepEqual(rootAtEnd(Buffer.of(index), { index, size }, path), root);
    }
  }
});

test('no inclusion path proves another leaf, another place, or a tree of another size', () => {
  const leaves = Array.from({ length: 11 }, (_, n) => Buffer.of(n));
  const root = rootOf(leaves);
  for (const index of leaves.keys()) {
    const path = pathByDefinition(index, leaves);
    const proves = (leaf: number, at: number, size: number, siblings: readonly Buffer[]) =>
      rootAtEnd(Buffer.of(leaf), { index: at, size }, siblings)?.equals(root) === true;
    assert.ok(proves(index, index, 11, path));
    assert.ok(!proves(index + 1, index, 11, path));
    for (const at of leaves.keys()) assert.equal(proves(index, at, 11, path), at === index);
    assert.ok(!proves(index, index, 11, path.slice(1)));
    assert.ok(!proves(index, index, 11, [...path, root]));
    assert.ok(!proves(index, index, index, path));
    assert.ok(!proves(index, index, 1_000, path));
  }
});
