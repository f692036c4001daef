import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseApplyOutcome } from '../../../src/host/answer/parse-apply-outcome.ts';
import { framed } from '../frame-output.ts';

const NONCE = 'nonce1234';
type Records = readonly (readonly [string, string])[];
const STEP: Records = [
  ['step-path', '/a\nb'],
  ['step-before', '0700'],
  ['step-after', '0711'],
  ['step-was', '0700 0:42 user::rwx,group::---,other::---'],
  ['step-is', '0711 0:42 -'],
  ['step-list', ''],
];
const TOLD = {
  path: '/a\nb',
  before: '0700',
  after: '0711',
  was: { mode: '0700', uid: 0, gid: 42, acl: 'user::rwx,group::---,other::---' },
  is: { mode: '0711', uid: 0, gid: 42, acl: null },
};

const parse = (records: Records) => parseApplyOutcome(framed('apply', NONCE, records), NONCE);

test('the bot reads an applied plan’s outcome with its changes and the result of its access test', () => {
  assert.deepEqual(parse([['kind', 'applied'], ['tried', 'allowed'], ...STEP, ...STEP]), {
    kind: 'applied',
    tried: { result: 'allowed' },
    steps: [TOLD, TOLD],
  });
});

test('the bot reads an outcome with a directory whose mode could not be read, and one with a tree’s saved list', () => {
  const digest = 'a'.repeat(64);
  const step: Records = STEP.map(([key, value]) => {
    if (key === 'step-is') return [key, 'not there'];
    return [key, key === 'step-list' ? `/var/lib/registry-doctor/plans/x/list-1 ${digest}` : value];
  });
  assert.deepEqual(parse([['kind', 'undone'], ['why', 'still-unreadable /data/key'], ...step]), {
    kind: 'undone',
    why: { code: 'still-unreadable', path: '/data/key' },
    steps: [{ ...TOLD, is: null, savedList: { file: '/var/lib/registry-doctor/plans/x/list-1', digest } }],
  });
});

test('the bot reads each other outcome with its own details', () => {
  const why = ['why', 'not-recorded'] as const;
  const read = { code: 'not-recorded' };
  assert.deepEqual(parse([['kind', 'refused'], why]), { kind: 'refused', why: read });
  assert.deepEqual(parse([['kind', 'unknown'], why]), { kind: 'unknown', why: read });
  assert.deepEqual(parse([['kind', 'undone'], why]), { kind: 'undone', why: read, steps: [] });
  assert.partialDeepStrictEqual(parse([['kind', 'undo-failed'], why, ...STEP]), { kind: 'undo-failed' });
  assert.deepEqual(parse([['kind', 'running']]), { kind: 'running' });
  assert.deepEqual(parse([['kind', 'never-started']]), { kind: 'never-started' });
  assert.deepEqual(
    parse([
      ['kind', 'stale'],
      ['path', '/a'],
      ['expected', '0700'],
      ['found', '0755'],
    ]),
    {
      kind: 'stale',
      path: '/a',
      expected: '0700',
      found: '0755',
    },
  );
});

test('the bot shortens the expected and found modes or owners that a host prints in an outcome', () => {
  const long = 'x'.repeat(100_000);
  const told = parse([
    ['kind', 'stale'],
    ['path', '/a'],
    ['expected', long],
    ['found', long],
  ]);
  assert.ok(told.kind === 'stale');
  assert.deepEqual([told.expected.length, told.found.length], [1_001, 1_001]);
});

const NOT_WHOLE: Readonly<Record<string, Records>> = {
  'nothing is said': [],
  'the kind is invalid': [['kind', 'done']],
  'two kinds are told': [
    ['kind', 'running'],
    ['kind', 'running'],
  ],
  'the reason is missing': [['kind', 'refused']],
  'the test is missing': [['kind', 'applied'], ...STEP],
  'the test is not an answer': [['kind', 'applied'], ['tried', 'yes'], ...STEP],
  'a step is cut': [['kind', 'undone'], ['why', 'x'], ...STEP.slice(0, 2)],
  'a step is in another order': [['kind', 'undone'], ['why', 'x'], ...STEP.toReversed()],
  'a path is relative': [
    ['kind', 'stale'],
    ['path', 'a'],
    ['expected', 'x'],
    ['found', 'y'],
  ],
};

for (const [what, records] of Object.entries(NOT_WHOLE)) {
  test(`the bot takes a plan’s outcome as unknown, to be asked again, if ${what}`, () =>
    assert.equal(parse(records).kind, 'unknown'));
}

test('the bot takes a plan’s outcome as unknown wherever the guard’s output is cut off', () => {
  const whole = framed('apply', NONCE, [['kind', 'applied'], ['tried', 'allowed'], ...STEP]);
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(parseApplyOutcome(whole.subarray(0, length), NONCE).kind, 'unknown', `cut after ${length} bytes`);
  }
});

test('the bot takes a plan’s outcome as unknown if the output belongs to another run or another script', () => {
  const records: Records = [['kind', 'never-started']];
  assert.equal(parseApplyOutcome(framed('apply', 'nonce9999', records), NONCE).kind, 'unknown');
  assert.equal(parseApplyOutcome(framed('probe', NONCE, records), NONCE).kind, 'unknown');
});
