import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consistencyProof } from '../../src/hash/consistency-proof.ts';
import { MerkleFrontier } from '../../src/hash/merkle-frontier.ts';
import { isConsistent } from '../support/services/checkpoint-witness.ts';

/** The leaves, roots and proofs by which other implementations of RFC 6962 are tested as well. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => Buffer.from(hex, 'hex'),
);
const PROOFS: readonly { readonly from: number; readonly to: number; readonly nodes: readonly string[] }[] = [
  { from: 1, to: 1, nodes: [] },
  {
    from: 1,
    to: 8,
    nodes: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    from: 6,
    to: 8,
    nodes: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    from: 2,
    to: 5,
    nodes: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];

function treeOf(leaves: readonly Buffer[]): MerkleFrontier {
  const tree = new MerkleFrontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree;
}

for (const { from, to, nodes } of PROOFS) {
  test(`the proof that a tree of ${to} leaves begins with one of ${from} is the known one`, () => {
    const proof = consistencyProof(treeOf(LEAVES.slice(0, from)), LEAVES.slice(from, to));
    assert.deepEqual(
      proof.map((hash) => hash.toString('hex')),
      nodes,
    );
  });
}

test('the proof between any two trees of up to 40 leaves is accepted by the steps of RFC 9162, and by no other tree', () => {
  const leaves = Array.from({ length: 40 }, (_, index) => Buffer.from(`leaf ${index}`));
  const roots = [treeOf([])];
  for (let size = 1; size <= leaves.length; size += 1) roots.push(treeOf(leaves.slice(0, size)));
  const head = (size: number) => ({ size, root: roots[size]?.root().toString('base64') ?? '' });
  for (let to = 1; to <= leaves.length; to += 1) {
    for (let from = 0; from <= to; from += 1) {
      const older = roots[from] ?? assert.fail();
      const proof = consistencyProof(older, leaves.slice(from, to)).map((hash) => hash.toString('base64'));
      assert.ok(proof.length <= 2 * Math.ceil(Math.log2(to + 1)), `${from} to ${to}: ${proof.length} nodes`);
      assert.ok(isConsistent(head(from), head(to), proof), `${from} to ${to}`);
      if (from === 0) continue;
      const other = { ...head(from), root: head(from === 1 ? 2 : from - 1).root };
      assert.ok(!isConsistent(other, head(to), proof), `${from} to ${to}: another tree`);
    }
  }
});
