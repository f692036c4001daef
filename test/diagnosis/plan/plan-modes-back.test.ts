import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applySteps } from '../../../src/diagnosis/access/after/apply-steps.ts';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { Mode } from '../../../src/model/host/posix.ts';
import type { StorageContents } from '../../../src/model/host/storage-contents.ts';
import { closedDirectory, contentsOf, triedAndClosed } from '../../support/facts/contents-builder.ts';
import { dir, type FactsOptions, factsOf, hostPath } from '../../support/facts/facts-builder.ts';

const TOP = '/var/lib/registry/docker';
const FOOTPRINT: StorageContents['worldWritable'] = {
  entries: 12,
  firstPaths: [],
  footprint: [
    { kind: 'directory', entries: 7, digest: 'ab'.repeat(32) },
    { kind: 'file', entries: 5, digest: 'cd'.repeat(32) },
  ],
};

function withFootprint(umask: string | null, of: Partial<StorageContents> = {}, more: FactsOptions = {}): Facts {
  const contents = contentsOf({ worldWritable: FOOTPRINT, umask: umask === null ? null : Mode.parse(umask), ...of });
  return factsOf({ contents: known(contents), ...more });
}

const stepsOf = (facts: Facts) =>
  planFix(judgeAccess(facts))?.steps.map((step) => {
    const tree = step.action === 'chmod' && step.tree ? ` ${step.tree.entries} × ${step.tree.kind}` : '';
    return `${step.action} ${step.from} ${step.to} ${step.path}${tree}`;
  }) ?? null;

describe('plans after chmod -R 777', () => {
  test('after chmod -R 777, a plan resets 0777 and 0666 to modes without the bits of the registry’s umask', () => {
    assert.deepEqual(stepsOf(withFootprint('0022')), [
      `chmod 0777 0755 ${TOP} 7 × directory`,
      `chmod 0777 0644 ${TOP} 5 × file`,
    ]);
    assert.deepEqual(stepsOf(withFootprint('0077')), [
      `chmod 0777 0700 ${TOP} 7 × directory`,
      `chmod 0777 0600 ${TOP} 5 × file`,
    ]);
  });

  test('after chmod -R 777, the plan resets every changed entry and is high-risk', () => {
    const facts = withFootprint('0022');
    const plan = planFix(judgeAccess(facts));
    assert.deepEqual([plan?.risk, plan?.clearsEveryBlocker], ['high', true]);
    const { contents } = applySteps(facts, plan?.steps ?? []);
    assert.deepEqual(contents.state === 'known' && contents.value.worldWritable, {
      entries: 0,
      firstPaths: [],
      footprint: [],
    });
  });

  test('after chmod -R 777, the plan resets the storage root to the mode that the registry or Omnibus creates it with', () => {
    const nodes = [dir('/var/lib/registry', '0777', 'registry:registry')];
    const facts = withFootprint('0022', {}, { nodes });
    assert.equal(stepsOf(facts)?.[0], 'chmod 0777 0755 /var/lib/registry');
    assert.ok(facts.config.state === 'known');
    const config = known({ ...facts.config.value, path: hostPath('/var/opt/gitlab/registry/config.yml') });
    assert.equal(stepsOf({ ...facts, config })?.[0], 'chmod 0777 0770 /var/lib/registry');
  });

  const NONE: [why: string, facts: Facts][] = [
    ['the umask is not known', withFootprint(null)],
    ['the umask lets everyone write', withFootprint('0000')],
    ['the umask takes from the owner', withFootprint('0722')],
    ['the count was cut', withFootprint('0022', { complete: false })],
    ['a mount lies below', withFootprint('0022', { mountsBelow: 1 })],
    [
      'there is no digest',
      withFootprint('0022', {
        worldWritable: { ...FOOTPRINT, footprint: [{ kind: 'file', entries: 5, digest: null }] },
      }),
    ],
    [
      'there are too many',
      withFootprint('0022', {
        worldWritable: { ...FOOTPRINT, footprint: [{ kind: 'file', entries: 20_001, digest: 'ab'.repeat(32) }] },
      }),
    ],
    [
      'it is not a footprint: another mode, or not the service’s',
      withFootprint('0022', { worldWritable: { ...FOOTPRINT, footprint: [] } }),
    ],
  ];
  for (const [why, facts] of NONE)
    test(`after chmod -R 777, no plan resets modes if ${why}`, () => assert.equal(stepsOf(facts), null));

  test('after chmod -R 777, modes are reset only once the storage is usable: the plan for access comes first, on its own', () => {
    const nodes = [dir('/data', '0750'), dir('/data/r', '0770', 'registry:registry')];
    const onWay = withFootprint('0022', {}, { storageRoot: '/data/r', nodes, closed: ['/data'] });
    assert.deepEqual(stepsOf(onWay), ['chmod 0750 0751 /data']);
    const unmended = withFootprint('0022', { closed: triedAndClosed(closedDirectory({ mode: '0755' })) });
    assert.equal(stepsOf(unmended), null);
  });
});
