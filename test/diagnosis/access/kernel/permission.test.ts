import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { evaluatePermission, type Want } from '../../../../src/diagnosis/access/kernel/permission.ts';
import type { AccessReason } from '../../../../src/model/diagnosis/access.ts';
import { unknown } from '../../../../src/model/fact.ts';
import type { Identity, PresentNode } from '../../../../src/model/host/facts.ts';
import { acl, dir, REGISTRY } from '../../../support/facts/facts-builder.ts';
import { skipUnless } from '../../../support/requirements.ts';

type Row = { name: string; directory: PresentNode; identity?: Identity; want?: Want; reason: AccessReason };

const bits = (
  deciding: 'owner' | 'group' | 'other' | 'named-user' | 'named-group',
  granted: boolean,
): AccessReason => ({
  kind: 'bits',
  class: deciding,
  granted,
});
const inOps: Identity = { ...REGISTRY, groups: [1500] };
const inOpsAndGit: Identity = { ...REGISTRY, groups: [1500, 998] };
const rwMask = (...entries: string[]) => acl('user::rwx', ...entries, 'mask::rwx', 'other::---');

const ROWS: Row[] = [
  { name: 'others have x', directory: dir('/d', '0711'), reason: bits('other', true) },
  { name: 'others have no x', directory: dir('/d', '0750', 'root:ops'), reason: bits('other', false) },
  { name: 'the owner has x', directory: dir('/d', '0100', 'registry:root'), reason: bits('owner', true) },
  { name: 'an owner with 0077 is denied', directory: dir('/d', '0077', 'registry:root'), reason: bits('owner', false) },
  {
    name: 'the owner outranks its group',
    directory: dir('/d', '0670', 'registry:registry'),
    reason: bits('owner', false),
  },
  { name: 'the primary group has x', directory: dir('/d', '0710', 'root:registry'), reason: bits('group', true) },
  {
    name: 'the group has no x, though others have it',
    directory: dir('/d', '0701', 'root:registry'),
    reason: bits('group', false),
  },
  {
    name: 'a supplementary group counts',
    directory: dir('/d', '0710', 'root:ops'),
    identity: inOps,
    reason: bits('group', true),
  },
  {
    name: 'a supplementary group without x denies',
    directory: dir('/d', '0705', 'root:ops'),
    identity: inOps,
    reason: bits('group', false),
  },
  { name: 'setgid and sticky do not matter', directory: dir('/d', '3751', 'root:ops'), reason: bits('other', true) },
  { name: 'r does not give x', directory: dir('/d', '0744'), reason: bits('other', false) },
  { name: 'x does not give r', directory: dir('/d', '0711'), want: 'r', reason: bits('other', false) },
  {
    name: 'to create needs w and x: w alone',
    directory: dir('/d', '0700', 'root:root'),
    want: 'wx',
    reason: bits('other', false),
  },
  {
    name: 'to create with x and without w',
    directory: dir('/d', '0555', 'registry:root'),
    want: 'wx',
    reason: bits('owner', false),
  },
  {
    name: 'to create with both',
    directory: dir('/d', '0300', 'registry:root'),
    want: 'wx',
    reason: bits('owner', true),
  },
  {
    name: 'uid 0 without capabilities is judged like any other uid',
    directory: dir('/d', '0700', 'git:git'),
    identity: { ...REGISTRY, user: 'root', uid: 0, gid: 0 },
    reason: bits('other', false),
  },
  {
    name: 'CAP_DAC_OVERRIDE passes, whatever the uid',
    directory: dir('/d', '0000'),
    identity: { ...REGISTRY, dacOverride: true },
    reason: { kind: 'capability', capability: 'CAP_DAC_OVERRIDE' },
  },
  {
    name: 'CAP_DAC_OVERRIDE creates',
    directory: dir('/d', '0000'),
    identity: { ...REGISTRY, dacOverride: true },
    want: 'wx',
    reason: { kind: 'capability', capability: 'CAP_DAC_OVERRIDE' },
  },
  {
    name: 'CAP_DAC_READ_SEARCH passes',
    directory: dir('/d', '0000'),
    identity: { ...REGISTRY, dacReadSearch: true },
    reason: { kind: 'capability', capability: 'CAP_DAC_READ_SEARCH' },
  },
  {
    name: 'CAP_DAC_READ_SEARCH lists',
    directory: dir('/d', '0000'),
    identity: { ...REGISTRY, dacReadSearch: true },
    want: 'r',
    reason: { kind: 'capability', capability: 'CAP_DAC_READ_SEARCH' },
  },
  {
    name: 'CAP_DAC_READ_SEARCH does not create',
    directory: dir('/d', '0000'),
    identity: { ...REGISTRY, dacReadSearch: true },
    want: 'wx',
    reason: bits('other', false),
  },
  {
    name: 'a named user passes',
    directory: dir('/d', '0770', 'root:root', rwMask('user:993:--x', 'group::---')),
    reason: bits('named-user', true),
  },
  {
    name: 'a named user is limited by the mask',
    directory: dir(
      '/d',
      '0741',
      'root:root',
      acl('user::rwx', 'user:993:--x', 'group::---', 'mask::r--', 'other::--x'),
    ),
    reason: bits('named-user', false),
  },
  {
    name: 'a named deny outranks 0777',
    directory: dir(
      '/d',
      '0777',
      'root:root',
      acl('user::rwx', 'user:993:---', 'group::rwx', 'mask::rwx', 'other::rwx'),
    ),
    reason: bits('named-user', false),
  },
  {
    name: 'another user’s entry does not matter',
    directory: dir(
      '/d',
      '0771',
      'root:root',
      acl('user::rwx', 'user:994:---', 'group::---', 'mask::rwx', 'other::--x'),
    ),
    reason: bits('other', true),
  },
  {
    name: 'with an ACL the group bits are the mask, not the group',
    directory: dir('/d', '0770', 'root:ops', rwMask('user:994:rwx', 'group::r--')),
    identity: inOps,
    reason: bits('group', false),
  },
  {
    name: 'any group that grants is enough: the named one',
    directory: dir('/d', '0770', 'root:ops', rwMask('group::---', 'group:998:--x')),
    identity: inOpsAndGit,
    reason: bits('named-group', true),
  },
  {
    name: 'any group that grants is enough: the owning one',
    directory: dir('/d', '0770', 'root:ops', rwMask('group::--x', 'group:998:---')),
    identity: inOpsAndGit,
    reason: bits('group', true),
  },
  {
    name: 'matching groups that do not grant exclude the rights of others',
    directory: dir(
      '/d',
      '0771',
      'root:root',
      acl('user::rwx', 'group::---', 'group:1500:r--', 'mask::rwx', 'other::--x'),
    ),
    identity: inOps,
    reason: bits('named-group', false),
  },
  {
    name: 'w from one entry and x from another do not add up',
    directory: dir('/d', '0770', 'root:ops', rwMask('group::-w-', 'group:998:--x')),
    identity: inOpsAndGit,
    want: 'wx',
    reason: bits('group', false),
  },
  {
    name: 'the owner is not masked',
    directory: dir(
      '/d',
      '0740',
      'registry:root',
      acl('user::rwx', 'user:993:---', 'group::---', 'mask::r--', 'other::---'),
    ),
    reason: bits('owner', true),
  },
  {
    name: 'with an empty mask Linux ignores the ACL',
    directory: dir(
      '/d',
      '0701',
      'root:root',
      acl('user::rwx', 'user:993:rwx', 'group::rwx', 'mask::---', 'other::--x'),
    ),
    reason: bits('other', true),
  },
  {
    name: 'entries without a mask are the mode bits again',
    directory: dir('/d', '0711', 'root:root', acl('user::rwx', 'group::--x', 'other::--x')),
    reason: bits('other', true),
  },
];

describe('mode bits and ACLs decide access as in the kernel', () => {
  for (const { name, directory, identity = REGISTRY, want = 'x', reason } of ROWS) {
    test(`access by mode bits and ACL is computed as the kernel does: ${name}`, () => {
      const isAllowed = reason.kind === 'capability' || (reason.kind === 'bits' && reason.granted);
      const expected = { access: isAllowed ? 'allowed' : 'denied', reason };
      assert.deepEqual(evaluatePermission(directory, identity, want), expected);
    });
  }
});

describe('access to a directory whose ACL was not read', () => {
  const unread = (mode: string, owners = 'root:root'): PresentNode => ({
    ...dir('/d', mode, owners),
    acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }),
  });

  test('access that an ACL might decide is reported as uncertain if the ACL was not read', () => {
    assert.deepEqual(evaluatePermission(unread('0750'), REGISTRY, 'x'), {
      access: 'unknown',
      otherwise: { access: 'denied', reason: bits('other', false) },
      by: 'acl-unread',
      why: { code: 'acl-unread', because: { code: 'missing-on-host', detail: 'getfacl' } },
    });
  });

  test('an ACL that was not read does not matter for the owner', () => {
    assert.equal(evaluatePermission(unread('0750', 'registry:root'), REGISTRY, 'x').access, 'allowed');
  });

  test('an ACL that was not read does not matter if all group bits are clear', () => {
    assert.equal(evaluatePermission(unread('0705'), REGISTRY, 'x').access, 'allowed');
    assert.equal(evaluatePermission(unread('0700'), REGISTRY, 'x').access, 'denied');
  });

  test('an ACL that was not read does not matter for a process whose capability decides', () => {
    assert.equal(evaluatePermission(unread('0750'), { ...REGISTRY, dacOverride: true }, 'wx').access, 'allowed');
  });
});

describe('capabilities override mode bits as in the kernel', { skip: skipUnless('linux', 'root', 'setpriv') }, () => {
  let closed: string;
  before(() => {
    const scratch = mkdtempSync(join(tmpdir(), 'rd-capabilities-'));
    closed = join(scratch, 'closed');
    mkdirSync(join(closed, 'inside'), { recursive: true });
    chmodSync(scratch, 0o711);
    chmodSync(closed, 0o000);
    chownSync(closed, 64_001, 64_001);
    writeFileSync(`${closed}-file`, '', { mode: 0o000 });
    chmodSync(`${closed}-file`, 0o000);
    chownSync(`${closed}-file`, 64_001, 64_001);
  });
  after(() => rmSync(join(closed, '..'), { recursive: true, force: true }));

  const WANTS: Record<Want, string> = {
    x: 'stat "$1/inside"',
    r: 'ls "$1"',
    wx: 'mkdir "$1/new" && rmdir "$1/new"',
    w: 'true >>"$1-file"',
  };
  for (const uid of [0, 993]) {
    for (const held of ['none', 'dac_override', 'dac_read_search'] as const) {
      for (const want of ['x', 'r', 'wx', 'w'] as const) {
        test(`a process of uid ${uid} with ${held} is granted ${want}`, () => {
          const identity: Identity = {
            ...REGISTRY,
            uid,
            dacOverride: held === 'dac_override',
            dacReadSearch: held === 'dac_read_search',
          };
          const { access } = evaluatePermission(dir('/d', '0000', '64001:64001'), identity, want);
          assert.equal(access, triedWithSetpriv(identity, held, WANTS[want], closed));
        });
      }
    }
  }
});

/** setpriv(1) is the one way to hold a single capability; for uid 0 the bounding set keeps the others away. */
function triedWithSetpriv(identity: Identity, held: string, command: string, directory: string): 'allowed' | 'denied' {
  const capability = held === 'none' ? '-all' : `-all,+${held}`;
  const options = [
    `--reuid=${identity.uid}`,
    `--regid=${identity.gid}`,
    '--clear-groups',
    `--inh-caps=${capability}`,
    `--bounding-set=${capability}`,
    `--ambient-caps=${capability}`,
  ];
  try {
    execFileSync('setpriv', [...options, 'sh', '-c', command, 'sh', directory], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return 'allowed';
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    assert.match(said, /Permission denied/);
    return 'denied';
  }
}
