import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LikelyReason } from '../../src/model/diagnosis/findings/storage-path.ts';
import { likelyWords } from '../../src/words/en/likely-reasons.ts';
import { plainText } from '../../src/words/phrase.ts';
import { hasInvisible } from '../../src/words/visible-text.ts';

describe('what may have made a disagreement, in words', () => {
  test('is one sentence for one reason, with what it was chosen by', () => {
    assert.equal(
      plainText(likelyWords([{ reason: 'server', detail: 'nfs4' }], 'denied')),
      'Most likely the file server decides by its own rules (nfs4): check its exports, and which account it maps this user to.',
    );
  });

  test('joins several, and claims none of them', () => {
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

  test('names none where no fact does', () => {
    assert.match(plainText(likelyWords([], 'denied')), /nothing that I found names it/);
    assert.equal(plainText(likelyWords([], 'allowed')), 'Perhaps it was changed in between.');
  });

  for (const reason of LikelyReason.shape.reason.options) {
    test(`has words for ${reason}`, () => {
      const text = plainText(likelyWords([{ reason, detail: null }], 'denied'));
      assert.match(text, /^Most likely .{10,}[^.]\.$/);
      assert.doesNotMatch(text, /null|undefined/);
    });
  }

  test('shows what a host says so that nothing of it is hidden', () => {
    const text = plainText(likelyWords([{ reason: 'fuse', detail: 'fuse.x\u001b[2K\u202e' }], 'denied'));
    assert.ok(!hasInvisible(text));
  });
});
