import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseGuardReason } from '../../../src/host/frame/parse-guard-reason.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { Mode } from '../../../src/model/host/posix.ts';
import { GUARD_CODES, type GuardReason } from '../../../src/model/plan/guard-reason.ts';

const READ: readonly (readonly [sent: string, reason: GuardReason])[] = [
  ['not-signed', { code: 'not-signed' }],
  ['still-unreadable /data/a key', { code: 'still-unreadable', path: HostPath.parse('/data/a key') }],
  ['unreadable file', { code: 'unreadable', what: 'file' }],
  ['entry-differs chown', { code: 'entry-differs', action: 'chown' }],
  [
    'change-failed chmod Read-only file system',
    { code: 'change-failed', action: 'chmod', detail: 'Read-only file system' },
  ],
  ['access-not-testable not-root', { code: 'access-not-testable', because: { code: 'not-root' } }],
  ['record-unseen host-said Stale file handle', { code: 'record-unseen', because: { code: 'stale-handle' } }],
  [
    'file-not-permitted /etc/list 993:990 /data/a key',
    {
      code: 'file-not-permitted',
      list: HostPath.parse('/etc/list'),
      account: '993:990',
      path: HostPath.parse('/data/a key'),
    },
  ],
  [
    'record-place-of-other root ops 755 /var/lib/a b',
    {
      code: 'record-place-of-other',
      wanted: 'root',
      owner: 'ops',
      mode: Mode.parse('0755'),
      path: HostPath.parse('/var/lib/a b'),
    },
  ],
  [
    'file-not-permitted /etc/list - /data/key',
    { code: 'file-not-permitted', list: HostPath.parse('/etc/list'), account: null, path: HostPath.parse('/data/key') },
  ],
];

const NOT_KNOWN: Readonly<Record<string, string>> = {
  'a code of another version': 'of-a-later-guard',
  'a code without its value': 'still-unreadable',
  'a code with a value that it does not have': 'not-signed /data',
  'a value of another kind': 'unreadable socket',
  'a code of words': 'host-said',
  'the words of an older guard': 'the service still does not reach its storage',
  'a code in capitals': 'NOT-SIGNED',
  'a name that every object has': 'constructor',
};

describe('the bot reads the guard’s reason for a refusal', () => {
  for (const [sent, reason] of READ) {
    test(`the bot reads the guard’s reason "${sent}"`, () => assert.deepEqual(parseGuardReason(sent), reason));
  }
  for (const [what, sent] of Object.entries(NOT_KNOWN)) {
    test(`the bot shows a guard’s reason as the host’s own text if it is ${what}`, () => {
      assert.deepEqual(parseGuardReason(sent), { code: 'host-said', said: sent });
    });
  }

  test('the bot shows a guard’s reason as one line of bounded length, whatever a host sends', () => {
    assert.deepEqual(parseGuardReason('a\n\tb'), { code: 'host-said', said: 'a b' });
    const long = parseGuardReason(`record-unseen ${'x'.repeat(100_000)}`);
    assert.deepEqual(long, { code: 'record-unseen', because: { code: 'host-said', said: `${'x'.repeat(200)}…` } });
    assert.equal(parseGuardReason('').code, 'host-said');
  });

  test('the reason codes that the bot knows are exactly those that the guard sends', () => {
    const scripts = ['plan', 'apply'].flatMap(scriptsIn).join('\n');
    const set = /\b(?:path_|denied_|file_secret_)?(?:why|problem)=(?:\$\{\w+:-)?["']?([a-z]+(?:-[a-z]+)*)\b/g;
    const echoed = /'registry-doctor guard: ([a-z-]+)'/g;
    const sent = [set, echoed].flatMap((form) => [...scripts.matchAll(form)].map(([, code]) => code));
    assert.deepEqual([...new Set(sent)].toSorted(), [...GUARD_CODES].toSorted());
  });
});

function scriptsIn(room: string): string[] {
  const directory = new URL(`../../../src/host/scripts/${room}/`, import.meta.url);
  return readdirSync(directory).map((file) => readFileSync(new URL(file, directory), 'utf8'));
}
