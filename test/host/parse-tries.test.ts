import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../src/host/malformed-output.ts';
import { parseTries } from '../../src/host/parse-tries.ts';
import { known, unknown } from '../../src/model/fact.ts';

const MEANT = { user: 'registry', uid: 993, gid: 993, groups: [37], dacOverride: false, dacReadSearch: false };
const AS = 'as 993 993 0000000000000000 37';
const ROOT = 'stat allowed\nlist denied\ncreate failed Read-only file system';

type Records = readonly (readonly [string, string])[];
const parse = (records: Records) =>
  parseTries(
    records.map(([key, value]) => ({ key, value: Buffer.from(value) })),
    MEANT,
  );

test('answers belong to the directories of their batch, in order', () => {
  const tries = parse([
    ['try-directory', '/'],
    ['try-unopened', '/nfs'],
    ['try-directory', '/a'],
    ['tried', `${AS}\nsearch allowed\nsearch denied`],
    ['try-directory', '/b'],
    ['tried', `${AS}\nsearch failed Stale file handle\n${ROOT}`],
  ]);
  assert.deepEqual(tries, {
    triedAs: known(MEANT),
    searchTries: [
      { path: '/', answer: { result: 'allowed' } },
      { path: '/a', answer: { result: 'denied' } },
      { path: '/b', answer: { result: 'failed', why: 'Stale file handle' } },
      { path: '/nfs', answer: { result: 'failed', why: 'the probe could not open it' } },
    ],
    rootTries: {
      stat: known({ result: 'allowed' }),
      list: known({ result: 'denied' }),
      create: known({ result: 'failed', why: 'Read-only file system' }),
    },
  });
});

const OTHERS: Readonly<Record<string, string>> = {
  'another uid': 'as 0 993 0000000000000000 37',
  'another primary group': 'as 993 0 0000000000000000 37',
  'one group more': 'as 993 993 0000000000000000 37 0',
  'no groups': 'as 993 993 0000000000000000 ',
  'a capability that bypasses mode bits': 'as 993 993 0000000000000002 37',
};
for (const [what, own] of Object.entries(OTHERS)) {
  test(`nothing counts that was tried as somebody with ${what}`, () => {
    const tries = parse([['tried', `${own}\n${ROOT}`]]);
    const why = unknown("the service's identity could not be taken on exactly");
    assert.deepEqual(tries, { triedAs: why, searchTries: [], rootTries: { stat: why, list: why, create: why } });
  });
}

test('a capability that has nothing to do with mode bits does not matter', () => {
  assert.equal(parse([['tried', `as 993 993 0000000000000400 37\n${ROOT}`]]).triedAs.state, 'known');
});

test('what setpriv complains of is the reason that nothing was tried', () => {
  const { triedAs } = parse([['tried', 'setpriv: setresuid failed: Operation not permitted']]);
  assert.deepEqual(
    triedAs,
    unknown('trying as the service failed: setpriv: setresuid failed: Operation not permitted'),
  );
});

test('a shell that does not ask the kernel leaves one answer unknown and the others as they are', () => {
  const { rootTries } = parse([['tried', `${AS}\nstat allowed\nlist allowed\ncreate unknown no real test`]]);
  assert.deepEqual(rootTries.create, unknown('no real test'));
  assert.deepEqual(rootTries.list, known({ result: 'allowed' }));
});

const MALFORMED: Readonly<Record<string, Records>> = {
  'nothing was tried': [],
  'a directory has no answer': [
    ['try-directory', '/'],
    ['tried', `${AS}\n${ROOT}`],
  ],
  'an answer has no directory': [['tried', `${AS}\nsearch allowed\n${ROOT}`]],
  'a directory comes after the last batch': [
    ['tried', `${AS}\n${ROOT}`],
    ['try-directory', '/'],
  ],
  'the root was not tried': [['tried', AS]],
  'the root was tried twice': [['tried', `${AS}\n${ROOT}\n${ROOT}`]],
  'an answer is none of ours': [
    ['try-directory', '/'],
    ['tried', `${AS}\nsearch perhaps\n${ROOT}`],
  ],
};
for (const [what, records] of Object.entries(MALFORMED)) {
  test(`is malformed when ${what}`, () => assert.throws(() => parse(records), MalformedOutput));
}
