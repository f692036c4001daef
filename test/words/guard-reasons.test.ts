import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseGuardReason } from '../../src/host/frame/parse-guard-reason.ts';
import { GUARD_CODES } from '../../src/model/plan/guard-reason.ts';
import { guardReason } from '../../src/words/en/guard-reasons.ts';

/** A value for every code that has one; what comes after the code, as the guard sends it. */
const VALUES = [
  '',
  ' /data/key',
  ' directory',
  ' chmod',
  ' chmod Read-only',
  ' /etc/list registry /data/key',
  ' not told',
  ' root registry-doctor 700 /var/lib/registry-doctor',
];

/** How the guard sends this code, with the first value that it takes. */
function sentFor(code: string): string {
  const sent = VALUES.map((value) => `${code}${value}`);
  return sent.find((text) => parseGuardReason(text).code === code) ?? assert.fail(`${code} takes none of the values`);
}

describe('the explanation of a refusal by the guard', () => {
  for (const code of GUARD_CODES) {
    test(`a refusal by the guard with code ${code} has an explanation`, () => {
      const clause = guardReason(parseGuardReason(sentFor(code)));
      assert.match(clause, /^.{8,}[^.]$/);
      assert.doesNotMatch(clause, /undefined|\[object/);
      assert.ok(!clause.startsWith(code), clause);
    });
  }

  test('the explanation of a refusal by the guard names its path, file or command', () => {
    assert.equal(guardReason(parseGuardReason('still-unreadable /data/key')), 'the service still can’t read /data/key');
    assert.equal(guardReason(parseGuardReason('unreadable file')), 'a file could not be read');
    assert.equal(guardReason(parseGuardReason('change-failed chown No space left')), 'chown failed: No space left');
    assert.equal(
      guardReason(parseGuardReason('file-not-permitted /etc/list - /data/key')),
      '/etc/list does not name this file. If the service needs it, add this line: ACCOUNT file /data/key',
    );
  });

  test('the explanation of a refusal says when the host gave no reason', () => {
    assert.equal(guardReason(parseGuardReason(' ')), 'the host gave no reason');
    assert.equal(guardReason(parseGuardReason('change-failed chown ')), 'chown failed, and the host gave no reason');
  });

  test('the explanation of a refusal with an unknown code quotes the code, with hidden characters shown', () => {
    assert.equal(guardReason(parseGuardReason('of-a-later-guard /data')), 'the host said “of-a-later-guard /data”');
    assert.equal(guardReason(parseGuardReason('it\u202eis full')), 'the host said “it\\xe2\\x80\\xaeis full”');
  });
});
