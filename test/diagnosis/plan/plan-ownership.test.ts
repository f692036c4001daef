import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import type { StorageContents } from '../../../src/model/host/storage-contents.ts';
import type { PlanDraft } from '../../../src/model/plan/plan.ts';
import { closedDirectory, contentsOf, foreignOf, triedAndClosed } from '../../support/facts/contents-builder.ts';
import { DENIED, dir, type FactsOptions, factsOf } from '../../support/facts/facts-builder.ts';

const ROOT = '/var/lib/registry';
const TOP = `${ROOT}/docker`;
const UNTRIED = unknown('out-of-reach');
const OWN = closedDirectory();
const ofRoot = (more = {}) =>
  closedDirectory({
    path: `${TOP}/registry/v2/blobs`,
    inode: '4713',
    mode: '0755',
    uid: 0,
    gid: 0,
    owner: 'root',
    ...more,
  });
const WRONG = {
  foreign: [foreignOf()],
  closed: triedAndClosed(ofRoot(), ofRoot({ path: `${TOP}/registry`, inode: '4714' })),
};

function withContents(of: Partial<StorageContents>, more: FactsOptions = {}): Facts {
  return factsOf({ contents: known(contentsOf(of)), ...more });
}

const planOf = (facts: Facts) => planFix(judgeAccess(facts));

/** `chown 0:0 993:0 /a (5)`: what a step comes to, in one line. */
function stepsOf(plan: PlanDraft | null): string[] {
  return (plan?.steps ?? []).map((step) => {
    const entries = step.action === 'chown' && step.tree ? ` (${step.tree.entries})` : '';
    return `${step.action} ${step.from} ${step.to} ${step.path}${entries}`;
  });
}

describe('plans for a storage with the wrong owner', () => {
  test('a plan gives a directory tree with the wrong owner to the service, keeps its group and is high-risk', () => {
    const plan = planOf(withContents(WRONG));
    assert.deepEqual(stepsOf(plan), [`chown 0:0 993:0 ${TOP} (5)`]);
    assert.equal(plan?.risk, 'high');
    assert.equal(plan?.clearsEveryBlocker, true);
    assert.deepEqual(plan?.steps[0]?.precondition, { device: '2049', inode: '77', mode: '0755', uid: 993, gid: 993 });
  });

  test('a plan for a directory tree with several wrong owners changes the entries of each owner that the kernel refused', () => {
    const foreign = [foreignOf(), foreignOf({ uid: 1000, gid: 1000, owner: 'alice', group: 'alice', entries: 2 })];
    const alice = ofRoot({ inode: '4715', uid: 1000, gid: 1000, owner: 'alice', path: `${TOP}/x` });
    const plan = planOf(withContents({ foreign, closed: triedAndClosed(ofRoot(), alice) }));
    assert.deepEqual(stepsOf(plan), [`chown 0:0 993:0 ${TOP} (5)`, `chown 1000:1000 993:1000 ${TOP} (2)`]);
  });

  test('a plan does not change the owner of entries that the kernel never refused to the service', () => {
    const foreign = [foreignOf(), foreignOf({ uid: 1000, gid: 993, denied: known({ directories: 0, files: 0 }) })];
    assert.deepEqual(stepsOf(planOf(withContents({ ...WRONG, foreign }))), [`chown 0:0 993:0 ${TOP} (5)`]);
  });

  test('a plan gives every other account’s entries to the service if a closed directory hides some of them', () => {
    const foreign = [foreignOf(), foreignOf({ uid: 1000, gid: 993, denied: known({ directories: 0, files: 0 }) })];
    const closed = triedAndClosed(ofRoot({ mode: '0700', lacking: ['search', 'list', 'create'] }));
    assert.deepEqual(stepsOf(planOf(withContents({ foreign, closed }))), [
      `chown 0:0 993:0 ${TOP} (5)`,
      `chown 1000:993 993:993 ${TOP} (5)`,
    ]);
  });

  const closedRoot = (owners: string): FactsOptions => ({
    nodes: [dir(ROOT, '0700', owners)],
    rootTries: { stat: factsOf().rootTries.stat, list: known(DENIED), create: known(DENIED) },
    searchTries: [{ path: ROOT, answer: DENIED }],
  });

  test('a plan for a directory tree includes the storage root if that also has the wrong owner', () => {
    const foreign = [foreignOf({ denied: UNTRIED })];
    const plan = planOf(withContents({ foreign, closed: UNTRIED }, closedRoot('root:root')));
    assert.deepEqual(stepsOf(plan), [`chown 0:0 993:0 ${ROOT}`, `chown 0:0 993:0 ${TOP} (5)`]);
    assert.equal(plan?.clearsEveryBlocker, true);
  });

  test('one plan changes a directory tree’s wrong owner and opens a closed directory on the path', () => {
    const facts = withContents(WRONG, {
      nodes: [dir('/var', '0750'), dir(ROOT, '0770', 'registry:registry')],
      closed: ['/var/lib'],
    });
    assert.equal(planOf(facts), null, 'a protected directory on the way stands against any plan');
    const open = withContents(
      { ...WRONG, top: { ...contentsOf({}, '/data/r').top, path: '/data/r/docker' } as StorageContents['top'] },
      {
        storageRoot: '/data/r',
        nodes: [dir('/data', '0750'), dir('/data/r', '0770', 'registry:registry')],
        closed: ['/data'],
      },
    );
    const plan = planOf(open);
    assert.deepEqual(stepsOf(plan), ['chmod 0750 0751 /data', 'chown 0:0 993:0 /data/r/docker (5)']);
    assert.equal(plan?.clearsEveryBlocker, true);
  });

  test('a plan changes a storage root with the wrong owner, unless the storage is empty', () => {
    const more = closedRoot('root:root');
    assert.deepEqual(stepsOf(planOf(withContents({ closed: UNTRIED }, more))), [`chown 0:0 993:0 ${ROOT}`]);
    assert.equal(planOf(withContents({ closed: UNTRIED, top: null, entries: 0, repositories: 0 }, more)), null);
    assert.equal(planOf(factsOf({ ...more, contents: unknown('not-permitted') })), null);
  });

  test('no plan changes owners if the count of entries is incomplete, or if the new owner would still be locked out', () => {
    assert.equal(planOf(withContents({ ...WRONG, complete: false })), null);
    assert.equal(planOf(withContents({ ...WRONG, foreign: [foreignOf({ closedToOwner: 1 })] })), null);
  });
});

describe('plans for closed directories that the service owns', () => {
  const inner = (of: Partial<StorageContents>) => planOf(withContents(of));

  test('a plan gives a closed directory of the service the owner’s missing permission and nothing else', () => {
    const plan = inner({ closed: triedAndClosed(OWN), ownClosed: { count: 1, directories: [OWN], complete: true } });
    assert.deepEqual(stepsOf(plan), [`chmod 0555 0755 ${OWN.path}`]);
    assert.equal(plan?.clearsEveryBlocker, true);
  });

  test('one plan opens a closed directory of the service and the closed directory below it', () => {
    const outer = closedDirectory({ mode: '0300', lacking: ['list'] });
    const hidden = closedDirectory({ path: `${OWN.path}/x`, inode: '4799' });
    const plan = inner({
      closed: triedAndClosed(outer),
      ownClosed: { count: 2, directories: [outer, hidden], complete: true },
    });
    assert.deepEqual(stepsOf(plan), [`chmod 0300 0700 ${OWN.path}`, `chmod 0555 0755 ${OWN.path}/x`]);
    assert.equal(plan?.clearsEveryBlocker, true);
  });

  test('no plan opens the service’s own closed directories while their list is incomplete', () => {
    assert.equal(
      inner({ closed: triedAndClosed(OWN), ownClosed: { count: 2, directories: [OWN], complete: true } }),
      null,
    );
    assert.equal(inner({ closed: triedAndClosed(OWN), complete: false }), null);
  });

  test('a plan does not predict success if another directory below the storage root stays closed', () => {
    const facts = withContents(
      { closed: triedAndClosed(ofRoot()), foreign: [foreignOf({ unusual: 1 })] },
      {
        storageRoot: '/data/r',
        nodes: [dir('/data', '0750'), dir('/data/r', '0770', 'registry:registry')],
        closed: ['/data'],
      },
    );
    const plan = planOf(facts);
    assert.deepEqual(stepsOf(plan), ['chmod 0750 0751 /data']);
    assert.equal(plan?.clearsEveryBlocker, false);
  });
});
