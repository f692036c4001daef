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
import { allFindings } from '../../support/facts/all-findings.ts';
import { contentsOf } from '../../support/facts/contents-builder.ts';
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
} from '../../support/facts/facts-builder.ts';
import { english } from '../../support/words/english.ts';

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

/** A container that has the host's /srv/disk as /storage, and is healthy. */
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
  test('a container that sees an old mount gets that finding before findings about the directory under the mount point', () => {
    const closed = [dir('/'), dir('/storage'), dir(ROOT, '0700', 'root:root')];
    const lines = linesOf(container({ ...STUB, nodes: closed }));
    assert.equal(lines[0], OLD);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('fault')),
      [OLD],
    );
  });

  test('a container that sees an old mount is found even if its storage does not exist yet', () => {
    const nodes = [dir('/'), dir('/storage'), missing(ROOT)];
    const lines = linesOf(container({ ...STUB, nodes }));
    assert.equal(lines[0], 'fault container-sees-old-mount evaluated /storage');
    assert.ok(lines.includes(`info storage-root-missing evaluated ${ROOT}`), lines.join('\n'));
  });

  test('a container that sees an old mount gets no plan for the closed directory under the mount point', () => {
    const nodes = [dir('/'), dir('/storage', '0700'), dir(ROOT, '0770', 'registry:registry')];
    const closed = container({ nodes, closed: ['/storage'] });
    assert.equal(planFix(judgeAccess(closed))?.steps.length, 1, 'without the mount it would have one');
    const onStub = container({ ...STUB, nodes, closed: ['/storage'], hostPaths: { '/storage': '/srv/disk' } });
    assert.equal(planFix(judgeAccess(onStub)), null);
  });

  test('a container that has the host’s own directory is not reported as seeing an old mount', () => {
    assert.equal(verdictOf(allFindings(container())), 'healthy', linesOf(container()).join('\n'));
  });

  test('a container is not called healthy if the host’s mounts are unreadable, since it might see an old one', () => {
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

  test('the finding about a container’s closed directory shows its paths inside and on the host, and the fix uses the host’s', () => {
    const { title, remedy } = textOf(container({ nodes, closed: ['/storage'] }));
    assert.match(title, /can’t pass through \/storage \(on the host: \/srv\/disk\)$/);
    assert.match(remedy, /chmod 0701 \/srv\/disk\b/);
  });

  test('a closed directory that exists only in the container is fixed inside the container', () => {
    const { title, remedy } = textOf(container({ nodes, closed: ['/storage'], hostPaths: {}, mounts: known([layer]) }));
    assert.match(title, /\(only the registry’s process sees that path\)$/);
    assert.match(remedy, /no path on git01 leads there/);
  });

  test('the finding about a container’s closed directory shows only one path in a sentence about another directory', () => {
    const { title } = textOf(container({ ...STUB }));
    assert.match(title, /still sees the directory under the mount point$/);
  });

  const readOnly = {
    mounts: known([layer, { ...bound, options: ['ro'] }]),
    rootTries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) },
  };

  test('a mount that is read-only only inside the container is not reported as a failing disk', () => {
    const { remedy } = textOf(container(readOnly));
    assert.match(remedy, /without :ro/);
    assert.doesNotMatch(remedy, /fsck/);
  });

  test('a mount that is read-only in the container and on the host is reported as a failing disk', () => {
    const hostMounts = known([{ ...slash, options: ['ro'] }]);
    const { remedy } = textOf(container({ ...readOnly, hostMounts }));
    assert.match(remedy, /fsck/);
  });

  test('no plan for a container changes a system directory of the host', () => {
    const protectedOnHost = container({ nodes, closed: ['/storage'], hostPaths: { '/storage': '/etc/registry' } });
    assert.partialDeepStrictEqual(judgeFacts(protectedOnHost).findings[0], { noChmod: 'protected-path' });
    assert.equal(judgeFacts(protectedOnHost).plan, null);
  });

  test('a closed directory that is mounted read-only into the container is fixed on the host', () => {
    const mounts = known([layer, { ...bound, options: ['ro'] }]);
    const { plan } = judgeFacts(container({ nodes, closed: ['/storage'], mounts }));
    assert.equal(plan?.steps[0]?.path, '/srv/disk');
  });
});

test('access is reported as unknown if the registry’s mount namespace could not be read', () => {
  const facts = factsOf({ process: known(processOf({ mountNamespace: 'other' })) });
  assert.deepEqual(linesOf(facts), ['warning other-mount-namespace unproven null']);
  assert.equal(judgeFacts(facts).verdict, 'inconclusive');
});

test('a container without storage on disk is not reported to have paths that are hidden from the probe', () => {
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

describe('a registry that was probed from inside its container', () => {
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

  test('a diagnosis from inside the container says so, and names the storage’s directory on disk', () => {
    const [finding] = allFindings(inside());
    assert.partialDeepStrictEqual(finding, {
      id: 'looked-from-inside',
      severity: 'info',
      mount: { mountPoint: '/storage', source: '/dev/sda1', directory: '/srv/disk' },
    });
    assert.equal(judgeFacts(inside()).verdict, 'healthy');
  });

  test('a diagnosis from inside the container says so without naming a mount that is unknown', () => {
    const [finding] = allFindings(inside({ mounts: unknown({ code: 'missing-on-host', detail: 'awk' }) }));
    assert.partialDeepStrictEqual(finding, { id: 'looked-from-inside', mount: null });
  });

  test('a plan from a diagnosis inside the container says where its commands run', () => {
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

  test('a diagnosis from inside the container claims nothing about the host after a reboot', () => {
    assert.equal(mountsOfHost(inside()), null);
  });

  test('a diagnosis on the host does not claim to have run inside a container', () => {
    assert.deepEqual(linesOf(inside({ enteredBy: [] })), []);
  });
});
