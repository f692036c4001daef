import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChainedEntry, GENESIS_HASH } from '../../../src/model/record/audit.ts';
import { RemovedInEntries } from '../../../src/record/check/removed.ts';

const REASON = { kind: 'value-missing', sequence: 3, field: 'reason' } as const;
const DIAGNOSIS = { kind: 'body-disagrees', about: 'diagnosis', sequence: 4 } as const;

function dropped(outcome: object): ChainedEntry {
  return ChainedEntry.parse({
    ...{ sequence: 9, at: '2026-11-23T14:02:10.000Z', incidentId: 1, incidentEntry: 9, act: 'details-dropped' },
    ...{ actor: { kind: 'bot', part: 'workflow' }, planId: null, planHash: null, outcome },
    ...{ previousHash: GENESIS_HASH, hash: GENESIS_HASH },
  });
}

test('what an entry says was removed is no problem, whether it is found missing before that entry is read or after it', () => {
  const walk = new RemovedInEntries();
  walk.miss(REASON);
  walk.add(dropped({ values: { reason: [3] }, diagnoses: [4] }));
  walk.miss(DIAGNOSIS);
  assert.deepEqual(walk.problems(), []);
  assert.deepEqual(
    walk.removals.newest.map(({ values, diagnoses }) => [values, diagnoses]),
    [[1, 1]],
  );
});

test('of many entries that say what was removed, the 20 newest are told, and how many there are', () => {
  const walk = new RemovedInEntries();
  for (let count = 1; count <= 25; count += 1) walk.add({ ...dropped({ values: {}, diagnoses: [] }), sequence: count });
  const { total, newest } = walk.removals;
  assert.deepEqual([total, newest.length, newest[0]?.sequence, newest.at(-1)?.sequence], [25, 20, 6, 25]);
});

test('what is missing and no entry says was removed is named', () => {
  const walk = new RemovedInEntries();
  walk.miss(REASON);
  walk.add(dropped({ values: { reason: [2], called: [3] }, diagnoses: [3] }));
  walk.miss(DIAGNOSIS);
  assert.deepEqual(walk.problems(), [REASON, DIAGNOSIS]);
});
