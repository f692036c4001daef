import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readReason } from '../../../src/host/frame/read-reason.ts';
import { parseTryResult } from '../../../src/host/probe/place/parse-tries.ts';
import { AboutCode, BareCode, BecauseCode, Reason } from '../../../src/model/reason.ts';

describe('a reason that a script sends', () => {
  test('is its code alone', () => {
    for (const code of BareCode.options) assert.deepEqual(readReason(code), { code });
  });

  test('is a code with what it is about, blanks and all', () => {
    for (const code of AboutCode.options) {
      assert.deepEqual(readReason(`${code} /a b/c`), { code, detail: '/a b/c' });
    }
  });

  test('is a code with the reason behind it', () => {
    for (const code of BecauseCode.options) {
      assert.deepEqual(readReason(`${code} missing-on-host awk`), {
        code,
        because: { code: 'missing-on-host', detail: 'awk' },
      });
    }
  });

  test('may be missing', () => {
    for (const text of ['', ' \n', 'host-said', 'host-said '])
      assert.deepEqual(readReason(text), { code: 'no-reason' });
  });
});

describe('words that a host sends', () => {
  test('stay its words where no code is known, or a code comes with too much or too little', () => {
    for (const said of ['the moon is full', 'moon-full', 'not-permitted really', 'no-answer', 'config-unread']) {
      assert.deepEqual(readReason(said), { code: 'host-said', said });
    }
  });

  test('are codes where they are an error of a system call, in glibc’s words and in musl’s', () => {
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

  test('are one line and not for ever', () => {
    assert.deepEqual(readReason('a\nb\tc'), { code: 'host-said', said: 'a b c' });
    const long = readReason(`host-said ${'x'.repeat(10_000)}`);
    assert.ok(long.code === 'host-said' && long.said.length <= 201, JSON.stringify(long).slice(0, 300));
    const deep = readReason('config-unread '.repeat(10_000));
    assert.ok(JSON.stringify(Reason.parse(deep)).length < 1000);
  });
});
