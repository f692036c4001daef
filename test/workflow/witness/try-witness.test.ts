import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCheckpoint } from '../../../src/hash/checkpoint.ts';
import type { WitnessAnswer } from '../../../src/model/record/checkpoint.ts';
import { tryWitness } from '../../../src/workflow/witness/try-witness.ts';

/** The trial of a witness that answers so, one answer a request; the sizes that it was asked over. */
async function tried(...answers: readonly WitnessAnswer[]) {
  const asked: number[] = [];
  const hashes = Array.from({ length: 9 }, (_, n) => `sha256:${String(n).repeat(64)}`);
  const trial = await tryWitness({
    signer: {
      signCheckpoint: async (size, root) => ({ kind: 'signed', note: `log\n${size}\n${root}\n\n\u2014 log AAAA\n` }),
    },
    witness: {
      addCheckpoint: async ({ old, proof, note }) => {
        assert.deepEqual({ size: parseCheckpoint(note)?.size, proof }, { size: old, proof: [] }, 'nothing larger');
        asked.push(old);
        return answers[asked.length - 1] ?? assert.fail('asked once more');
      },
    },
    reading: (read) =>
      read({
        newestCheckpoint: async () => null,
        entryHashes: async (after, limit) => hashes.slice(after, after + limit),
      }),
  });
  return { trial, asked };
}

test('a witness that signed more while it was tried is tried over that, and not for ever', async () => {
  const at = (size: number) => ({ kind: 'at', size }) as const;
  assert.deepEqual(await tried(at(3), at(5), { kind: 'cosigned', note: '' }), {
    trial: { kind: 'cosigned', entries: 5 },
    asked: [0, 3, 5],
  });
  assert.deepEqual(await tried(at(3), at(5), at(6)), { trial: { kind: 'refused', status: 409 }, asked: [0, 3, 5] });
  assert.deepEqual(await tried(at(3), at(10)), { trial: { kind: 'ahead', size: 10, entries: 9 }, asked: [0, 3] });
});

test('whatever a witness says to other entries, as many as it signed over, contradicts the record', async () => {
  const answers: readonly WitnessAnswer[] = [
    { kind: 'refused', status: 422 },
    { kind: 'refused', status: 409 },
    { kind: 'at', size: 4 },
  ];
  for (const answer of answers) {
    const { trial } = await tried({ kind: 'at', size: 4 }, answer);
    assert.deepEqual(trial, { kind: 'contradicted', entries: 4 }, JSON.stringify(answer));
  }
});
