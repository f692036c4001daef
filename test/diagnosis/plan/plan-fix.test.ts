import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { PROTECTED_PATHS } from '../../../src/diagnosis/access/kernel/protected-path.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { predictsFullAccess } from '../../../src/diagnosis/plan/predict.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import {
  type AclEntry,
  type Facts,
  type Identity,
  Mode,
  type MountEntry,
  type PresentNode,
  type TryResult,
} from '../../../src/model/host/facts.ts';
import { PlanDraft, type PlanStep } from '../../../src/model/plan/plan.ts';
import {
  ALLOWED,
  acl,
  DENIED,
  dir,
  factsOf,
  hostPath,
  link,
  missing,
  mountOf,
  processOf,
  REGISTRY,
  unseen,
  withoutTries,
} from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

function planOf(facts: Facts): PlanDraft | null {
  const plan = planFix(judgeAccess(facts));
  return plan === null ? null : PlanDraft.parse(plan);
}

function linesOf(plan: PlanDraft | null): string[] {
  return plan === null ? [] : plan.steps.map((step) => `${step.path} ${step.from} ${step.to} ${step.gainingPrincipal}`);
}

type Way = { mode: string; owners: string; identity?: Identity; entries?: AclEntry[]; path?: string };

/** A registry whose one closed directory is `path`, and whose storage root lies right in it. */
function closedBy({ mode, owners, identity = REGISTRY, entries = [], path = '/data/a' }: Way): Facts {
  const root = `${path === '/' ? '' : path}/registry`;
  const nodes = [dir(path, mode, owners, entries), dir(root, '0770', `${identity.uid}:git`)];
  return factsOf({ nodes, storageRoot: root, closed: [path], identity });
}

const inOps: Identity = { ...REGISTRY, groups: [1500] };

describe('a plan grants the one missing bit, to the class that the kernel checks', () => {
  const rows: [string, Way, string][] = [
    ['others', { mode: '0750', owners: 'root:ops' }, '0750 0751 every account'],
    ['others, with nothing for the group', { mode: '0700', owners: 'root:root' }, '0700 0701 every account'],
    ['the group, by a supplementary one', { mode: '0700', owners: 'root:ops', identity: inOps }, '0700 0710 ops'],
    ['the group, though others have x', { mode: '0705', owners: 'root:registry' }, '0705 0715 registry'],
    ['the owner', { mode: '0600', owners: 'registry:ops' }, '0600 0700 registry'],
    ['the owner with 0070', { mode: '0070', owners: 'registry:ops' }, '0070 0170 registry'],
    ['setgid stays', { mode: '2750', owners: 'root:ops' }, '2750 2751 every account'],
    ['sticky stays', { mode: '1750', owners: 'root:ops' }, '1750 1751 every account'],
    [
      'uid 0 without capabilities',
      { mode: '0700', owners: 'ops:ops', identity: { ...REGISTRY, uid: 0, gid: 0 } },
      '0700 0701 every account',
    ],
    [
      'others beside an ACL that names another user',
      {
        mode: '0750',
        owners: 'root:ops',
        entries: acl('user::rwx', 'user:1000:r-x', 'group::r-x', 'mask::r-x', 'other::---'),
      },
      '0750 0751 every account',
    ],
    [
      'others where an empty mask disables the ACL',
      {
        mode: '0700',
        owners: 'root:ops',
        entries: acl('user::rwx', 'user:993:r-x', 'group::r-x', 'mask::---', 'other::---'),
      },
      '0700 0701 every account',
    ],
  ];
  for (const [name, way, expected] of rows) {
    test(`a plan grants the smallest missing permission: ${name}`, () => {
      const plan = planOf(closedBy(way));
      assert.deepEqual(linesOf(plan), [`/data/a ${expected}`]);
      assert.equal(plan?.risk, 'low');
      assert.equal(plan?.clearsEveryBlocker, true);
    });
  }
});

describe('one plan for all closed directories', () => {
  test('one plan opens every closed directory of the incident, and states each one’s present mode and owner', () => {
    const facts = incidentFacts();
    const plan = planOf(facts);
    assert.deepEqual(linesOf(plan), [
      '/data/vol1/ops 0750 0751 every account',
      '/data/vol1/ops/disk4t 0700 0701 every account',
    ]);
    for (const step of plan?.steps ?? []) {
      const node = facts.nodes.find(({ path }) => path === step.path);
      assert.ok(node?.state === 'present');
      const { device, inode, mode, uid, gid } = node;
      assert.deepEqual(step.precondition, { device, inode, mode, uid, gid });
    }
    assert.equal(plan?.bootId, facts.bootId.state === 'known' && facts.bootId.value);
    assert.deepEqual(plan?.identity, REGISTRY);
  });

  test('a plan adds no permission that the service does not need', () => {
    const facts = factsOf({
      nodes: [dir('/data', '0600', 'registry:ops'), dir('/data/a', '0700'), dir('/data/a/r', '0400', 'registry:git')],
      storageRoot: '/data/a/r',
      closed: ['/data', '/data/a'],
    });
    const plan = planOf(facts);
    assert.equal(plan?.clearsEveryBlocker, true);
    for (const smaller of plan.steps.flatMap((step, index) => withOneBitLess(plan.steps, step, index))) {
      assert.equal(predictsFullAccess(facts, smaller), false);
    }
  });

  test('a plan says that the boot id is unknown if the probe could not read it', () => {
    assert.equal(planOf({ ...incidentFacts(), bootId: unknown('own-processes-only') })?.bootId, null);
  });

  test('a plan is offered for closed directories that were found without an access test', () => {
    assert.equal(planOf(withoutTries(incidentFacts()))?.clearsEveryBlocker, true);
  });

  test('a plan is made for the service’s account if no process is running', () => {
    assert.equal(planOf({ ...incidentFacts(), process: absent, v2: unknown('connection-refused') })?.steps.length, 2);
  });

  test('a plan does not predict success if the path beyond its directories could not be inspected', () => {
    const facts = withoutTries(factsOf({ nodes: [dir('/data', '0700'), unseen('/data/r')], storageRoot: '/data/r' }));
    const plan = planOf(facts);
    assert.deepEqual(linesOf(plan), ['/data 0700 0701 every account']);
    assert.equal(plan?.clearsEveryBlocker, false);
  });

  test('a plan does not predict success if a directory’s ACL was not read and others have no x', () => {
    const facts = closedBy({ mode: '0750', owners: 'root:ops' });
    const nodes = facts.nodes.map((node) =>
      node.path === '/data/a' ? { ...node, acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }) } : node,
    );
    const plan = planOf({ ...facts, nodes });
    assert.deepEqual(linesOf(plan), ['/data/a 0750 0751 every account']);
    assert.equal(plan?.clearsEveryBlocker, false);
  });

  test('a plan changes a directory once if two paths reach it, as with a bind mount', () => {
    const nodes = [
      link('/srv', '/data/a/back'),
      dir('/data/a', '0700'),
      link('/data/a/back', '/mnt/a'),
      sameInode(dir('/mnt/a', '0700'), '/data/a'),
      dir('/mnt/a/r', '0770', 'registry:git'),
    ];
    const facts = factsOf({ nodes, storageRoot: '/srv/r', closed: ['/data/a', '/mnt/a'] });
    const plan = planOf(facts);
    assert.equal(plan?.steps.length, 1);
    assert.equal(plan?.clearsEveryBlocker, true);
  });

  for (const [closed, steps] of [
    [64, 64],
    [65, undefined],
  ] as const) {
    test(`a plan for ${closed} closed directories has ${steps ?? 'no'} changes`, () => {
      const paths = Array.from({ length: closed }, (_, index) => `/d${'/a'.repeat(index)}`);
      const nodes = paths.map((path) => dir(path, '0700'));
      const facts = withoutTries(factsOf({ nodes, storageRoot: `${paths.at(-1)}/r` }));
      assert.equal(planOf(facts)?.steps.length, steps);
    });
  }

  test('a plan is made if a path below the storage leads through the storage root itself', () => {
    const facts = withoutTries(factsOf({ nodes: [dir('/r', '0600', 'registry:git')], storageRoot: '/r/.' }));
    assert.deepEqual(linesOf(planOf(facts)), ['/r 0600 0700 registry']);
  });
});

describe('plans for the storage root', () => {
  const rootWith = (
    mode: string,
    owners: string,
    identity = REGISTRY,
    more: Partial<Pick<Facts, 'rootTries' | 'contents'>> = {},
  ) =>
    factsOf({
      nodes: [dir('/srv/r', mode, owners)],
      storageRoot: '/srv/r',
      identity,
      rootTries: { stat: known(ALLOWED), list: known(DENIED), create: known(DENIED) },
      searchTries: [],
      ...more,
    });

  test('a plan that gives the storage root’s owner a missing r, w or x is high-risk', () => {
    const plan = planOf(rootWith('0000', 'registry:git'));
    assert.deepEqual(linesOf(plan), ['/srv/r 0000 0700 registry']);
    assert.deepEqual([plan?.risk, plan?.clearsEveryBlocker], ['high', true]);
  });

  test('a plan gives the storage root’s group a missing r, w or x', () => {
    const plan = planOf(rootWith('2700', 'git:ops', inOps));
    assert.deepEqual(linesOf(plan), ['/srv/r 2700 2770 ops']);
    assert.equal(plan?.risk, 'high');
  });

  test('a plan gives the storage root’s owner only w if only w is missing', () => {
    const rootTries = { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) };
    assert.deepEqual(linesOf(planOf(rootWith('0570', 'registry:git', REGISTRY, { rootTries }))), [
      '/srv/r 0570 0770 registry',
    ]);
  });

  test('a plan never opens the storage root to all other accounts', () => {
    assert.equal(planOf(rootWith('0750', 'git:git', REGISTRY, NOT_COUNTED)), null);
    assert.equal(
      planOf(
        rootWith('0755', 'git:git', REGISTRY, {
          ...NOT_COUNTED,
          rootTries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) },
        }),
      ),
      null,
    );
  });

  test('a plan that opens the path does not predict success if the storage root stays closed', () => {
    const facts = factsOf({
      nodes: [dir('/data', '0700'), dir('/data/r', '0750', 'git:git')],
      storageRoot: '/data/r',
      closed: ['/data', '/data/r'],
      ...NOT_COUNTED,
    });
    const plan = planOf(facts);
    assert.deepEqual(linesOf(plan), ['/data 0700 0701 every account']);
    assert.deepEqual([plan?.risk, plan?.clearsEveryBlocker], ['low', false]);
  });
});

/** No one knows whether anything lies in the storage root, so that no change of its owner is right. */
const NOT_COUNTED = { contents: unknown('not-looked-at') };

describe('when no plan is made', () => {
  const blocked = closedBy({ mode: '0750', owners: 'root:ops' });
  const none = (name: string, facts: Facts) => test(`no plan is made ${name}`, () => assert.equal(planOf(facts), null));
  const mount = (options: string[], filesystem = 'ext4'): MountEntry =>
    mountOf({ mountPoint: hostPath('/data'), filesystem, source: '/dev/sdb1', options });

  none('if nothing is wrong', factsOf());
  none('if the group has no x and the ACL was not read', {
    ...closedBy({ mode: '0740', owners: 'root:registry' }),
    nodes: closedBy({ mode: '0740', owners: 'root:registry' }).nodes.map((node) =>
      node.path === '/data/a' ? { ...node, acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }) } : node,
    ),
  });
  none('that would leave a directory writable by everyone', closedBy({ mode: '0077', owners: 'registry:root' }));
  none(
    'if one of two closed directories can’t be opened',
    factsOf({
      nodes: [dir('/data', '0700'), dir('/data/a', '0752'), dir('/data/a/r')],
      storageRoot: '/data/a/r',
      closed: ['/data', '/data/a'],
    }),
  );
  none('while the process could not be inspected', { ...blocked, process: unknown('not-permitted') });
  test('no plan is made while the process belongs to another account than the settings name', () => {
    assert.equal(planOf({ ...blocked, account: known({ ...REGISTRY, uid: 994 }) }), null);
  });
  none('if the process of another account is in a namespace that any user can make', {
    ...blocked,
    account: known({ ...REGISTRY, uid: 994 }),
    process: known(processOf({ mountNamespace: 'other', userNamespace: 'other' })),
  });
  none('while no identity is known', { ...blocked, process: absent, account: absent });
  none('if the process sees other mounts than the probe', {
    ...blocked,
    process: known(processOf({ mountNamespace: 'other' })),
  });
  none('on a filesystem that is mounted read-only', { ...blocked, mounts: known([mount(['ro'])]) });
  none('on a filesystem that makes its modes up', { ...blocked, mounts: known([mount(['rw'], 'vfat')]) });
  none(
    'above a storage root that is missing',
    factsOf({ nodes: [dir('/data', '0700'), missing('/data/r')], storageRoot: '/data/r', closed: ['/data'] }),
  );
  none(
    'above a link that is broken',
    factsOf({
      nodes: [dir('/data', '0700'), link('/data/r', '/gone'), missing('/gone')],
      storageRoot: '/data/r',
      closed: ['/data'],
    }),
  );

  const otherwise = (path: string, answer: TryResult) => ({
    ...blocked,
    searchTries: blocked.searchTries.map((one) => (one.path === path ? { ...one, answer } : one)),
  });
  none('if the kernel allows what the mode bits deny', otherwise('/data/a', ALLOWED));
  none('for a closed directory, where the kernel denies another that the bits allow', otherwise('/data', DENIED));
  none('if the whole path is allowed after all', {
    ...blocked,
    rootTries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(ALLOWED) },
  });
});

describe('system directories that no plan changes', () => {
  for (const { path, covers } of PROTECTED_PATHS) {
    test(`no plan changes the protected directory ${path}`, () => {
      assert.equal(planOf(closedBy({ mode: '0700', owners: 'root:root', path })), null);
    });
    const below = `${path === '/' ? '' : path}/x9/y`;
    test(`a plan ${covers === 'all-below' ? 'changes nothing' : 'can change entries'} below a protected directory: ${below}`, () => {
      const plan = planOf(closedBy({ mode: '0700', owners: 'root:root', path: below }));
      assert.equal(plan === null, covers === 'all-below');
    });
  }

  test('a plan changes nothing below the home directories of root and of the system, but can below shared directories', () => {
    const path = (parent: string) => `${parent}/x9`;
    const isTouched = (parent: string) =>
      planOf(closedBy({ mode: '0700', owners: 'root:root', path: path(parent) })) !== null;
    const never = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/root', '/sbin', '/sys', '/usr'];
    assert.deepEqual(never.filter(isTouched), []);
    const shared = ['', '/home', '/run', '/tmp', '/var', '/var/lib', '/var/tmp', '/var/opt', '/opt', '/srv', '/mnt'];
    assert.deepEqual(shared.filter(isTouched), shared);
  });

  test('a directory whose name only starts like a protected directory’s can be changed by a plan', () => {
    assert.notEqual(planOf(closedBy({ mode: '0700', owners: 'root:root', path: '/etcetera' })), null);
  });
});

describe('plans for random modes', () => {
  const modes = Array.from({ length: 0o1000 }, (_, mode) => Mode.parse(mode.toString(8).padStart(4, '0')));
  const owners = ['root:ops', 'registry:ops', 'root:registry'];

  test('for any modes, a plan never lets others write, never changes special bits and never removes a bit', () => {
    for (const mode of modes) {
      for (const owner of owners) {
        const nodes = [dir('/data', mode, owner), dir('/data/r', mode, owner)];
        const plan = planOf(withoutTries(factsOf({ nodes, storageRoot: '/data/r', ...NOT_COUNTED })));
        for (const step of plan?.steps ?? []) assertHarmless(step);
      }
    }
  });

  function assertHarmless(step: PlanStep): void {
    assert.equal(step.action, 'chmod');
    const [from, to] = [Number.parseInt(step.from, 8), Number.parseInt(step.to, 8)];
    const added = to & ~from;
    assert.equal(from & ~to, 0, `${step.from} → ${step.to} takes a bit away`);
    assert.equal(added & 0o7002, 0, `${step.from} → ${step.to}`);
    assert.notEqual(added, 0);
    if (step.path === '/data') assert.equal(added & ~0o111, 0, 'the way gets x alone');
    assert.equal([0o700, 0o070, 0o007].filter((bits) => added & bits).length, 1, 'one class gains');
  }
});

function sameInode(node: PresentNode, path: string): PresentNode {
  const { device, inode } = dir(path);
  return { ...node, device, inode };
}

function withOneBitLess(steps: readonly PlanStep[], step: PlanStep, index: number): PlanStep[][] {
  assert.equal(step.action, 'chmod');
  const [from, to] = [Number.parseInt(step.from, 8), Number.parseInt(step.to, 8)];
  const added = Array.from({ length: 12 }, (_, bit) => 1 << bit).filter((bit) => to & ~from & bit);
  return added.map((bit) => {
    const less = Mode.parse((to & ~bit).toString(8).padStart(4, '0'));
    return steps.with(index, { ...step, action: 'chmod', to: less });
  });
}
