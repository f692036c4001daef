import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readReason } from '../../../src/host/frame/read-reason.ts';
import { parseTryResult } from '../../../src/host/probe/place/parse-tries.ts';
import { AboutCode, BareCode, BecauseCode, Reason } from '../../../src/model/reason.ts';

describe('a reason that a script sends', () => {
  test('a reason that a script sends can be only its code', () => {
    for (const code of BareCode.options) assert.deepEqual(readReason(code), { code });
  });

  test('a reason that a script sends can be a code with a detail, blanks included', () => {
    for (const code of AboutCode.options) {
      assert.deepEqual(readReason(`${code} /a b/c`), { code, detail: '/a b/c' });
    }
  });

  test('a reason that a script sends can be a code with the reason behind it', () => {
    for (const code of BecauseCode.options) {
      assert.deepEqual(readReason(`${code} missing-on-host awk`), {
        code,
        because: { code: 'missing-on-host', detail: 'awk' },
      });
    }
  });

  test('a reason that a script sends can be missing', () => {
    for (const text of ['', ' \n', 'host-said', 'host-said '])
      assert.deepEqual(readReason(text), { code: 'no-reason' });
  });
});

describe('words that a host sends', () => {
  test('text from a host stays text if its code is unknown or has too few or too many details', () => {
    for (const said of ['the moon is full', 'moon-full', 'not-permitted really', 'no-answer', 'config-unread']) {
      assert.deepEqual(readReason(said), { code: 'host-said', said });
    }
  });

  test('text from a host becomes a code if it is a system call error, in glibc’s or musl’s wording', () => {
    const errors = [
      ['Permission denied', 'not-permitted'],
      ['Operation not permitted', 'not-permitted'],
      ['No such file or directory', 'not-there'],
      ['Not a directory', 'not-a-directory'],
      ['Is a directory', 'is-a-directory'],
      ['Too many levels of symbolic links', 'too-many-links'],
      ['Symbolic link loop', 'too-many-links'],
      ['Read-only file system', 'read-only-filesystem'],
      ['Stale file handle', 'stale-handle'],
      ['Stale NFS file handle', 'stale-handle'],
    ] as const;
    for (const [words, code] of errors) {
      assert.deepEqual(readReason(`host-said ${words}`), { code }, words);
      assert.deepEqual(parseTryResult(`failed host-said ${words}`), { result: 'failed', why: { code } }, words);
    }
  });

  test('text from a host is one line of bounded length', () => {
    assert.deepEqual(readReason('a\nb\tc'), { code: 'host-said', said: 'a b c' });
    const long = readReason(`host-said ${'x'.repeat(10_000)}`);
    assert.ok(long.code === 'host-said' && long.said.length <= 201, JSON.stringify(long).slice(0, 300));
    const deep = readReason('config-unread '.repeat(10_000));
    assert.ok(JSON.stringify(Reason.parse(deep)).length < 1000);
  });
});
