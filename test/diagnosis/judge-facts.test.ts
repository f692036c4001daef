import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import { absent, known, unknown } from '../../src/model/fact.ts';
import { Facts, type Identity, type TryResult } from '../../src/model/host/facts.ts';
import {
  DENIED,
  dir,
  factsOf,
  hostPath,
  processOf,
  REGISTRY,
  unseen,
  unwell,
  WELL,
} from '../support/facts/facts-builder.ts';
import { INCIDENT_ROOT, incidentFacts } from '../support/facts/incident-facts.ts';

const FAILED: TryResult = { result: 'failed', why: { code: 'host-said', said: 'Input/output error' } };
const ROOT = '/var/lib/registry';

describe('the diagnosis of a host’s facts', () => {
  test('the host of the incident is diagnosed as faulty, and one plan opens both closed directories', () => {
    const diagnosis = Diagnosis.parse({ ...judgeFacts(incidentFacts()), durationMs: 1 });
    assert.equal(diagnosis.verdict, 'faulty');
    assert.equal(diagnosis.storageRoot, INCIDENT_ROOT);
    assert.deepEqual(diagnosis.service, {
      ...{ user: 'registry', uid: 993, gid: 993, groups: [], pid: 4711 },
      source: 'process',
    });
    assert.deepEqual(
      diagnosis.walk.map(({ path, access }) => `${path} ${access}`),
      [
        '/ allowed',
        '/var allowed',
        '/var/opt allowed',
        '/var/opt/gitlab allowed',
        '/var/opt/gitlab/gitlab-rails allowed',
        '/data allowed',
        '/data/vol1 allowed',
        '/data/vol1/ops denied',
        '/data/vol1/ops/disk4t denied',
        '/data/vol1/ops/disk4t/gitlab-rails allowed',
        '/data/vol1/ops/disk4t/gitlab-rails/shared allowed',
        '/data/vol1/ops/disk4t/gitlab-rails/shared/registry allowed',
      ],
    );
    assert.deepEqual(
      diagnosis.plan?.steps.map(({ path, from, to }) => [path, from, to].join(' ')),
      ['/data/vol1/ops 0750 0751', '/data/vol1/ops/disk4t 0700 0701'],
    );
    assert.equal(diagnosis.plan?.clearsEveryBlocker, true);
    assert.equal(diagnosis.v2?.status, 503);
    assert.equal(diagnosis.health?.status, 503);
  });

  test('a healthy registry is diagnosed as healthy, without a plan', () => {
    const { verdict, findings, plan } = judgeFacts(factsOf());
    assert.deepEqual({ verdict, findings, plan }, { verdict: 'healthy', findings: [], plan: null });
  });

  test('facts that were saved to a file and read back give the same diagnosis', () => {
    const saved = Facts.parse(JSON.parse(JSON.stringify(incidentFacts())));
    assert.deepEqual(judgeFacts(saved), judgeFacts(incidentFacts()));
  });

  test('if no registry process is running, the diagnosis checks access for the service’s account, and says so', () => {
    const account: Identity = { ...REGISTRY, groups: [1500] };
    const { service, verdict } = judgeFacts(
      factsOf({ process: absent, v2: unknown('connection-refused'), account: known(account) }),
    );
    assert.deepEqual(service, {
      ...{ user: 'registry', uid: 993, gid: 993, groups: [1500], pid: null },
      source: 'account',
    });
    assert.equal(verdict, 'faulty');
  });

  test('the diagnosis checks access for the running process’s identity, not for its account, whose groups can differ', () => {
    const account = known({ ...REGISTRY, groups: [1500] });
    const { verdict, service } = judgeFacts({ ...incidentFacts(), account });
    assert.equal(verdict, 'faulty');
    assert.deepEqual(service?.groups, []);
  });

  test('the diagnosis checks access for no one, and is inconclusive, if neither the process nor the account is known', () => {
    const { service, verdict, walk } = judgeFacts(
      factsOf({ process: unknown('not-permitted'), account: unknown('not-permitted') }),
    );
    assert.equal(service, null);
    assert.equal(verdict, 'inconclusive');
    assert.ok(walk.every(({ access }) => access === 'unknown'));
  });
});

describe('a registry is called healthy only if nothing that this depends on is unknown', () => {
  const well = factsOf();
  const otherIdentity = known({ ...REGISTRY, uid: 994 });
  const rootTries = well.rootTries;
  const gaps: [string, Partial<Facts>][] = [
    ['its process is unknown', { process: unknown('not-permitted') }],
    ['its process is absent', { process: absent }],
    ['its storage root is unknown', { storageRoot: unknown('config-missing') }],
    ['its storage root is absent', { storageRoot: absent }],
    ['no inode was seen', { nodes: [] }],
    ['one inode was not reported', { nodes: well.nodes.filter(({ path }) => path !== '/var') }],
    ['one inode was not seen', { nodes: well.nodes.map((node) => (node.path === '/var' ? unseen('/var') : node)) }],
    ['nothing was tested', { triedAs: absent }],
    ['testing was not possible', { triedAs: unknown({ code: 'missing-on-host', detail: 'setpriv' }) }],
    ['it was tested as another identity', { triedAs: otherIdentity }],
    ['stat was not tested', { rootTries: { ...rootTries, stat: unknown('not-permitted') } }],
    ['list was not tested', { rootTries: { ...rootTries, list: absent } }],
    ['create was not tested', { rootTries: { ...rootTries, create: unknown('not-permitted') } }],
    ['stat failed', { rootTries: { ...rootTries, stat: known(FAILED) } }],
    ['list failed', { rootTries: { ...rootTries, list: known(FAILED) } }],
    ['create failed', { rootTries: { ...rootTries, create: known(FAILED) } }],
    ['stat was denied', { rootTries: { ...rootTries, stat: known(DENIED) } }],
    ['list was denied', { rootTries: { ...rootTries, list: known(DENIED) } }],
    ['create was denied', { rootTries: { ...rootTries, create: known(DENIED) } }],
    ['passing one directory was denied', { searchTries: [{ path: hostPath('/var'), answer: DENIED }] }],
    ['the mount table is unknown', { mounts: unknown('not-permitted') }],
    ['the mount setup is unknown', { mountSetup: unknown('not-permitted') }],
    ['the free space on the disk is unknown', { diskSpace: unknown({ code: 'no-answer', detail: '3' }) }],
    ['/v2/ did not answer', { v2: unknown({ code: 'no-answer', detail: '3' }) }],
    ['/v2/ could not be asked', { v2: unknown('no-tool-to-ask') }],
    ['the debug address did not answer', { health: unknown('connection-refused') }],
    ['the health check says that it is denied', { health: unwell(ROOT).health }],
    ['/v2/ says 503', { v2: unwell(ROOT).v2 }],
  ];
  for (const [name, gap] of gaps) {
    test(`a registry is not called healthy if ${name}`, () =>
      assert.notEqual(judgeFacts({ ...well, ...gap }).verdict, 'healthy'));
  }

  test('a registry is not called healthy if its process sees, or might see, other mounts than the probe', () => {
    for (const mountNamespace of ['other', 'unknown'] as const) {
      const process = known(processOf({ mountNamespace }));
      assert.equal(judgeFacts({ ...well, process }).verdict, 'inconclusive');
    }
  });

  const needless: [string, Partial<Facts>][] = [
    ['there is no debug address', { health: absent }],
    ['its account is unknown', { account: unknown({ code: 'missing-on-host', detail: 'getent' }) }],
    ['the boot is unknown', { bootId: unknown('not-permitted'), bootedAt: unknown('not-permitted') }],
    ['single directories were not tested, but the whole path was', { searchTries: [] }],
  ];
  for (const [name, gap] of needless) {
    test(`a registry is still called healthy if ${name}`, () =>
      assert.equal(judgeFacts({ ...well, ...gap }).verdict, 'healthy'));
  }
});

describe('the registry’s own answers outrank what the permissions suggest', () => {
  test('a registry that answers "permission denied" on a path that the kernel allows is called faulty, without a plan', () => {
    const { verdict, plan, findings } = judgeFacts(factsOf(unwell(ROOT)));
    assert.equal(verdict, 'faulty');
    assert.equal(plan, null);
    assert.equal(findings[0]?.id, 'registry-unwell');
  });

  test('a registry that answers 200 although its path is blocked is not called healthy', () => {
    const facts = factsOf({
      nodes: [dir('/data', '0700'), dir('/data/r')],
      storageRoot: '/data/r',
      closed: ['/data'],
      ...WELL,
    });
    assert.equal(judgeFacts(facts).verdict, 'faulty');
  });
});
