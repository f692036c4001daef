import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LikelyReason } from '../../src/model/diagnosis/findings/storage-path.ts';
import { likelyWords } from '../../src/words/en/likely-reasons.ts';
import { plainText } from '../../src/words/phrase.ts';
import { hasInvisible } from '../../src/words/visible-text.ts';

describe('the explanation of an access test that contradicts the modes', () => {
  test('the explanation of an access test that contradicts the modes names one likely reason in a sentence with its evidence', () => {
    assert.equal(
      plainText(likelyWords([{ reason: 'server', detail: 'nfs4' }], 'denied')),
      'Most likely the file server decides by its own rules (nfs4): check its exports, and which account it maps this user to.',
    );
  });

  test('the explanation of an access test that contradicts the modes joins several likely reasons with “or”', () => {
    const likely = [
      { reason: 'security-module' as const, detail: 'system_u:system_r:container_t:s0' },
      { reason: 'changed-in-between' as const, detail: null },
    ];
    assert.equal(
      plainText(likelyWords(likely, 'denied')),
      'Most likely a security module denies it (system_u:system_r:container_t:s0): check the audit log (journalctl -k) ' +
        'or it was changed a moment ago.',
    );
  });

  test('the explanation of an access test that contradicts the modes names no reason without evidence', () => {
    assert.match(plainText(likelyWords([], 'denied')), /nothing that I found names it/);
    assert.equal(plainText(likelyWords([], 'allowed')), 'Perhaps it was changed in between.');
  });

  for (const reason of LikelyReason.shape.reason.options) {
    test(`the explanation of an access test that contradicts the modes has words for the reason ${reason}`, () => {
      const text = plainText(likelyWords([{ reason, detail: null }], 'denied'));
      assert.match(text, /^Most likely .{10,}[^.]\.$/);
      assert.doesNotMatch(text, /null|undefined/);
    });
  }

  test('the explanation of an access test that contradicts the modes shows hidden characters in a host’s text', () => {
    const text = plainText(likelyWords([{ reason: 'fuse', detail: 'fuse.x\u001b[2K\u202e' }], 'denied'));
    assert.ok(!hasInvisible(text));
  });
});
