import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AccessReason } from '../../src/model/diagnosis/access.ts';
import { Mode } from '../../src/model/host/facts.ts';
import { accessClause } from '../../src/words/en/access.ts';
import { directoryMode } from '../../src/words/mode.ts';

const bits = (deciding: Extract<AccessReason, { kind: 'bits' }>['class'], granted: boolean): AccessReason => ({
  kind: 'bits',
  class: deciding,
  granted,
});

describe('why an account can or can’t pass through a directory', () => {
  const rows: [AccessReason, string][] = [
    [bits('other', false), 'not owner, not in group ops, others have no x'],
    [bits('other', true), 'others have x'],
    [bits('group', false), 'in group ops, and the group has no x'],
    [bits('group', true), 'in group ops, with x'],
    [bits('owner', false), 'the owner has no x'],
    [bits('owner', true), 'owner, with x'],
    [bits('named-user', false), 'the ACL entry for this user has no x'],
    [bits('named-user', true), 'the ACL entry for this user has x'],
    [bits('named-group', false), 'the ACL entry for one of its groups has no x'],
    [bits('named-group', true), 'the ACL entry for one of its groups has x'],
    [{ kind: 'capability', capability: 'CAP_DAC_READ_SEARCH' }, 'CAP_DAC_READ_SEARCH bypasses the mode'],
    [{ kind: 'symlink' }, 'symlink (its own mode is ignored)'],
    [{ kind: 'missing' }, 'it doesn’t exist'],
    [{ kind: 'not-a-directory' }, 'it is not a directory'],
    [{ kind: 'loop' }, 'more than 40 symlinks on the path'],
    [{ kind: 'unseen', why: { code: 'host-said', said: 'not\npermitted' } }, 'not\\x0apermitted'],
    [{ kind: 'disagreement', evaluated: 'allowed', tried: 'denied' }, 'allowed by its mode, but denied when tested'],
  ];
  for (const [reason, clause] of rows) {
    test(`the explanation why an account can or can’t pass through a directory reads: ${clause}`, () =>
      assert.equal(accessClause({ reason, group: 'ops' }), clause));
  }

  test('the explanation of a blocked directory names no group that was not read, and quotes hostile group names', () => {
    assert.equal(
      accessClause({ reason: bits('other', false), group: null }),
      'not owner, not in its group, others have no x',
    );
    assert.equal(
      accessClause({ reason: bits('group', true), group: 'o\u202eps' }),
      'in group o\\xe2\\x80\\xaeps, with x',
    );
  });
});

describe('the mode of a directory, as ls writes it', () => {
  const rows = [
    ['0750', 'drwxr-x---'],
    ['0000', 'd---------'],
    ['1777', 'drwxrwxrwt'],
    ['1776', 'drwxrwxrwT'],
    ['2750', 'drwxr-s---'],
    ['2740', 'drwxr-S---'],
    ['4711', 'drws--x--x'],
    ['4611', 'drwS--x--x'],
  ];
  for (const [mode = '', text] of rows) {
    test(`a directory’s mode ${mode} is written as ls writes it: ${text}`, () =>
      assert.equal(directoryMode(Mode.parse(mode)), text));
  }
});
