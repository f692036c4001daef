import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../../src/diagnosis/access/judge-access.ts';
import { confinementOf } from '../../../../src/diagnosis/access/kernel/confinement.ts';
import { evaluateUse } from '../../../../src/diagnosis/access/kernel/evaluate-use.ts';
import { verdictOf } from '../../../../src/diagnosis/checks/verdict.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import type { Facts, Identity, MountEntry, PresentNode } from '../../../../src/model/host/facts.ts';
import { allFindings } from '../../../support/all-findings.ts';
import { dir, factsOf, hostPath, mountOf, processOf, REGISTRY, withoutTries } from '../../../support/facts-builder.ts';

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

describe('where something else than the modes decides, the evaluation is open and names it', () => {
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
    ['a name that only begins like one of them', { filesystem: 'nfsd' }, 'allowed'],
  ];
  for (const [name, mount, expected] of rows) {
    test(`a mount where modes do not decide: ${name}`, () => assert.equal(evaluated(factsOn(mount), OPEN), expected));
  }

  test('a step that the mode denies is undecided on a mount where modes do not decide', () => {
    assert.equal(evaluated(factsOn({ filesystem: 'nfs4' }), dir(ROOT, '0700', 'root:root')), 'unknown server');
  });

  test('modes decide in the directories above a mount where modes do not decide', () => {
    assert.equal(evaluated(factsOn({ filesystem: 'nfs4' }), dir('/', '0755')), 'allowed');
  });

  test('a step is undecided for root as well on a mount where modes do not decide', () => {
    const root = { ...REGISTRY, uid: 0, dacOverride: true, dacReadSearch: true };
    assert.equal(evaluated(factsOn({ filesystem: 'fuse.sshfs' }), OPEN, root), 'unknown fuse');
  });
});

describe('until the live try decides', () => {
  const nfs: Partial<MountEntry> = { filesystem: 'nfs4' };
  /** An NFS mount that no fstab lists does not outlive a boot; that is another matter. */
  const idsOf = (facts: Facts) => allFindings(facts).flatMap(({ id }) => (id === 'breaks-at-next-reboot' ? [] : [id]));
  const stepOf = (facts: Facts, path: string) => {
    const step = judgeAccess(facts).walk?.visits.find(({ node }) => node.path === path)?.step;
    return [step?.access, step?.proof, step?.reason.kind];
  };

  test('an untested path on a mount where modes do not decide is unknown and never healthy', () => {
    const facts = withoutTries(factsOn(nfs));
    assert.deepEqual(stepOf(facts, '/data'), ['unknown', 'unproven', 'undecided']);
    assert.ok(idsOf(facts).includes('access-not-judged'));
    assert.equal(verdictOf(allFindings(facts)), 'inconclusive');
  });

  test('a path on a mount where modes do not decide is allowed and proven if tested as allowed', () => {
    assert.deepEqual(stepOf(factsOn(nfs), '/data'), ['allowed', 'kernel', 'bits']);
    assert.deepEqual(idsOf(factsOn(nfs)), []);
  });

  test('a path on a mount where modes do not decide is allowed and proven if tested as allowed though modes deny it', () => {
    const facts = factsOn(nfs, { nodes: [dir('/data', '0700', 'root:root'), OPEN] });
    assert.deepEqual(stepOf(facts, '/data'), ['allowed', 'kernel', 'undecided']);
    assert.deepEqual(idsOf(facts), []);
  });

  test('a path on a mount where modes do not decide is denied and proven if tested as denied and modes deny it', () => {
    const facts = factsOn(nfs, { nodes: [dir('/data', '0700', 'root:root'), OPEN], closed: ['/data'] });
    assert.deepEqual(stepOf(facts, '/data'), ['denied', 'kernel', 'bits']);
  });

  test('a path on a mount where modes do not decide is unproven if tested as denied though modes allow it', () => {
    assert.deepEqual(stepOf(factsOn(nfs, { closed: ['/data'] }), '/data'), ['unknown', 'unproven', 'disagreement']);
  });
});

describe('what confines the process', () => {
  const rows: [string, Facts, ReturnType<typeof confinementOf>][] = [
    ['an AppArmor profile', confinedFacts('reg (enforce)'), { module: 'apparmor', label: 'reg (enforce)' }],
    ['one that kills', confinedFacts('reg (kill)'), { module: 'apparmor', label: 'reg (kill)' }],
    ['one that only complains', confinedFacts('reg (complain)'), null],
    ['one that is called unconfined', confinedFacts('reg (unconfined)'), null],
    [
      'a profile with a newline in its name',
      confinedFacts('a\nb (enforce)'),
      { module: 'apparmor', label: 'a\nb (enforce)' },
    ],
    ['a SELinux domain', confinedFacts('u:r:init_t:s0', 'enforcing'), { module: 'selinux', label: 'u:r:init_t:s0' }],
    ['the same, permissive', confinedFacts('u:r:init_t:s0', 'permissive'), null],
    ['an unconfined domain', confinedFacts('u:r:unconfined_t:s0', 'enforcing'), null],
    ['the label of another module', confinedFacts('_'), { module: 'other', label: '_' }],
    ['nothing known', factsOf(), null],
  ];
  for (const [name, facts, expected] of rows)
    test(`a process that a security module confines: ${name}`, () => assert.deepEqual(confinementOf(facts), expected));

  test('a confined process is uncertain to have what modes allow, and certain not to have what they deny', () => {
    const facts = confinedFacts('reg (enforce)');
    assert.equal(evaluated(facts, OPEN), 'unknown security-module');
    assert.equal(evaluated(facts, dir(ROOT, '0700', 'root:root')), 'denied');
  });

  test('a confined registry that the kernel allowed everything is healthy', () => {
    const facts = confinedFacts('reg (enforce)');
    assert.equal(verdictOf(allFindings(facts)), 'healthy');
  });
});

describe('a capability in a user namespace of the process’s own', () => {
  const capable: Identity = { ...REGISTRY, user: 'root', dacOverride: true };
  const facts = (userNamespace: 'same' | 'other' | 'unknown'): Facts =>
    factsOf({ identity: capable, process: known(processOf({ identity: capable, userNamespace })) });
  const closed = dir('/data', '0700', 'git:git');

  test('a capability in a private user namespace leaves uncertain what only the capability allows', () => {
    assert.equal(evaluated(facts('other'), closed, capable), 'unknown user-namespace');
    assert.equal(evaluated(facts('same'), closed, capable), 'allowed');
  });

  test('a capability in a private user namespace is irrelevant if modes allow the access or the process does not have it', () => {
    assert.equal(evaluated(facts('other'), dir('/data', '0755'), capable), 'allowed');
    assert.equal(evaluated(facts('other'), closed, REGISTRY), 'denied');
  });

  test('a kernel denial decides on a capability in a private user namespace: the plan changes modes', () => {
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

  test('an unread ACL beside a capability in a private user namespace leaves the step uncertain', () => {
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

test('tests in the tree of another process give no answer about symlinks, since the probe resolves them itself', () => {
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
