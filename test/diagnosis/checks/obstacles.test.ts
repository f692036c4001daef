import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { absent, type Fact, known, unknown } from '../../../src/model/fact.ts';
import type { Facts, PresentNode, TryResult } from '../../../src/model/host/facts.ts';
import { RegistryLogs } from '../../../src/model/host/registry-logs.ts';
import type { BareCode } from '../../../src/model/reason.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import {
  ALLOWED,
  DENIED,
  dir,
  factsOf,
  hostPath,
  link,
  missing,
  mountOf,
  processOf,
  REGISTRY,
  unwell,
  withoutTries,
} from '../../support/facts/facts-builder.ts';
import { reasonText } from '../../support/words/reason-text.ts';

const ROOT = '/var/lib/registry';
const OPEN = dir(ROOT, '0770', 'registry:registry');
const LOOP: TryResult = { result: 'failed', why: { code: 'too-many-links' } };

function findingsOf(facts: Facts): Finding[] {
  return allFindings(facts).map((finding) => Finding.parse(finding));
}

/** The findings with this id, `fault kernel /data` each; the others are not what is asked here. */
function linesOf(id: Finding['id'], facts: Facts): string[] {
  const found = findingsOf(facts).filter((finding) => finding.id === id);
  return found.map(({ severity, proof, path }) => [severity, proof, path ?? '-'].join(' '));
}

function tries(stat: TryResult, list = stat, create = stat): Pick<Facts, 'rootTries'> {
  return { rootTries: { stat: known(stat), list: known(list), create: known(create) } };
}

function security(of: {
  selinux?: Fact<'enforcing' | 'permissive' | 'disabled'>;
  processLabel?: Fact<string>;
  protectedSymlinks?: Fact<boolean>;
}): Pick<Facts, 'security'> {
  const { selinux = absent, processLabel = absent, protectedSymlinks = known(true) } = of;
  return { security: known({ selinux, processLabel, protectedSymlinks, protectedHardlinks: known(true) }) };
}

type Row = { name: string; facts: Facts; found: string[] };

function table(id: Finding['id'], rows: readonly Row[]): void {
  describe(id, () => {
    for (const { name, facts, found } of rows)
      test(`the obstacle ${id} is reported correctly: ${name}`, () => assert.deepEqual(linesOf(id, facts), found));
  });
}

const immutable: PresentNode = { ...OPEN, immutable: known(true) };

table('immutable-directory', [
  {
    name: 'present, and proven if nothing but the attribute denies',
    facts: factsOf({ nodes: [immutable], ...tries(ALLOWED, ALLOWED, DENIED) }),
    found: [`fault kernel ${ROOT}`],
  },
  {
    name: 'present, and evaluated if the modes would deny as well',
    facts: factsOf({ nodes: [{ ...immutable, mode: dir(ROOT, '0500').mode }], ...tries(ALLOWED, ALLOWED, DENIED) }),
    found: [`fault evaluated ${ROOT}`],
  },
  {
    name: 'present, and evaluated if nothing was tested',
    facts: withoutTries(factsOf({ nodes: [immutable] })),
    found: [`fault evaluated ${ROOT}`],
  },
  {
    name: 'absent if the kernel allowed creating',
    facts: factsOf({ nodes: [immutable] }),
    found: [],
  },
  {
    name: 'absent for an append-only directory: entries can be made in it',
    facts: factsOf({ nodes: [{ ...OPEN, immutable: known(false), appendOnly: known(true) }] }),
    found: [],
  },
  {
    name: 'absent at a directory on the path: nothing is created there',
    facts: factsOf({ nodes: [{ ...dir('/var'), immutable: known(true) }, OPEN] }),
    found: [],
  },
  {
    name: 'inconclusive if the attribute was not read',
    facts: factsOf({
      nodes: [{ ...OPEN, immutable: unknown({ code: 'missing-on-host', detail: 'lsattr' }) }],
      ...tries(ALLOWED, ALLOWED, DENIED),
    }),
    found: [],
  },
]);

const STICKY = dir('/srv/shared', '1777', 'root:root');
const foreign: PresentNode = { ...link('/srv/shared/link', ROOT), uid: 1000, owner: 'alice' };
const throughLink = (
  more: Partial<Facts> = {},
  of: { link?: PresentNode; directory?: PresentNode; path?: string } = {},
) => {
  const facts = factsOf({
    storageRoot: of.path ?? '/srv/shared/link',
    nodes: [of.directory ?? STICKY, of.link ?? foreign, OPEN],
    ...security({}),
    ...tries(DENIED),
  });
  return { ...facts, ...more };
};
const AT_LINK = 'kernel /srv/shared/link';

table('protected-symlink', [
  { name: 'present: a foreign symlink, and a stat that was denied', facts: throughLink(), found: [`fault ${AT_LINK}`] },
  {
    name: 'present for root and its capabilities as well',
    facts: factsOf({
      identity: { ...REGISTRY, user: 'root', uid: 0, gid: 0, dacOverride: true, dacReadSearch: true },
      storageRoot: '/srv/shared/link',
      nodes: [{ ...STICKY, uid: 1500 }, foreign, OPEN],
      ...security({}),
      ...tries(DENIED),
    }),
    found: [`fault ${AT_LINK}`],
  },
  {
    name: 'present, and evaluated if nothing was tested',
    facts: withoutTries(throughLink()),
    found: ['fault evaluated /srv/shared/link'],
  },
  {
    name: 'present, and evaluated if a closed directory might be what denied',
    facts: factsOf({
      storageRoot: '/srv/shared/link',
      nodes: [dir('/srv', '0700'), STICKY, foreign, OPEN],
      closed: ['/srv'],
      ...security({}),
    }),
    found: ['fault evaluated /srv/shared/link'],
  },
  {
    name: 'absent: the service owns the symlink',
    facts: throughLink({}, { link: { ...foreign, uid: 993 } }),
    found: [],
  },
  {
    name: 'absent: the directory’s owner owns it',
    facts: throughLink({}, { link: { ...foreign, uid: 0 } }),
    found: [],
  },
  { name: 'absent: not sticky', facts: throughLink({}, { directory: dir('/srv/shared', '0777') }), found: [] },
  { name: 'absent: not writable by all', facts: throughLink({}, { directory: dir('/srv/shared', '1775') }), found: [] },
  { name: 'absent: a name comes after the symlink', facts: throughLink({}, { path: '/srv/shared/link/.' }), found: [] },
  {
    name: 'absent: the sysctl is off',
    facts: throughLink(security({ protectedSymlinks: known(false) })),
    found: [],
  },
  {
    name: 'absent: a kernel without it',
    facts: throughLink(security({ protectedSymlinks: absent })),
    found: [],
  },
  {
    name: 'inconclusive: the sysctl was not read',
    facts: throughLink(security({ protectedSymlinks: unknown('not-permitted') })),
    found: [],
  },
]);

test('access is reported as unknown, and the registry not as healthy, if the kernel’s symlink protection is unknown', () => {
  const facts = throughLink(security({ protectedSymlinks: unknown('not-permitted') }));
  assert.deepEqual(linesOf('access-not-judged', facts), ['warning unproven /srv/shared/link']);
  assert.equal(verdictOf(findingsOf(facts)), 'inconclusive');
  const allowed = { ...facts, ...tries(ALLOWED) };
  assert.deepEqual(linesOf('access-not-judged', allowed), []);
});

const nosymfollow = (options: string[], mountPoint = '/srv/shared', ...stat: TryResult[]) =>
  throughLink({
    mounts: known([mountOf({ mountPoint: hostPath('/') }), mountOf({ mountPoint: hostPath(mountPoint), options })]),
    ...security({ protectedSymlinks: known(false) }),
    ...tries(stat[0] ?? LOOP),
  });

table('nosymfollow-mount', [
  {
    name: 'present: the symlink’s mount follows none',
    facts: nosymfollow(['rw', 'nosymfollow']),
    found: [`fault ${AT_LINK}`],
  },
  {
    name: 'present, and evaluated if nothing was tested',
    facts: withoutTries(nosymfollow(['rw', 'nosymfollow'])),
    found: ['fault evaluated /srv/shared/link'],
  },
  { name: 'absent: another mount has the option', facts: nosymfollow(['nosymfollow'], '/var', ALLOWED), found: [] },
  { name: 'absent: the mount follows them', facts: nosymfollow(['rw'], '/srv/shared', ALLOWED), found: [] },
  {
    name: 'inconclusive: the mount table is unknown',
    facts: { ...nosymfollow([]), mounts: unknown('not-permitted') },
    found: [],
  },
]);

const CONFINED = security({ selinux: known('enforcing'), processLabel: known('system_u:system_r:container_t:s0') });
const complaint = (lastAt: number | null): Pick<Facts, 'logs'> => {
  const words = 'mkdir: permission denied';
  const denied = { complaint: 'permission-denied', count: 1, firstAt: lastAt, lastAt, words, path: null };
  const none = { firstBadOfLastRun: null, firstBad: null, lastBad: null, lastGoodStorage: null, lastGood: null };
  const read = { files: [], from: null, to: null, countByStatus: {}, unreadLines: 0 };
  return { logs: known(RegistryLogs.parse({ ...read, ...none, complaints: [denied] })) };
};
const NOW = factsOf().takenAt;

table('security-module-denies', [
  {
    name: 'present: SELinux, by the registry’s own health',
    facts: factsOf({ ...unwell(ROOT), ...CONFINED }),
    found: [`fault evaluated ${ROOT}`],
  },
  {
    name: 'present: AppArmor, by the registry’s own health',
    facts: factsOf({ ...unwell(ROOT), ...security({ processLabel: known('/usr/bin/docker-registry (enforce)') }) }),
    found: [`fault evaluated ${ROOT}`],
  },
  {
    name: 'present: an enforcing SELinux, and a label that was not read',
    facts: factsOf({
      ...unwell(ROOT),
      ...security({ selinux: known('enforcing'), processLabel: unknown('not-permitted') }),
    }),
    found: [`fault evaluated ${ROOT}`],
  },
  {
    name: 'present, and a warning, if only a recent log line says so',
    facts: factsOf({ ...CONFINED, ...complaint(NOW - 5) }),
    found: [`warning evaluated ${ROOT}`],
  },
  { name: 'absent: an old line of the log', facts: factsOf({ ...CONFINED, ...complaint(NOW - 500) }), found: [] },
  { name: 'absent: a line without a time', facts: factsOf({ ...CONFINED, ...complaint(null) }), found: [] },
  { name: 'absent: the registry is healthy', facts: factsOf(CONFINED), found: [] },
  {
    name: 'absent: SELinux is permissive',
    facts: factsOf({
      ...unwell(ROOT),
      ...security({ selinux: known('permissive'), processLabel: known('a:b:container_t:s0') }),
    }),
    found: [],
  },
  {
    name: 'absent: an unconfined domain',
    facts: factsOf({
      ...unwell(ROOT),
      ...security({ selinux: known('enforcing'), processLabel: known('a:b:unconfined_service_t:s0') }),
    }),
    found: [],
  },
  {
    name: 'absent: a profile that only complains',
    facts: factsOf({ ...unwell(ROOT), ...security({ processLabel: known('registry (complain)') }) }),
    found: [],
  },
  {
    name: 'absent: the modes themselves deny',
    facts: factsOf({ ...CONFINED, nodes: [dir('/var', '0700'), OPEN], closed: ['/var'] }),
    found: [],
  },
  {
    name: 'absent: it was opened a moment ago, and the registry has not checked since',
    facts: factsOf({ ...unwell(ROOT), ...CONFINED, nodes: [{ ...dir('/var'), changedAt: NOW - 5 }, OPEN] }),
    found: [],
  },
  {
    name: 'inconclusive: nothing was tested as the service',
    facts: withoutTries(factsOf({ ...unwell(ROOT), ...CONFINED })),
    found: [],
  },
  { name: 'inconclusive: nothing is known of security modules', facts: factsOf(unwell(ROOT)), found: [] },
]);

test('a fault at the end of the path is reported as proven only by the kernel error that belongs to that fault', () => {
  const facts = (code: BareCode) => {
    const failed: TryResult = { result: 'failed', why: { code } };
    return factsOf({ nodes: [missing(ROOT)], ...tries(failed) });
  };
  assert.deepEqual(linesOf('storage-root-missing', facts('not-there')), [`fault kernel ${ROOT}`]);
  assert.deepEqual(linesOf('storage-root-missing', facts('stale-handle')), [`fault evaluated ${ROOT}`]);
  const loop: TryResult = { result: 'failed', why: { code: 'too-many-links' } };
  const ring = { ...factsOf({ nodes: [link('/var', 'var')] }), ...tries(loop) };
  assert.deepEqual(linesOf('symlink-loop', ring), ['fault kernel /var']);
});

test('a registry whose access a security module might deny is not called healthy', () => {
  assert.equal(verdictOf(findingsOf(factsOf({ ...CONFINED, ...complaint(NOW - 5) }))), 'inconclusive');
});

test('a 503 of the registry is reported as a consequence of what blocks its path', () => {
  for (const facts of [factsOf({ ...unwell(ROOT), ...CONFINED }), { ...throughLink(), ...unwell(ROOT) }]) {
    assert.deepEqual(linesOf('registry-unwell', facts), ['info evaluated -']);
  }
});

table('unexpected-service-user', [
  {
    name: 'present: the process has another uid than the account',
    facts: factsOf({ account: known({ ...REGISTRY, uid: 994 }) }),
    found: ['warning evaluated -'],
  },
  { name: 'absent: the same uid', facts: factsOf(), found: [] },
  {
    name: 'absent: other groups are another matter',
    facts: factsOf({ account: known({ ...REGISTRY, gid: 5 }) }),
    found: [],
  },
  {
    name: 'absent: a container has accounts of its own',
    facts: factsOf({
      account: known({ ...REGISTRY, uid: 994 }),
      process: known(processOf({ mountNamespace: 'other' })),
    }),
    found: [],
  },
  {
    name: 'present: any user can make a mount namespace with a user namespace of their own',
    facts: factsOf({
      account: known({ ...REGISTRY, uid: 994 }),
      process: known(processOf({ mountNamespace: 'other', userNamespace: 'other' })),
    }),
    found: ['warning evaluated -'],
  },
  { name: 'inconclusive: no such account', facts: factsOf({ account: absent }), found: [] },
  { name: 'inconclusive: no process', facts: factsOf({ process: absent }), found: [] },
]);

table('foreign-registry-process', [
  {
    name: 'present: for each of them',
    facts: factsOf({
      foreignProcesses: [
        { pid: 7, uid: 1000, user: 'ann' },
        { pid: 8, uid: 1001, user: 'bob' },
      ],
    }),
    found: ['warning evaluated -', 'warning evaluated -'],
  },
  { name: 'absent: no other account runs one', facts: factsOf(), found: [] },
]);

describe('the finding that permissions and the kernel disagree names possible reasons', () => {
  const likely = (facts: Facts) =>
    findingsOf(facts).flatMap((finding) =>
      finding.id === 'access-disagreement'
        ? finding.likely.map(({ reason, detail, why }) => `${reason} ${why ? reasonText(why) : detail}`)
        : [],
    );
  const on = (filesystem: string, options = ['rw']) =>
    known([mountOf({ mountPoint: hostPath('/') }), mountOf({ mountPoint: hostPath('/var'), filesystem, options })]);
  const denied = (more: Partial<Facts> = {}, var_ = dir('/var')): Facts => ({
    ...factsOf({ nodes: [var_, OPEN], closed: ['/var'] }),
    ...more,
  });

  const rows: [string, Facts, string[]][] = [
    ['an NFS server', denied({ mounts: on('nfs4') }), ['server nfs4']],
    ['a FUSE daemon', denied({ mounts: on('fuse.sshfs') }), ['fuse fuse.sshfs']],
    ['made-up modes', denied({ mounts: on('vfat') }), ['mount-options vfat']],
    ['shifted owners', denied({ mounts: on('ext4', ['rw', 'idmapped']) }), ['idmapped-mount ext4']],
    ['the label of the process', denied(CONFINED), ['security-module system_u:system_r:container_t:s0']],
    [
      'an ACL that was not read',
      denied({}, { ...dir('/var'), acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }) }),
      ['acl-unread no getfacl on this host'],
    ],
    ['a change a moment ago', denied({}, { ...dir('/var'), changedAt: NOW - 1 }), ['changed-in-between null']],
    [
      'a capability in another user namespace',
      denied(
        {
          process: known(processOf({ identity: { ...REGISTRY, dacOverride: true }, userNamespace: 'other' })),
          triedAs: known({ ...REGISTRY, dacOverride: true }),
        },
        dir('/var', '0755'),
      ),
      ['user-namespace null'],
    ],
    [
      'an attribute that was not read',
      factsOf({
        nodes: [{ ...OPEN, immutable: unknown({ code: 'missing-on-host', detail: 'lsattr' }) }],
        ...tries(ALLOWED, ALLOWED, DENIED),
      }),
      ['attribute-unread no lsattr on this host'],
    ],
    ['nothing that is known', denied(), []],
  ];
  for (const [name, facts, expected] of rows)
    test(`the finding that permissions and the kernel disagree names the right reasons: ${name}`, () =>
      assert.deepEqual(likely(facts), expected));

  test('the finding that permissions and the kernel disagree names the likeliest of several reasons first', () => {
    const facts = denied({ mounts: on('nfs4'), ...CONFINED }, { ...dir('/var'), changedAt: NOW });
    assert.deepEqual(likely(facts), [
      'server nfs4',
      'security-module system_u:system_r:container_t:s0',
      'changed-in-between null',
    ]);
  });
});
