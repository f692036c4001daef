import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readReason } from '../../../src/host/frame/read-reason.ts';
import { parseTryResult } from '../../../src/host/probe/place/parse-tries.ts';
import { AboutCode, BareCode, BecauseCode, Reason } from '../../../src/model/reason.ts';

describe('the parser of a reason that a host’s script sends', () => {
  test('the parser of a host’s reason accepts a code alone', () => {
    for (const code of BareCode.options) assert.deepEqual(readReason(code), { code });
  });

  test('the parser of a host’s reason accepts a code with a detail, blanks included', () => {
    for (const code of AboutCode.options) {
      assert.deepEqual(readReason(`${code} /a b/c`), { code, detail: '/a b/c' });
    }
  });

  test('the parser of a host’s reason accepts a code with the reason behind it', () => {
    for (const code of BecauseCode.options) {
      assert.deepEqual(readReason(`${code} missing-on-host awk`), {
        code,
        because: { code: 'missing-on-host', detail: 'awk' },
      });
    }
  });

  test('the parser of a host’s reason accepts a missing reason', () => {
    for (const text of ['', ' \n', 'host-said', 'host-said '])
      assert.deepEqual(readReason(text), { code: 'no-reason' });
  });
});

describe('text that a host sends in place of a reason code', () => {
  test('the parser of a host’s reason keeps text as it is if its code is unknown or has too few or too many details', () => {
    for (const said of ['the moon is full', 'moon-full', 'not-permitted really', 'no-answer', 'config-unread']) {
      assert.deepEqual(readReason(said), { code: 'host-said', said });
    }
  });

  test('the parser of a host’s reason reads a system call error as Rust’s coreutils write it', () => {
    assert.deepEqual(readReason('host-said Permission denied (os error 13)'), { code: 'not-permitted' });
    assert.deepEqual(readReason('host-said No such file or directory (os error 2)'), { code: 'not-there' });
  });

  test('the parser of a host’s reason turns a system call error into a code, in glibc’s and in musl’s wording', () => {
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

  test('the parser of a host’s reason cuts text to one line of bounded length', () => {
    assert.deepEqual(readReason('a\nb\tc'), { code: 'host-said', said: 'a b c' });
    const long = readReason(`host-said ${'x'.repeat(10_000)}`);
    assert.ok(long.code === 'host-said' && long.said.length <= 201, JSON.stringify(long).slice(0, 300));
    const deep = readReason('config-unread '.repeat(10_000));
    assert.ok(JSON.stringify(Reason.parse(deep)).length < 1000);
  });
});
