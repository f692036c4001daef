import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { parseTries } from '../../../../src/host/probe/place/parse-tries.ts';
import { known, unknown } from '../../../../src/model/fact.ts';

const MEANT = { user: 'registry', uid: 993, gid: 993, groups: [37], dacOverride: false, dacReadSearch: false };
const AS = 'as 993 993 0000000000000000 37';
const ROOT = 'target\nstat allowed\nlist denied\ncreate failed Read-only file system';
const ROOT_IS_TRIED = ['try-target', 'storage-root'] as const;
const NOT_USED_SO = unknown('not-used-so');

type Records = readonly (readonly [string, string])[];
const parse = (records: Records) =>
  parseTries(
    records.map(([key, value]) => ({ key, value: Buffer.from(value) })),
    MEANT,
  );

test('the parser of access tests assigns results to the directories of their batch, in order', () => {
  const tries = parse([
    ['try-directory', '/'],
    ['try-unopened', '/nfs'],
    ['try-directory', '/a'],
    ['tried', `${AS}\nsearch allowed\nsearch denied`],
    ['try-directory', '/b'],
    ROOT_IS_TRIED,
    ['tried', `${AS}\n${ROOT}\nsearch failed Stale file handle`],
  ]);
  assert.deepEqual(tries, {
    triedAs: known(MEANT),
    searchTries: [
      { path: '/', answer: { result: 'allowed' } },
      { path: '/a', answer: { result: 'denied' } },
      { path: '/b', answer: { result: 'failed', why: { code: 'stale-handle' } } },
      { path: '/nfs', answer: { result: 'failed', why: { code: 'not-opened' } } },
    ],
    rootTries: {
      stat: known({ result: 'allowed' }),
      list: known({ result: 'denied' }),
      create: known({ result: 'failed', why: { code: 'read-only-filesystem' } }),
    },
    pathTries: new Map(),
  });
});

test('the parser of access tests gives each path its own results, whether it is a directory or a file', () => {
  const { rootTries, pathTries } = parse([
    ROOT_IS_TRIED,
    ['try-target', '1'],
    ['try-target', '3'],
    ['try-directory', '/'],
    [
      'tried',
      `${AS}\n${ROOT}\ntarget\nstat denied\nlist denied\ncreate denied\ntarget\nstat allowed\nread denied\nwrite denied\nsearch allowed`,
    ],
  ]);
  const denied = known({ result: 'denied' });
  assert.deepEqual(rootTries.stat, known({ result: 'allowed' }));
  assert.deepEqual(
    pathTries,
    new Map([
      [1, { stat: denied, list: denied, create: denied, read: NOT_USED_SO, write: NOT_USED_SO }],
      [3, { stat: known({ result: 'allowed' }), list: NOT_USED_SO, create: NOT_USED_SO, read: denied, write: denied }],
    ]),
  );
});

test('the results of access tests for another account’s paths count only if they ran as that account', () => {
  const answers = 'target\nstat allowed\nread allowed\nwrite denied';
  const triedAs = (own: string) =>
    parseTries(
      [
        ['tried', `${AS}`],
        ['try-target', '2'],
        ['tried', `${own}\n${answers}`],
      ].map(([key = '', value = '']) => ({ key, value: Buffer.from(value) })),
      MEANT,
      new Map([[2, { uid: 998, gid: 998 }]]),
    ).pathTries;
  assert.deepEqual(triedAs('as 998 998 0000000000000000 ').get(2)?.read, known({ result: 'allowed' }));
  assert.equal(triedAs('as 998 998 0000000000000000 37').size, 0);
  assert.equal(triedAs('as 0 0 000001ffffffffff ').size, 0);
});

test('without a storage directory, no access test of the storage root is expected', () => {
  const none = unknown('no-storage-root');
  assert.deepEqual(parse([['tried', AS]]).rootTries, { stat: none, list: none, create: none });
});

const OTHERS: Readonly<Record<string, string>> = {
  'another uid': 'as 0 993 0000000000000000 37',
  'another primary group': 'as 993 0 0000000000000000 37',
  'one group more': 'as 993 993 0000000000000000 37 0',
  'no groups': 'as 993 993 0000000000000000 ',
  'a capability that bypasses mode bits': 'as 993 993 0000000000000002 37',
};
for (const [what, own] of Object.entries(OTHERS)) {
  test(`the results of access tests are discarded if they ran under another identity with ${what}`, () => {
    const tries = parse([ROOT_IS_TRIED, ['tried', `${own}\n${ROOT}`]]);
    const why = unknown('identity-not-exact');
    assert.deepEqual(tries, {
      triedAs: why,
      searchTries: [],
      rootTries: { stat: why, list: why, create: why },
      pathTries: new Map(),
    });
  });
}

test('the results of access tests count if they ran with a capability that does not override modes', () => {
  assert.equal(parse([ROOT_IS_TRIED, ['tried', `as 993 993 0000000000000400 37\n${ROOT}`]]).triedAs.state, 'known');
});

test('an error of setpriv is reported as the reason why no access was tested', () => {
  const { triedAs } = parse([['tried', 'setpriv: setresuid failed: Operation not permitted']]);
  assert.deepEqual(
    triedAs,
    unknown({
      code: 'try-failed',
      because: { code: 'host-said', said: 'setpriv: setresuid failed: Operation not permitted' },
    }),
  );
});

test('an access test that the host’s shell answered without asking the kernel is unknown, and the others count', () => {
  const { rootTries } = parse([
    ROOT_IS_TRIED,
    ['tried', `${AS}\ntarget\nstat allowed\nlist allowed\ncreate unknown shell-asks-no-kernel`],
  ]);
  assert.deepEqual(rootTries.create, unknown('shell-asks-no-kernel'));
  assert.deepEqual(rootTries.list, known({ result: 'allowed' }));
});

const MALFORMED: Readonly<Record<string, Records>> = {
  'nothing was tried': [],
  'a directory has no answer': [['try-directory', '/'], ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}`]],
  'an answer has no directory': [ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}\nsearch allowed`]],
  'a directory comes after the last batch': [ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}`], ['try-directory', '/']],
  'a path comes after the last batch': [ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}`], ['try-target', '1']],
  'the root was announced and not tried': [ROOT_IS_TRIED, ['tried', AS]],
  'the root was tried and not announced': [['tried', `${AS}\n${ROOT}`]],
  'the root was tried twice': [ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}\n${ROOT}`]],
  'one of its answers is there twice': [ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}\nstat allowed`]],
  'a path is no number': [
    ['try-target', 'x'],
    ['tried', `${AS}\ntarget\nstat allowed\nread allowed\nwrite denied`],
  ],
  'an answer is not one of ours': [['try-directory', '/'], ROOT_IS_TRIED, ['tried', `${AS}\n${ROOT}\nsearch perhaps`]],
};
for (const [what, records] of Object.entries(MALFORMED)) {
  test(`the parser of access tests rejects output if ${what}`, () =>
    assert.throws(() => parse(records), MalformedOutput));
}
