import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../../src/diagnosis/access/judge-access.ts';
import { confinementOf } from '../../../../src/diagnosis/access/kernel/confinement.ts';
import { evaluateUse } from '../../../../src/diagnosis/access/kernel/evaluate-use.ts';
import { verdictOf } from '../../../../src/diagnosis/checks/verdict.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import type { Facts, Identity, MountEntry, PresentNode } from '../../../../src/model/host/facts.ts';
import { allFindings } from '../../../support/facts/all-findings.ts';
import {
  dir,
  factsOf,
  hostPath,
  mountOf,
  processOf,
  REGISTRY,
  withoutTries,
} from '../../../support/facts/facts-builder.ts';

const ROOT = '/data/registry';
const OPEN = dir(ROOT, '0770', 'registry:registry');

function factsOn(mount: Partial<MountEntry>, more: Parameters<typeof factsOf>[0] = {}): Facts {
  const mounts = known([mountOf({ mountPoint: hostPath('/') }), mountOf({ mountPoint: hostPath('/data'), ...mount })]);
  return factsOf({ storageRoot: ROOT, nodes: [OPEN], mounts, ...more });
}

function confinedFacts(label: string, selinux: 'enforcing' | 'permissive' | 'disabled' | null = null): Facts {
  const security = {
    selinux: selinux ? known(selinux) : absent,
    processLabel: known(label),
    protectedSymlinks: known(true),
    protectedHardlinks: known(true),
  };
  return factsOf({ security: known(security) });
}

/** `unknown server`: what the evaluation of the use comes to, and who decides. */
function evaluated(facts: Facts, directory: PresentNode, identity: Identity = REGISTRY): string {
  const evaluation = evaluateUse(facts, directory, identity, 'x');
  return evaluation.access === 'unknown' ? `unknown ${evaluation.by}` : evaluation.access;
}

describe('access on mounts where something other than mode bits decides', () => {
  const rows: [string, Partial<MountEntry>, string][] = [
    ['NFS', { filesystem: 'nfs4' }, 'unknown server'],
    ['CIFS', { filesystem: 'cifs' }, 'unknown server'],
    ['Ceph', { filesystem: 'ceph' }, 'unknown server'],
    ['9p', { filesystem: '9p' }, 'unknown server'],
    ['FUSE', { filesystem: 'fuse.sshfs' }, 'unknown fuse'],
    ['NTFS by FUSE', { filesystem: 'fuseblk' }, 'unknown fuse'],
    ['virtiofs', { filesystem: 'virtiofs' }, 'unknown fuse'],
    ['vfat', { filesystem: 'vfat' }, 'unknown mount-options'],
    ['exfat', { filesystem: 'exfat' }, 'unknown mount-options'],
    ['ntfs3', { filesystem: 'ntfs3' }, 'unknown mount-options'],
    ['shifted owners', { options: ['rw', 'idmapped'] }, 'unknown idmapped-mount'],
    ['ext4', {}, 'allowed'],
    ['xfs', { filesystem: 'xfs' }, 'allowed'],
    ['overlay', { filesystem: 'overlay' }, 'allowed'],
    ['a filesystem whose name only begins like NFS', { filesystem: 'nfsd' }, 'allowed'],
  ];
  for (const [name, mount, expected] of rows) {
    test(`access on a mount is decided by mode bits, or reported as unknown with what decides: ${name}`, () =>
      assert.equal(evaluated(factsOn(mount), OPEN), expected));
  }

  test('on an NFS mount, access that the mode bits deny is reported as unknown, not denied', () => {
    assert.equal(evaluated(factsOn({ filesystem: 'nfs4' }), dir(ROOT, '0700', 'root:root')), 'unknown server');
  });

  test('above an NFS mount, mode bits still decide the access to directories', () => {
    assert.equal(evaluated(factsOn({ filesystem: 'nfs4' }), dir('/', '0755')), 'allowed');
  });

  test('on a FUSE or NFS mount, access is reported as unknown even for root, not as allowed', () => {
    const root = { ...REGISTRY, uid: 0, dacOverride: true, dacReadSearch: true };
    assert.equal(evaluated(factsOn({ filesystem: 'fuse.sshfs' }), OPEN, root), 'unknown fuse');
  });
});

describe('access tests on mounts where something other than mode bits decides', () => {
  const nfs: Partial<MountEntry> = { filesystem: 'nfs4' };
  /** An NFS mount that no fstab lists does not outlive a boot; that is another matter. */
  const idsOf = (facts: Facts) => allFindings(facts).flatMap(({ id }) => (id === 'breaks-at-next-reboot' ? [] : [id]));
  const stepOf = (facts: Facts, path: string) => {
    const step = judgeAccess(facts).walk?.visits.find(({ node }) => node.path === path)?.step;
    return [step?.access, step?.proof, step?.reason.kind];
  };

  test('on an NFS mount, access that was not tested is reported as unknown, and the registry is not called healthy', () => {
    const facts = withoutTries(factsOn(nfs));
    assert.deepEqual(stepOf(facts, '/data'), ['unknown', 'unproven', 'undecided']);
    assert.ok(idsOf(facts).includes('access-not-judged'));
    assert.equal(verdictOf(allFindings(facts)), 'inconclusive');
  });

  test('on an NFS mount, access is reported as allowed and proven if the kernel allowed it', () => {
    assert.deepEqual(stepOf(factsOn(nfs), '/data'), ['allowed', 'kernel', 'bits']);
    assert.deepEqual(idsOf(factsOn(nfs)), []);
  });

  test('on an NFS mount, access is reported as allowed and proven if the kernel allowed it against the mode bits', () => {
    const facts = factsOn(nfs, { nodes: [dir('/data', '0700', 'root:root'), OPEN] });
    assert.deepEqual(stepOf(facts, '/data'), ['allowed', 'kernel', 'undecided']);
    assert.deepEqual(idsOf(facts), []);
  });

  test('on an NFS mount, access is reported as denied and proven if the kernel and the mode bits both deny it', () => {
    const facts = factsOn(nfs, { nodes: [dir('/data', '0700', 'root:root'), OPEN], closed: ['/data'] });
    assert.deepEqual(stepOf(facts, '/data'), ['denied', 'kernel', 'bits']);
  });

  test('on an NFS mount, access is reported as unproven if the kernel denied what the mode bits allow', () => {
    assert.deepEqual(stepOf(factsOn(nfs, { closed: ['/data'] }), '/data'), ['unknown', 'unproven', 'disagreement']);
  });
});

describe('a registry process confined by a security module', () => {
  const rows: [string, Facts, ReturnType<typeof confinementOf>][] = [
    ['an AppArmor profile', confinedFacts('reg (enforce)'), { module: 'apparmor', label: 'reg (enforce)' }],
    ['an AppArmor profile that kills', confinedFacts('reg (kill)'), { module: 'apparmor', label: 'reg (kill)' }],
    ['an AppArmor profile that only complains, which confines nothing', confinedFacts('reg (complain)'), null],
    ['an AppArmor profile that is called unconfined', confinedFacts('reg (unconfined)'), null],
    [
      'a profile with a newline in its name',
      confinedFacts('a\nb (enforce)'),
      { module: 'apparmor', label: 'a\nb (enforce)' },
    ],
    ['a SELinux domain', confinedFacts('u:r:init_t:s0', 'enforcing'), { module: 'selinux', label: 'u:r:init_t:s0' }],
    [
      'a SELinux domain while SELinux is permissive, which confines nothing',
      confinedFacts('u:r:init_t:s0', 'permissive'),
      null,
    ],
    ['an unconfined domain', confinedFacts('u:r:unconfined_t:s0', 'enforcing'), null],
    ['the label of another module', confinedFacts('_'), { module: 'other', label: '_' }],
    ['no label is known', factsOf(), null],
  ];
  for (const [name, facts, expected] of rows)
    test(`the security module that confines a registry process is recognized: ${name}`, () =>
      assert.deepEqual(confinementOf(facts), expected));

  test('for a process confined by AppArmor, access that modes allow is uncertain and access that they deny is denied', () => {
    const facts = confinedFacts('reg (enforce)');
    assert.equal(evaluated(facts, OPEN), 'unknown security-module');
    assert.equal(evaluated(facts, dir(ROOT, '0700', 'root:root')), 'denied');
  });

  test('a registry confined by AppArmor is called healthy if the kernel allowed every access test', () => {
    const facts = confinedFacts('reg (enforce)');
    assert.equal(verdictOf(allFindings(facts)), 'healthy');
  });
});

describe('a registry process with a capability in a user namespace of its own', () => {
  const capable: Identity = { ...REGISTRY, user: 'root', dacOverride: true };
  const facts = (userNamespace: 'same' | 'other' | 'unknown'): Facts =>
    factsOf({ identity: capable, process: known(processOf({ identity: capable, userNamespace })) });
  const closed = dir('/data', '0700', 'git:git');

  test('access that only a capability in a private user namespace allows is reported as uncertain', () => {
    assert.equal(evaluated(facts('other'), closed, capable), 'unknown user-namespace');
    assert.equal(evaluated(facts('same'), closed, capable), 'allowed');
  });

  test('a capability in a private user namespace is ignored if modes allow the access, or if the process does not have it', () => {
    assert.equal(evaluated(facts('other'), dir('/data', '0755'), capable), 'allowed');
    assert.equal(evaluated(facts('other'), closed, REGISTRY), 'denied');
  });

  test('if the kernel denied access despite a capability in a private user namespace, the missing mode bit is the reason', () => {
    const tried = factsOf({
      identity: capable,
      process: known(processOf({ identity: capable, userNamespace: 'other' })),
      storageRoot: ROOT,
      nodes: [closed, OPEN],
      closed: ['/data'],
    });
    const step = judgeAccess(tried).walk?.visits.find(({ node }) => node.path === '/data')?.step;
    assert.deepEqual(step?.reason, { kind: 'bits', class: 'other', granted: false });
    assert.deepEqual([step?.access, step?.proof], ['denied', 'kernel']);
  });

  test('an ACL that was not read, besides a capability in a private user namespace, leaves access uncertain', () => {
    assert.equal(
      evaluated(
        facts('other'),
        { ...closed, mode: dir('/x', '0770').mode, acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }) },
        capable,
      ),
      'unknown user-namespace',
    );
  });
});

test('access tests for a process with its own mounts prove nothing about symlinks, which the probe resolves itself', () => {
  const link: PresentNode = { ...dir('/data/link'), kind: 'symlink', target: ROOT, uid: 1000, owner: 'alice' };
  const given = factsOf({
    storageRoot: '/data/link',
    nodes: [dir('/data', '1777'), link, OPEN],
    ...{ security: confinedFacts('x (complain)').security },
    process: known(processOf({ mountNamespace: 'other' })),
    view: { kind: 'process', pid: 4711, startTicks: '1', hostPaths: [], hostMounts: absent },
  });
  const { walk } = judgeAccess(given);
  assert.deepEqual([walk?.passable, walk?.expected, walk?.contradiction], ['no', 'EACCES', null]);
  const step = walk?.visits.find(({ node }) => node.path === '/data/link')?.step;
  assert.deepEqual([step?.access, step?.proof], ['denied', 'evaluated']);
  const onHost = judgeAccess({ ...given, process: known(processOf()), view: { kind: 'host' } }).walk;
  assert.equal(onHost?.visits.find(({ node }) => node.path === '/data/link')?.step.reason.kind, 'disagreement');
});
