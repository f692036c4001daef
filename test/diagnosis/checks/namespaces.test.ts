import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { mountsOfHost } from '../../../src/diagnosis/access/kernel/host-place.ts';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { planPhrases, tellPlan } from '../../../src/telling/plan.ts';
import { findingWords } from '../../../src/words/en/findings.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { allFindings } from '../../support/all-findings.ts';
import { contentsOf } from '../../support/contents-builder.ts';
import { english } from '../../support/english.ts';
import {
  ALLOWED,
  DENIED,
  dir,
  type FactsOptions,
  factsOf,
  hostPath,
  missing,
  mountOf,
  processOf,
} from '../../support/facts-builder.ts';

/** What is found where the registry's process sees another tree than the host. */

const ROOT = '/storage/registry';
const slash = mountOf({ mountPoint: hostPath('/'), id: 1, parent: 0, device: '8:1', root: '/' });
const later = mountOf({
  mountPoint: hostPath('/srv/disk'),
  id: 2,
  parent: 1,
  device: '8:17',
  root: '/',
  source: '/dev/sdb1',
});
const layer = mountOf({
  mountPoint: hostPath('/'),
  id: 10,
  parent: 9,
  device: '0:40',
  root: '/',
  filesystem: 'overlay',
});
const bound = mountOf({ mountPoint: hostPath('/storage'), id: 11, parent: 10, device: '8:1', root: '/srv/disk' });

/** A container that has the host's /srv/disk as /storage, and is well. */
function container(
  options: FactsOptions & { hostMounts?: Facts['mounts']; hostPaths?: Record<string, string> } = {},
): Facts {
  const { hostMounts = known([slash]), hostPaths = { '/storage': '/srv/disk', [ROOT]: `/srv/disk/registry` } } =
    options;
  const { hostMounts: _, hostPaths: __, ...others } = options;
  const places = Object.entries(hostPaths).map(([path, place]) => ({ path, hostPath: place }));
  return factsOf({
    storageRoot: ROOT,
    nodes: [dir('/'), dir('/storage'), dir(ROOT, '0770', 'registry:registry')],
    process: known(processOf({ mountNamespace: 'other' })),
    view: { kind: 'process', pid: 4711, startTicks: '1', hostPaths: places, hostMounts },
    mounts: known([layer, bound]),
    contents: known(contentsOf()),
    ...others,
  });
}

/** `fault container-sees-old-mount evaluated /storage`. */
function linesOf(facts: Facts): string[] {
  return allFindings(facts)
    .map((finding) => Finding.parse(finding))
    .map(({ severity, id, proof, path }) => `${severity} ${id} ${proof} ${path}`);
}

const STUB = { hostMounts: known([slash, later]), hostPaths: {} };
const OLD = `fault container-sees-old-mount evaluated ${ROOT}`;

describe('a container that sees an old mount', () => {
  test('is found before anything that the stub shows', () => {
    const closed = [dir('/'), dir('/storage'), dir(ROOT, '0700', 'root:root')];
    const lines = linesOf(container({ ...STUB, nodes: closed }));
    assert.equal(lines[0], OLD);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('fault')),
      [OLD],
    );
  });

  test('is found where its storage is not there yet', () => {
    const nodes = [dir('/'), dir('/storage'), missing(ROOT)];
    const lines = linesOf(container({ ...STUB, nodes }));
    assert.equal(lines[0], 'fault container-sees-old-mount evaluated /storage');
    assert.ok(lines.includes(`info storage-root-missing evaluated ${ROOT}`), lines.join('\n'));
  });

  test('has no plan, whatever is closed on the stub', () => {
    const nodes = [dir('/'), dir('/storage', '0700'), dir(ROOT, '0770', 'registry:registry')];
    const closed = container({ nodes, closed: ['/storage'] });
    assert.equal(planFix(judgeAccess(closed))?.steps.length, 1, 'without the mount it would have one');
    const onStub = container({ ...STUB, nodes, closed: ['/storage'], hostPaths: { '/storage': '/srv/disk' } });
    assert.equal(planFix(judgeAccess(onStub)), null);
  });

  test('is absent where the host has the same directory', () => {
    assert.equal(verdictOf(allFindings(container())), 'healthy', linesOf(container()).join('\n'));
  });

  test('is unknown, and the host not healthy, where the host’s mounts could not be read', () => {
    const facts = container({ hostMounts: unknown({ code: 'missing-on-host', detail: 'awk' }), hostPaths: {} });
    assert.deepEqual(linesOf(facts), [`warning disk-not-judged unproven ${ROOT}`]);
    assert.equal(verdictOf(allFindings(facts)), 'inconclusive');
  });
});

describe('a closed directory in a container', () => {
  const nodes = [dir('/'), dir('/storage', '0700'), dir(ROOT, '0770', 'registry:registry')];
  const textOf = (facts: Facts) => {
    const diagnosis = judgeFacts(facts);
    const [first] = diagnosis.findings;
    assert.ok(first);
    const words = findingWords(first, diagnosis);
    return { title: plainText(words.title), remedy: plainText(words.remedy) };
  };

  test('is told by both its names, and mended by the host’s', () => {
    const { title, remedy } = textOf(container({ nodes, closed: ['/storage'] }));
    assert.match(title, /can’t pass through \/storage \(on the host: \/srv\/disk\)$/);
    assert.match(remedy, /chmod 0701 \/srv\/disk\b/);
  });

  test('that the host does not have is mended inside', () => {
    const { title, remedy } = textOf(container({ nodes, closed: ['/storage'], hostPaths: {}, mounts: known([layer]) }));
    assert.match(title, /\(only the registry’s process sees that path\)$/);
    assert.match(remedy, /no path on git01 leads there/);
  });

  test('is told by one name alone where the sentence is about another place', () => {
    const { title } = textOf(container({ ...STUB }));
    assert.match(title, /still sees the directory under the mount point$/);
  });

  const readOnly = {
    mounts: known([layer, { ...bound, options: ['ro'] }]),
    rootTries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) },
  };

  test('that is read-only for it alone is no failing disk', () => {
    const { remedy } = textOf(container(readOnly));
    assert.match(remedy, /without :ro/);
    assert.doesNotMatch(remedy, /fsck/);
  });

  test('that is read-only, as the host has it, is one', () => {
    const hostMounts = known([{ ...slash, options: ['ro'] }]);
    const { remedy } = textOf(container({ ...readOnly, hostMounts }));
    assert.match(remedy, /fsck/);
  });

  test('that is one of the host’s own directories is never touched', () => {
    const protectedOnHost = container({ nodes, closed: ['/storage'], hostPaths: { '/storage': '/etc/registry' } });
    assert.partialDeepStrictEqual(judgeFacts(protectedOnHost).findings[0], { noChmod: 'protected-path' });
    assert.equal(judgeFacts(protectedOnHost).plan, null);
  });

  test('is mended on the host though the container has it read-only', () => {
    const mounts = known([layer, { ...bound, options: ['ro'] }]);
    const { plan } = judgeFacts(container({ nodes, closed: ['/storage'], mounts }));
    assert.equal(plan?.steps[0]?.path, '/srv/disk');
  });
});

test('a namespace that could not be looked at leaves everything open', () => {
  const facts = factsOf({ process: known(processOf({ mountNamespace: 'other' })) });
  assert.deepEqual(linesOf(facts), ['warning other-mount-namespace unproven null']);
  assert.equal(judgeFacts(facts).verdict, 'inconclusive');
});

test('a container that keeps nothing on disk has no way to be out of sight', () => {
  const facts = factsOf({ process: known(processOf({ mountNamespace: 'other' })) });
  const inObjectStorage = {
    ...facts,
    storageRoot: absent,
    nodes: [],
    config: known({
      ...(facts.config.state === 'known' ? facts.config.value : assert.fail()),
      storageDriver: 's3',
      rootDirectory: null,
    }),
  };
  assert.deepEqual(linesOf(inObjectStorage), ['info storage-not-on-disk evaluated null']);
});

describe('a registry that was looked at from inside its container', () => {
  const enteredBy = ['docker', 'exec', '-i', 'registry'];
  const inside = (options: FactsOptions = {}) =>
    factsOf({
      storageRoot: ROOT,
      nodes: [dir('/'), dir('/storage'), dir(ROOT, '0770', 'registry:registry')],
      mounts: known([layer, bound]),
      contents: known(contentsOf()),
      enteredBy,
      ...options,
    });

  test('tells so, and which directory of which disk its storage is', () => {
    const [finding] = allFindings(inside());
    assert.partialDeepStrictEqual(finding, {
      id: 'looked-from-inside',
      severity: 'info',
      mount: { mountPoint: '/storage', source: '/dev/sda1', directory: '/srv/disk' },
    });
    assert.equal(judgeFacts(inside()).verdict, 'healthy');
  });

  test('tells so without the mount where that is not known', () => {
    const [finding] = allFindings(inside({ mounts: unknown({ code: 'missing-on-host', detail: 'awk' }) }));
    assert.partialDeepStrictEqual(finding, { id: 'looked-from-inside', mount: null });
  });

  test('has a plan that says where it is carried out', () => {
    const nodes = [dir('/'), dir('/storage', '0700'), dir(ROOT, '0770', 'registry:registry')];
    const { plan } = judgeFacts(inside({ nodes, closed: ['/storage'] }));
    assert.deepEqual(plan?.enteredBy, enteredBy);
    assert.match(
      planPhrases(tellPlan(plan ?? assert.fail(), english), english)
        .map(plainText)
        .join(' '),
      /through docker exec -i registry/,
    );
  });

  test('says nothing of what holds on the host after a boot', () => {
    assert.equal(mountsOfHost(inside()), null);
  });

  test('is not told of a host that was looked at plainly', () => {
    assert.deepEqual(linesOf(inside({ enteredBy: [] })), []);
  });
});
