import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts, PathNode, TryResult } from '../../../src/model/host/facts.ts';
import type { StorageContents } from '../../../src/model/host/storage-contents.ts';
import type { UsedPath } from '../../../src/model/host/used-path.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { closedDirectory, contentsOf, foreignOf } from '../../support/facts/contents-builder.ts';
import { ALLOWED, DENIED, dir, factsOf, hostPath, link, missing, mountOf } from '../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../support/facts/mount-setup.ts';
import { innerPath } from '../../support/facts/used-path.ts';

const ROOT = '/var/lib/registry';
const V2 = `${ROOT}/docker/registry/v2`;
const BLOBS = `${V2}/blobs`;
const ABOVE = ['/docker', '/docker/registry', '/docker/registry/v2'].map((place) =>
  dir(`${ROOT}${place}`, '0755', 'registry:registry'),
);
const OWN = (path: string) => dir(path, '0755', 'registry:registry');
const LINKED = [dir(ROOT, '0770', 'registry:registry'), ...ABOVE, link(BLOBS, '/data/disk2/blobs')];

function factsWith(
  nodes: readonly PathNode[],
  paths: readonly UsedPath[],
  of: Partial<StorageContents> = {},
  more: Partial<Facts> = {},
): Facts {
  const parts = paths.map(({ path, tries }) => ({
    path,
    tried: tries.stat.state === 'known' && tries.stat.value.result === 'allowed',
  }));
  return {
    ...factsOf({ nodes: [...nodes], paths: [...paths], contents: known(contentsOf({ parts, ...of })) }),
    ...more,
  };
}

function findingsOf(facts: Facts): Finding[] {
  return allFindings(facts).map((finding) => Finding.parse(finding));
}

const linesOf = (facts: Facts) =>
  findingsOf(facts)
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, proof, id, path }) => `${severity} ${proof} ${id} ${path}`);

function stepsOf(facts: Facts): string[] {
  return (planFix(judgeAccess(facts))?.steps ?? []).map(({ action, path, to }) => `${action} ${path} ${to}`);
}

const closedAbove = (closed: string) =>
  factsWith(
    [...LINKED, dir('/data/disk2', closed), OWN('/data/disk2/blobs')],
    [innerPath(BLOBS, DENIED)],
    {},
    { searchTries: [{ path: hostPath('/data/disk2'), answer: DENIED }] },
  );

describe('a symlink inside the storage', () => {
  test('a storage with a symlink to a usable directory is called healthy', () => {
    const facts = factsWith([...LINKED, dir('/data/disk2'), OWN('/data/disk2/blobs')], [innerPath(BLOBS)]);
    assert.deepEqual(linesOf(facts), []);
    assert.equal(verdictOf(findingsOf(facts)), 'healthy');
  });

  test('a closed directory above the target of a symlink inside the storage is a fault, and the plan opens it', () => {
    const facts = closedAbove('0700');
    assert.deepEqual(linesOf(facts), ['fault kernel untraversable-ancestor /data/disk2']);
    assert.deepEqual(stepsOf(facts), ['chmod /data/disk2 0701']);
    const plan = planFix(judgeAccess(facts));
    assert.deepEqual(plan?.also, [{ use: 'directory', path: BLOBS, secret: false }]);
    assert.equal(plan?.clearsEveryBlocker, true);
  });

  test('the finding behind a symlink inside the storage shows the path to the symlink’s target', () => {
    const [finding] = findingsOf(closedAbove('0700'));
    const walk = finding?.id === 'untraversable-ancestor' ? finding.walk : undefined;
    assert.equal(walk?.at(-1)?.path, '/data/disk2/blobs');
    assert.equal(walk?.find(({ path }) => path === '/data/disk2')?.access, 'denied');
  });

  test('an unwritable target of a symlink inside the storage is reported by its physical path', () => {
    const facts = factsWith(
      [...LINKED, dir('/data/disk2'), dir('/data/disk2/blobs', '0555', 'registry:registry')],
      [innerPath(BLOBS, ALLOWED, { tries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) } })],
    );
    assert.deepEqual(linesOf(facts), ['fault kernel inner-directory-unusable /data/disk2/blobs']);
    assert.deepEqual(stepsOf(facts), ['chmod /data/disk2/blobs 0755']);
  });

  test('a broken symlink inside the storage is a fault, and nothing behind it is reported', () => {
    const no: TryResult = { result: 'failed', why: { code: 'not-there' } };
    const facts = factsWith([...LINKED, dir('/data'), missing('/data/disk2')], [innerPath(BLOBS, no)]);
    assert.deepEqual(linesOf(facts), [`fault kernel dangling-link ${BLOBS}`]);
    assert.deepEqual(stepsOf(facts), []);
  });

  test('a fault behind a symlink inside the storage explains no fault on the path to the storage root', () => {
    const facts = factsWith(
      [
        dir(ROOT, '0500', 'registry:registry'),
        ...ABOVE,
        link(BLOBS, '/data/gone'),
        dir('/data'),
        missing('/data/gone'),
      ],
      [innerPath(BLOBS, { result: 'failed', why: { code: 'not-there' } })],
      {},
      { rootTries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) } },
    );
    assert.ok(linesOf(facts).includes(`fault kernel storage-root-unusable ${ROOT}`));
  });

  test('a storage with a symlink to a directory that was not tested is not called healthy', () => {
    const facts = factsWith([...LINKED, dir('/data/disk2'), OWN('/data/disk2/blobs')], [innerPath(BLOBS)], {
      parts: [],
    });
    assert.equal(verdictOf(findingsOf(facts)), 'inconclusive');
    assert.match(linesOf(facts).join(), /contents-not-judged/);
  });
});

describe('a filesystem mounted inside the storage', () => {
  const DOCKER = `${ROOT}/docker`;
  const MOUNT = mountOf({ mountPoint: hostPath(DOCKER), source: '/dev/mapper/vg-docker' });
  const mounted = (of: Partial<Parameters<typeof innerPath>[2]> = {}, mount = MOUNT) =>
    factsWith(
      [dir(ROOT, '0770', 'registry:registry'), ...ABOVE],
      [innerPath(DOCKER, ALLOWED, of)],
      { mountsBelow: 1 },
      {
        mounts: known([mountOf({ mountPoint: hostPath('/') }), mount]),
        mountSetup: mountSetupOf({ fstab: [fstabLine(`/dev/mapper/vg-docker ${DOCKER} ext4 defaults`)] }),
      },
    );

  test('a storage with a usable filesystem mounted inside it is called healthy', () =>
    assert.equal(verdictOf(findingsOf(mounted())), 'healthy'));

  test('a full filesystem mounted inside the storage is reported at its mount point', () => {
    const full = known({ sizeBytes: 2 ** 30, availableBytes: 0, inodes: 1000, availableInodes: 900 });
    assert.deepEqual(linesOf(mounted({ space: full })), [`fault evaluated filesystem-full ${DOCKER}`]);
  });

  test('a read-only filesystem mounted inside the storage is reported at its mount point', () => {
    const facts = mounted(
      { tries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) } },
      { ...MOUNT, options: ['ro'] },
    );
    assert.deepEqual(linesOf(facts), [`fault kernel readonly-mount ${DOCKER}`]);
  });

  test('a filesystem that fstab mounts inside the storage is reported if it is not mounted', () => {
    const facts = factsWith(
      [dir(ROOT, '0770', 'registry:registry'), ...ABOVE, OWN(BLOBS)],
      [innerPath(BLOBS)],
      {},
      { mountSetup: mountSetupOf({ fstab: [fstabLine(`UUID=1 ${BLOBS} ext4 defaults`)] }) },
    );
    assert.deepEqual(linesOf(facts), [`fault evaluated mount-missing ${BLOBS}`]);
    assert.deepEqual(stepsOf(facts), []);
  });
});

describe('the warning that the storage spans several filesystems', () => {
  const onMounts = (...mountPoints: readonly string[]) => ({
    mounts: known(['/', ...mountPoints].map((mountPoint) => mountOf({ mountPoint: hostPath(mountPoint) }))),
  });
  const found = (facts: Facts) =>
    findingsOf(facts).flatMap((finding) =>
      finding.id === 'storage-spans-filesystems'
        ? [`${finding.severity} ${finding.path}: ${finding.uploads} → ${finding.blobs}`]
        : [],
    );
  const UPLOADS = `${V2}/repositories`;
  const PLAIN = [dir(ROOT, '0770', 'registry:registry'), ...ABOVE];

  test('a storage whose blobs are on a mount of their own gets a warning that it spans filesystems', () => {
    const facts = factsWith([...PLAIN, OWN(BLOBS)], [innerPath(BLOBS)], {}, onMounts(BLOBS));
    assert.deepEqual(found(facts), [`fault ${BLOBS}: ${UPLOADS} → ${BLOBS}`]);
  });

  test('a storage whose repositories are on a mount of their own gets a warning that it spans filesystems', () => {
    const facts = factsWith([...PLAIN, OWN(UPLOADS)], [innerPath(UPLOADS)], {}, onMounts(UPLOADS));
    assert.deepEqual(found(facts), [`fault ${UPLOADS}: ${UPLOADS} → ${BLOBS}`]);
  });

  test('the warning that the storage spans filesystems has the physical path if blobs are a symlink to another mount', () => {
    const nodes = [...LINKED, dir('/data/disk2'), OWN('/data/disk2/blobs')];
    const facts = factsWith(nodes, [innerPath(BLOBS)], {}, onMounts('/data/disk2'));
    assert.deepEqual(found(facts), [`fault ${BLOBS}: ${UPLOADS} → /data/disk2/blobs`]);
  });

  test('a storage whose layer links are on a mount of their own gets no warning, because nothing is moved from there', () => {
    const layers = `${UPLOADS}/app/_layers`;
    const nodes = [...PLAIN, OWN(UPLOADS), OWN(`${UPLOADS}/app`), OWN(layers)];
    assert.deepEqual(found(factsWith(nodes, [innerPath(layers)], {}, onMounts(layers))), []);
  });

  test('a storage with one repository on another mount gets a warning that it spans filesystems', () => {
    const app = `${UPLOADS}/group/app`;
    const nodes = [...PLAIN, OWN(UPLOADS), OWN(`${UPLOADS}/group`), OWN(app)];
    const facts = factsWith(nodes, [innerPath(app)], {}, onMounts(app));
    assert.deepEqual(found(facts), [`fault ${app}: ${app} → ${BLOBS}`]);
  });

  test('a storage with blobs and repositories on the same mount gets no warning that it spans filesystems', () => {
    assert.deepEqual(
      found(factsWith([...LINKED, dir('/data/disk2'), OWN('/data/disk2/blobs')], [innerPath(BLOBS)])),
      [],
    );
    const docker = `${ROOT}/docker`;
    assert.deepEqual(found(factsWith(PLAIN, [innerPath(docker)], {}, onMounts(docker))), []);
  });
});

describe('a new filesystem inside the storage that still belongs to root', () => {
  const DOCKER = `${ROOT}/docker`;
  const facts = factsWith(
    [dir(ROOT, '0770', 'registry:registry'), dir(DOCKER, '0755')],
    [innerPath(DOCKER, ALLOWED, { tries: { stat: known(ALLOWED), list: known(ALLOWED), create: known(DENIED) } })],
    { foreign: [foreignOf({ entries: 1, denied: known({ directories: 1, files: 0 }), firstPaths: [DOCKER] })] },
  );

  test('a new filesystem inside the storage that belongs to root is one fault, and the plan gives it to the service', () => {
    assert.deepEqual(linesOf(facts), [`fault kernel inner-directory-unusable ${DOCKER}`]);
    assert.deepEqual(stepsOf(facts), [`chown ${DOCKER} 993:0`]);
    assert.equal(planFix(judgeAccess(facts))?.clearsEveryBlocker, true);
  });
});

describe('an immutable directory below the storage root', () => {
  const uploads = closedDirectory({ mode: '0755', immutable: true });
  const closed = known({ count: 1, directories: [uploads], complete: true, writePlacesTried: true });
  const facts = factsWith([dir(ROOT, '0770', 'registry:registry')], [], { closed });

  test('an immutable directory below the storage root is reported without a plan', () => {
    assert.deepEqual(linesOf(facts), [`fault kernel immutable-directory ${uploads.path}`]);
    assert.deepEqual(stepsOf(facts), []);
  });
});
