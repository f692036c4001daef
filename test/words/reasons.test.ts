import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostPath } from '../../src/model/host/host-path.ts';
import { AboutCode, BareCode, BecauseCode, type Reason } from '../../src/model/reason.ts';
import { reasonText } from '../support/words/reason-text.ts';

const path = HostPath.parse('/srv/disk');
const because: Reason = { code: 'not-permitted' };

/** One of each code. */
const REASONS: readonly Reason[] = [
  ...BareCode.options.map((code) => ({ code })),
  ...AboutCode.options.map((code) => ({ code, detail: '2' })),
  ...BecauseCode.options.map((code) => ({ code, because })),
  { code: 'use-not-tried', use: 'list', because },
  { code: 'use-failed', use: 'create', because },
  { code: 'server-decides', filesystem: 'nfs4', mountPoint: path },
  { code: 'fuse-decides', filesystem: 'fuse.sshfs', mountPoint: path },
  { code: 'modes-made-up', filesystem: 'vfat', mountPoint: path },
  { code: 'owners-shifted', mountPoint: path },
  { code: 'module-confines', module: 'selinux', label: null },
  { code: 'fstab-source-unsure', source: 'LABEL=data', path },
  { code: 'maker-unsure', maker: 'autofs', path },
  { code: 'host-said', said: 'Input/output error' },
];

describe('the clause of a reason', () => {
  for (const reason of REASONS) {
    test(`the reason code ${reason.code} has an English text of one clause`, () => {
      const text = reasonText(reason);
      assert.match(text, /^[^ ].*[^ .]$/);
      assert.doesNotMatch(text, /undefined|null|\[object| {2}|[.:]{2}|'/);
    });
  }

  test('no two reason codes have the same English clause', () => {
    const texts = REASONS.map(reasonText);
    assert.deepEqual(
      texts.filter((text, index) => texts.indexOf(text) !== index),
      [],
    );
  });

  test('the clause of a reason includes the reason behind it', () => {
    assert.equal(
      reasonText({ code: 'config-unread', because: { code: 'missing-on-host', detail: 'awk' } }),
      'the registry’s config file: no awk on this host',
    );
    assert.equal(
      reasonText({ code: 'use-failed', use: 'list', because: { code: 'host-said', said: 'Input/output error' } }),
      'list as the service failed: Input/output error',
    );
    assert.equal(
      reasonText({ code: 'module-confines', module: 'apparmor', label: 'docker-default (enforce)' }),
      'AppArmor confines the process (docker-default (enforce))',
    );
  });

  test('the clause of a reason formats a number that a host sent, and quotes anything else', () => {
    const ofProcesses = (detail: string) => reasonText({ code: 'several-unnamed', detail });
    assert.equal(ofProcesses('1'), '1 registry process runs, and none names this config');
    assert.equal(ofProcesses('2'), '2 registry processes run, and none names this config');
    assert.equal(ofProcesses('two\u202e'), 'two\\xe2\\x80\\xae registry processes run, and none names this config');
    assert.equal(reasonText({ code: 'no-answer', detail: '3' }), 'no answer within 3 seconds');
  });

  test('the clause of a reason shows every hidden character of a host’s text', () => {
    assert.equal(reasonText({ code: 'host-said', said: 'a\nb\u200b' }), 'a\\x0ab\\xe2\\x80\\x8b');
    assert.equal(reasonText({ code: 'missing-on-host', detail: 'a\nb' }), 'no a\\x0ab on this host');
  });
});
