import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { absent, known } from '../../../src/model/fact.ts';
import type { Facts, PresentNode } from '../../../src/model/host/facts.ts';
import { dir, factsOf, hostPath, link, mountOf, withoutTries } from '../../support/facts/facts-builder.ts';

const ROOT = '/data/registry';
const OPEN = dir(ROOT, '0770', 'registry:registry');
const CLOSED = dir('/data', '0750', 'root:ops');

const planFor = (facts: Facts) => planFix(judgeAccess(withoutTries(facts)));
const immutable = (node: PresentNode): PresentNode => ({ ...node, immutable: known(true) });

describe('plans for a host where something besides permissions blocks the path', () => {
  const closed = factsOf({ storageRoot: ROOT, nodes: [CLOSED, OPEN] });

  test('a plan that opens the only closed directory on the path predicts that nothing else blocks the registry', () => {
    const plan = planFor(closed);
    assert.deepEqual([plan?.steps.length, plan?.clearsEveryBlocker], [1, true]);
  });

  test('no plan is made if the kernel does not follow a symlink on the path', () => {
    const mounts = known([
      mountOf({ mountPoint: hostPath('/') }),
      mountOf({ mountPoint: hostPath('/srv'), options: ['rw', 'nosymfollow'] }),
    ]);
    const nodes = [dir('/srv'), link('/srv/registry', ROOT), CLOSED, OPEN];
    assert.equal(planFor(factsOf({ storageRoot: '/srv/registry', nodes, mounts })), null);
    assert.equal(planFor(factsOf({ storageRoot: '/srv/registry', nodes }))?.steps.length, 1);
  });

  test('a plan does not claim to clear an immutable storage root', () => {
    const plan = planFor(factsOf({ storageRoot: ROOT, nodes: [CLOSED, immutable(OPEN)] }));
    assert.deepEqual([plan?.steps.length, plan?.clearsEveryBlocker], [1, false]);
  });

  test('no plan is made if the closed directory itself is immutable or append-only', () => {
    assert.equal(planFor(factsOf({ storageRoot: ROOT, nodes: [immutable(CLOSED), OPEN] })), null);
    const grows: PresentNode = { ...CLOSED, appendOnly: known(true) };
    assert.equal(planFor(factsOf({ storageRoot: ROOT, nodes: [grows, OPEN] })), null);
  });

  test('a plan for a process confined by a security module is predicted from modes alone', () => {
    const security = known({
      selinux: known('enforcing' as const),
      processLabel: known('system_u:system_r:container_t:s0'),
      protectedSymlinks: known(true),
      protectedHardlinks: absent,
    });
    assert.equal(planFor({ ...closed, security })?.clearsEveryBlocker, true);
  });
});
