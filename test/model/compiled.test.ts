import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compiled } from '../../src/model/compiled.ts';
import { ChainedEntry, GENESIS_HASH } from '../../src/model/record/audit.ts';

const ENTRY = {
  ...{ sequence: 7, at: '2026-11-23T14:02:10.000Z', incidentId: 1, incidentEntry: 2, act: 'diagnosed' },
  ...{ actor: { kind: 'bot', part: 'workflow' }, planId: null, planHash: null, outcome: { verdict: 'faulty' } },
  ...{ previousHash: GENESIS_HASH, hash: GENESIS_HASH },
};

const OTHERS: readonly object[] = [
  {},
  ...[{ sequence: 0 }, { sequence: 1.5 }, { sequence: '7' }, { at: 'today' }, { incidentId: null }, { act: 'dreamt' }],
  ...[
    { actor: { kind: 'ghost' } },
    { actor: { kind: 'bot' } },
    { actor: '{' },
    { planId: '0-1' },
    { planHash: 'md5:0' },
  ],
  ...[
    { outcome: [] },
    { outcome: null },
    { outcome: { a: [{ b: undefined }] } },
    { hash: undefined },
    { note: 'more' },
  ],
];

test('a generated parser accepts, returns and says of an entry what its schema does', () => {
  const Generated = compiled(ChainedEntry);
  assert.equal(Generated(), Generated());
  for (const other of OTHERS) {
    const [said, expected] = [Generated(), ChainedEntry].map((schema) => schema.safeParse({ ...ENTRY, ...other }));
    assert.deepEqual([said?.success, said?.data], [expected?.success, expected?.data]);
    assert.deepEqual(said?.error?.issues, expected?.error?.issues);
  }
});
