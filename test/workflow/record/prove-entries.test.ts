import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textHash } from '../../../src/hash/canonical-hash.ts';
import { checkpointText, isIncluded, parseCheckpoint, RecordTree } from '../../../src/hash/checkpoint.ts';
import { signedNote } from '../../../src/hash/signed-note.ts';
import type { CheckpointSigner } from '../../../src/workflow/ports/signing.ts';
import { proveEntries } from '../../../src/workflow/record/prove-entries.ts';

/** More than are read at once. */
const ENTRIES = 10_025;
const HASHES = Array.from({ length: ENTRIES }, (_, index) => textHash(`entry ${index + 1}`));
const KEY = { name: 'registry-doctor/test', publicKey: new Uint8Array(32) };

/** A note over the first `size` entries. Whose it is doesn't matter here. */
function noteOver(size: number, root = rootOver(size)): string {
  return signedNote(checkpointText({ origin: KEY.name, size, root }), KEY, new Uint8Array(64));
}

function rootOver(size: number): string {
  const tree = new RecordTree();
  for (const hash of HASHES.slice(0, size)) tree.append(hash);
  return tree.root();
}

function trailWith(newest: { readonly size: number; readonly note: string } | null) {
  return {
    newestCheckpoint: async () => newest,
    entryHashes: async (sequence: number, limit: number) => HASHES.slice(sequence, sequence + limit),
  };
}

const signer: CheckpointSigner = {
  signCheckpoint: async (size, root) => ({ kind: 'signed', note: noteOver(size, root) }),
};
const NO_USE: CheckpointSigner = { signCheckpoint: () => assert.fail('nothing is to be signed') };
const WITHOUT_KEY: CheckpointSigner = {
  signCheckpoint: async () => ({ kind: 'cannot-sign', why: { code: 'key-of-other-type', file: 'k', type: 'rsa' } }),
};

/** Which entries the proofs prove, by their own checkpoint; its size; and why others are not covered. */
async function proven(sequences: readonly number[], ...by: [ReturnType<typeof trailWith>, CheckpointSigner | null]) {
  const { checkpoint: note, uncovered, inclusions } = await proveEntries(sequences, ...by);
  const checkpoint = note === null ? null : parseCheckpoint(note);
  const included = [...inclusions].filter(([sequence, path]) => {
    const siblings = path.map((one) => one.toString('base64'));
    return checkpoint !== null && isIncluded({ sequence, hash: HASHES[sequence - 1] ?? '' }, checkpoint, siblings);
  });
  return { size: checkpoint?.size ?? null, included: included.map(([sequence]) => sequence), uncovered };
}

const stored = (size: number) => trailWith({ size, note: noteOver(size) });

test('entries under the newest checkpoint are proven by it, and nothing is signed', async () => {
  for (const size of [100, 10_000, 10_001, ENTRIES]) {
    const found = await proven([1, 64, 100], stored(size), NO_USE);
    assert.deepEqual(found, { size, included: [1, 64, 100], uncovered: null });
  }
});

test('entries that the newest checkpoint does not cover are proven by a new one over the whole record', async () => {
  for (const trail of [stored(100), trailWith(null)]) {
    const found = await proven([7, 10_000, ENTRIES], trail, signer);
    assert.deepEqual(found, { size: ENTRIES, included: [7, 10_000, ENTRIES], uncovered: null });
  }
});

test('without a key, or with one that can’t sign, the newest checkpoint proves what it covers', async () => {
  assert.deepEqual(await proven([7, 101], stored(100), null), { size: 100, included: [7], uncovered: 'no-key' });
  assert.deepEqual(await proven([7, 101], stored(100), WITHOUT_KEY), {
    ...{ size: 100, included: [7], uncovered: 'not-signed' },
  });
  assert.deepEqual(await proven([7], trailWith(null), null), { size: null, included: [], uncovered: 'no-key' });
  assert.deepEqual(await proven([7], trailWith(null), WITHOUT_KEY), {
    ...{ size: null, included: [], uncovered: 'not-signed' },
  });
});

test('over a record that its newest checkpoint contradicts nothing is signed, and nothing is proven', async () => {
  const contradicting = { size: 100, note: noteOver(100, rootOver(99)) };
  const longer = { size: ENTRIES + 1, note: noteOver(ENTRIES + 1, rootOver(ENTRIES)) };
  for (const newest of [contradicting, longer]) {
    for (const sequences of [[7], [7, 101]]) {
      const found = await proven(sequences, trailWith(newest), NO_USE);
      assert.deepEqual(found, { size: null, included: [], uncovered: 'contradicted' });
    }
  }
});
