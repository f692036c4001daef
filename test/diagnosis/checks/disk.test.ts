import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { Finding, type FindingId } from '../../../src/model/diagnosis/finding.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import type { Facts, TryResult } from '../../../src/model/host/facts.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { contentsOf } from '../../support/facts/contents-builder.ts';
import {
  ALLOWED,
  DENIED,
  dir,
  type FactsOptions,
  factsOf,
  hostPath,
  link,
  missing,
  mountOf,
  unseen,
  unwell,
} from '../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../support/facts/mount-setup.ts';

const ROOT = '/srv/disk/registry';
const slash = mountOf({ mountPoint: hostPath('/') });
const disk = mountOf({ mountPoint: hostPath('/srv/disk'), source: '/dev/sdb1', device: '8:17' });
const UUIDS = { '/dev/sdb1': 'aaaa', '/dev/sdc1': 'cccc' };
const DEVICES = { '/dev/sdb1': '8:17', 'UUID=aaaa': '8:17', 'UUID=cccc': '8:33', '/dev/sdc1': '8:33' };
const STALE: TryResult = { result: 'failed', why: { code: 'stale-handle' } };

function hostWith(options: FactsOptions = {}): Facts {
  const nodes = [dir('/srv/disk'), dir(ROOT, '0770', 'registry:registry')];
  return factsOf({
    storageRoot: ROOT,
    nodes,
    mounts: known([slash, disk]),
    ...fstab('UUID=aaaa /srv/disk ext4'),
    ...options,
  });
}

function findingsOf(facts: Facts): Finding[] {
  return allFindings(facts).map((finding) => Finding.parse(finding));
}

/** `fault mount-missing evaluated /srv/disk`. */
function linesOf(facts: Facts): string[] {
  return findingsOf(facts).map(({ severity, id, proof, path }) => `${severity} ${id} ${proof} ${path}`);
}

function only<Id extends FindingId>(id: Id, facts: Facts): Extract<Finding, { id: Id }> {
  const found = findingsOf(facts).find((finding): finding is Extract<Finding, { id: Id }> => finding.id === id);
  return found ?? assert.fail(`no ${id}`);
}

const fstab = (...lines: string[]) => ({
  mountSetup: mountSetupOf({ fstab: lines.map(fstabLine), uuids: UUIDS, devices: DEVICES }),
});
const tries = (stat: TryResult, list: TryResult, create: TryResult) => ({
  rootTries: { stat: known(stat), list: known(list), create: known(create) },
});
const GONE: TryResult = { result: 'failed', why: { code: 'not-there' } };

describe('the finding about an unmounted disk', () => {
  const stub = (options: FactsOptions = {}) =>
    hostWith({ mounts: known([slash]), ...fstab('UUID=aaaa /srv/disk ext4 nofail'), ...options });

  test('an unmounted disk under a storage that looks healthy, usable and empty is the first fault', () => {
    const facts = stub({ contents: known(contentsOf({ repositories: 0 }, ROOT)) });
    assert.equal(linesOf(facts)[0], 'fault mount-missing evaluated /srv/disk');
    assert.partialDeepStrictEqual(only('mount-missing', facts), {
      source: 'UUID=aaaa',
      setUpIn: '/etc/fstab',
      breaksOffAt: null,
      repositories: 0,
    });
    assert.equal(verdictOf(findingsOf(facts)), 'faulty');
  });

  test('an unmounted disk replaces the findings about the directory under its mount point, which no plan changes', () => {
    const facts = stub({
      nodes: [dir('/srv/disk', '0700'), dir(ROOT, '0700')],
      closed: ['/srv/disk', ROOT],
    });
    assert.deepEqual(
      linesOf(facts).filter((line) => line.startsWith('fault')),
      ['fault mount-missing evaluated /srv/disk'],
    );
    assert.ok(linesOf(facts).includes('info untraversable-ancestor kernel /srv/disk'));
    assert.equal(planFix(judgeAccess(facts)), null);
  });

  test('an unmounted disk does not hide the finding about a closed directory above its mount point', () => {
    const facts = stub({ nodes: [dir('/srv', '0700'), dir('/srv/disk'), dir(ROOT)], closed: ['/srv'] });
    assert.ok(linesOf(facts).includes('fault untraversable-ancestor kernel /srv'));
  });

  test('the finding about an unmounted disk explains a broken symlink, and names where the path breaks off', () => {
    const facts = stub({
      storageRoot: '/opt/registry',
      nodes: [link('/opt/registry', ROOT), dir('/srv/disk'), missing(ROOT)],
      ...tries(GONE, GONE, GONE),
    });
    assert.deepEqual(linesOf(facts).slice(0, 2), [
      'fault mount-missing evaluated /srv/disk',
      'info dangling-link kernel /opt/registry',
    ]);
    assert.equal(only('mount-missing', facts).breaksOffAt, ROOT);
  });

  test('the finding about an unmounted disk explains a missing storage root', () => {
    const facts = stub({ nodes: [dir('/srv/disk'), missing(ROOT)], ...tries(GONE, GONE, GONE) });
    assert.deepEqual(linesOf(facts).slice(0, 2), [
      'fault mount-missing evaluated /srv/disk',
      `info storage-root-missing kernel ${ROOT}`,
    ]);
  });

  test('a mounted disk is not reported as unmounted', () => {
    assert.deepEqual(linesOf(hostWith(fstab('UUID=aaaa /srv/disk ext4'))), []);
  });

  test('a host without a readable fstab is not called healthy, since a disk might be unmounted', () => {
    const setup = mountSetupOf();
    assert.ok(setup.state === 'known');
    const facts = stub({ mountSetup: known({ ...setup.value, fstab: unknown('not-permitted') }) });
    assert.deepEqual(linesOf(facts), [`warning disk-not-judged unproven ${ROOT}`]);
    assert.deepEqual(only('disk-not-judged', facts).why, {
      code: 'fstab-unread',
      because: { code: 'not-permitted' },
    });
    assert.equal(verdictOf(findingsOf(facts)), 'inconclusive');
  });
});

describe('the finding about another disk than fstab names', () => {
  const other = fstab('UUID=cccc /srv/disk ext4');
  const empty = { contents: known(contentsOf({ repositories: 0 }, ROOT)) };
  const ids = (options: FactsOptions) => linesOf(hostWith(options)).filter((line) => line.includes('wrong-disk'));

  test('another disk than fstab names is a fault if no image is found on it', () => {
    assert.deepEqual(ids({ ...other, ...empty }), ['fault wrong-disk-mounted evaluated /srv/disk']);
    assert.partialDeepStrictEqual(only('wrong-disk-mounted', hostWith({ ...other, ...empty })), {
      mounted: '/dev/sdb1',
      fstab: 'UUID=cccc',
    });
  });
  test('another disk than fstab names is only a warning if images are on it', () =>
    assert.deepEqual(ids(other), ['warning wrong-disk-mounted evaluated /srv/disk']));
  test('a disk that fstab names by another name of the same device is not reported as another disk', () => {
    assert.deepEqual(ids({ ...fstab('UUID=aaaa /srv/disk ext4'), ...empty }), []);
    assert.deepEqual(ids({ ...fstab('/dev/sdb1 /srv/disk ext4'), ...empty }), []);
  });
  test('a disk is not reported as another one if one of two fstab lines for its mount point names it', () => {
    assert.deepEqual(ids({ ...fstab('UUID=cccc /srv/disk ext4', 'UUID=aaaa /srv/disk ext4'), ...empty }), []);
  });
  test('a disk is not reported as another one if its device is unknown', () => {
    assert.deepEqual(ids({ ...fstab('LABEL=data /srv/disk ext4'), ...empty }), []);
  });
  test('the finding about another disk shows its UUID if the disk that fstab names does not exist', () => {
    assert.deepEqual(ids({ ...fstab('UUID=gone /srv/disk ext4'), ...empty }), [
      'fault wrong-disk-mounted evaluated /srv/disk',
    ]);
  });
  test('a network mount is compared with fstab by its source, with or without a final slash', () => {
    const nfs = mountOf({ mountPoint: hostPath('/srv/disk'), filesystem: 'nfs4', source: 'nas:/reg' });
    const on = (line: string) => ids({ mounts: known([slash, nfs]), ...fstab(line), ...empty });
    assert.deepEqual(on('nas:/reg/ /srv/disk nfs4'), []);
    assert.deepEqual(on('nas:/other /srv/disk nfs4'), ['fault wrong-disk-mounted evaluated /srv/disk']);
  });
});

describe('the finding about free space on the disk', () => {
  const space = (
    of: Partial<{ availableBytes: number; sizeBytes: number; availableInodes: number; inodes: number }>,
  ) => ({
    diskSpace: known({ sizeBytes: 2 ** 40, availableBytes: 2 ** 39, inodes: 10 ** 6, availableInodes: 10 ** 5, ...of }),
  });
  const lines = (options: FactsOptions) => linesOf(hostWith(options)).filter((line) => line.includes('full'));
  const FULL = `fault filesystem-full evaluated ${ROOT}`;
  const SCARCE = `warning filesystem-full evaluated ${ROOT}`;

  test('a full disk is reported as a fault', () => assert.deepEqual(lines(space({ availableBytes: 0 })), [FULL]));
  test('a disk with less than one mebibyte free is reported as a fault', () =>
    assert.deepEqual(lines(space({ availableBytes: 2 ** 20 - 1 })), [FULL]));
  test('a disk with little free space is reported as a warning', () =>
    assert.deepEqual(lines(space({ availableBytes: 2 ** 20 })), [SCARCE]));
  test('a disk with a small share but many bytes free is not reported', () =>
    assert.deepEqual(lines(space({ availableBytes: 2 ** 30 })), []));
  test('a disk with few bytes but a large share free is not reported', () =>
    assert.deepEqual(lines(space({ sizeBytes: 2 ** 27, availableBytes: 2 ** 26 })), []));
  test('a disk without free inodes is reported as a fault, even if it has free bytes', () => {
    const facts = hostWith(space({ availableInodes: 15 }));
    assert.deepEqual(lines(space({ availableInodes: 15 })), [FULL]);
    assert.equal(only('filesystem-full', facts).of, 'inodes');
    assert.equal(only('filesystem-full', facts).mountPoint, '/srv/disk');
  });
  test('a disk whose filesystem creates inodes on demand is not reported as out of inodes', () =>
    assert.deepEqual(lines(space({ inodes: 0, availableInodes: 0 })), []));
  test('a full disk is only a warning for a registry that runs as root, which can use reserved blocks', () => {
    const identity = { user: 'root', uid: 0, gid: 0, groups: [], dacOverride: true, dacReadSearch: true };
    assert.deepEqual(lines({ ...space({ availableBytes: 0 }), identity }), [SCARCE]);
  });
  test('a full directory under an unmounted disk is reported as a consequence, not as a cause', () => {
    const options = { ...space({ availableBytes: 0 }), mounts: known([slash]), ...fstab('UUID=aaaa /srv/disk ext4') };
    assert.deepEqual(lines(options), [`info filesystem-full evaluated ${ROOT}`]);
  });
  test('a registry is not called healthy if the free space on its disk is unknown', () => {
    const facts = hostWith({ diskSpace: unknown({ code: 'no-answer', detail: '3' }) });
    assert.deepEqual(linesOf(facts), [`warning disk-not-judged unproven ${ROOT}`]);
  });
});

describe('the finding about a read-only mount', () => {
  const readOnly = known([slash, { ...disk, options: ['ro'] }]);
  const setUp = (options: FactsOptions) =>
    only('readonly-mount', hostWith({ mounts: readOnly, ...tries(ALLOWED, ALLOWED, DENIED), ...options })).setUp;

  test('the finding about a read-only mount says if fstab has it writable', () =>
    assert.equal(setUp(fstab('UUID=aaaa /srv/disk ext4')), 'writable'));
  test('the finding about a read-only mount says if fstab has it read-only', () =>
    assert.equal(setUp(fstab('UUID=aaaa /srv/disk ext4 ro')), 'read-only'));
  test('the finding about a read-only mount does not mention fstab if that has no line for it', () =>
    assert.equal(setUp(fstab()), null));
});

describe('the finding about a stale file handle', () => {
  const nfs = mountOf({ mountPoint: hostPath('/srv/disk'), filesystem: 'nfs4', source: 'nas:/reg' });
  const onNfs = (options: FactsOptions) => hostWith({ mounts: known([slash, nfs]), ...options });

  test('a stale file handle in a test of the storage root explains why its access could not be checked', () => {
    const facts = onNfs(tries(STALE, STALE, STALE));
    assert.equal(linesOf(facts)[0], `fault stale-handle kernel ${ROOT}`);
    assert.ok(
      linesOf(facts)
        .slice(1)
        .every((line) => line.startsWith('info')),
    );
    assert.partialDeepStrictEqual(only('stale-handle', facts), { mountPoint: '/srv/disk', source: 'nas:/reg' });
  });
  test('a stale file handle that the probe itself got is reported as a fault', () => {
    const facts = onNfs({
      nodes: [dir('/srv'), unseen('/srv/disk', { code: 'stale-handle' })],
      ...tries(STALE, STALE, STALE),
    });
    assert.equal(linesOf(facts)[0], 'fault stale-handle kernel /srv/disk');
  });
  test('a stale file handle is recognized in the log messages of old and new registries', () => {
    for (const words of ['stale NFS file handle', 'stale file handle']) {
      const { v2, health } = unwell(ROOT);
      assert.ok(health.state === 'known');
      const told = known({ ...health.value, body: `filesystem: stat ${ROOT}: ${words}` });
      assert.equal(linesOf(onNfs({ v2, health: told }))[0], `fault stale-handle evaluated ${ROOT}`);
    }
  });
  test('other log messages of the registry are not reported as a stale file handle', () => {
    assert.ok(!linesOf(onNfs(unwell(ROOT))).some((line) => line.includes('stale')));
  });
});

describe('the finding about a file server that denies access', () => {
  const mounted = (filesystem: string, of: Partial<typeof disk> = {}) =>
    known([slash, mountOf({ mountPoint: hostPath('/srv/disk'), filesystem, source: 'nas:/reg', ...of })]);
  const denied = (filesystem: string, options: FactsOptions = {}) =>
    hostWith({ mounts: mounted(filesystem), closed: ['/srv/disk'], ...options });

  for (const filesystem of ['nfs', 'nfs4', 'cifs', 'ceph']) {
    test(`on ${filesystem}, the file server is reported as the cause if the kernel denied what modes allow`, () => {
      const facts = denied(filesystem);
      assert.equal(linesOf(facts)[0], 'fault server-denies kernel /srv/disk');
      assert.deepEqual(
        linesOf(facts).filter((line) => /^(fault|warning)/.test(line)),
        ['fault server-denies kernel /srv/disk'],
      );
      assert.equal(planFix(judgeAccess(facts)), null);
    });
  }
  test('root squash is reported if even the probe could not open the directory and the whole path was denied', () => {
    const unopened: TryResult = { result: 'failed', why: { code: 'not-opened' } };
    const facts = hostWith({
      mounts: mounted('nfs4'),
      searchTries: ['/', '/srv']
        .map((path) => ({ path: hostPath(path), answer: ALLOWED }))
        .concat({
          path: hostPath('/srv/disk'),
          answer: unopened,
        }),
      ...tries(DENIED, DENIED, DENIED),
    });
    assert.equal(linesOf(facts)[0], 'fault server-denies kernel /srv/disk');
  });
  test('a file server that allowed the access test is not reported as the cause', () => {
    assert.deepEqual(linesOf(hostWith({ mounts: mounted('nfs4'), ...fstab('nas:/reg /srv/disk nfs4') })), []);
  });
  test('on a local disk, access that modes allow and the kernel denies is reported as a disagreement, not as a server’s denial', () => {
    const facts = hostWith({ closed: ['/srv/disk'] });
    assert.ok(linesOf(facts).includes('warning access-disagreement unproven /srv/disk'));
    assert.ok(!linesOf(facts).some((line) => line.includes('server-denies')));
  });
  test('a file server is not reported as the cause if nothing was tested', () => {
    const facts = hostWith({
      mounts: mounted('nfs4'),
      searchTries: [],
      triedAs: unknown({ code: 'missing-on-host', detail: 'setpriv' }),
    });
    assert.ok(linesOf(facts).every((line) => line.startsWith('warning')));
  });
});

describe('the finding about mount options that deny access', () => {
  const OPTIONS = ['rw', 'uid=0', 'gid=0', 'umask=0077', 'relatime'];
  const mounted = (filesystem: string, options = OPTIONS) =>
    known([slash, mountOf({ mountPoint: hostPath('/srv/disk'), filesystem, source: '/dev/sdb1', options })]);
  const NODES = [dir('/srv/disk', '0700'), dir(ROOT, '0700')];
  const facts = (filesystem: string, more: FactsOptions = {}) =>
    hostWith({ nodes: NODES, closed: ['/srv/disk', ROOT], mounts: mounted(filesystem), ...fstab(), ...more });

  for (const filesystem of ['vfat', 'exfat', 'ntfs3', 'cifs']) {
    test(`on ${filesystem}, made-up modes are reported once for the mount, with the mount options that decide`, () => {
      const lines = linesOf(facts(filesystem)).filter((line) => line.startsWith('fault'));
      assert.deepEqual(lines, ['fault mount-options-deny kernel /srv/disk']);
      const { options, inFstab } = only('mount-options-deny', facts(filesystem));
      assert.deepEqual({ options, inFstab }, { options: ['uid=0', 'gid=0', 'umask=0077'], inFstab: false });
      assert.equal(planFix(judgeAccess(facts(filesystem))), null);
    });
  }
  test('a FUSE mount without allow_other is reported even though its modes would allow access', () => {
    const fuse = hostWith({
      mounts: mounted('fuse.sshfs', ['rw', 'user_id=1000', 'group_id=1000']),
      closed: ['/srv/disk'],
    });
    assert.equal(linesOf(fuse)[0], 'fault mount-options-deny kernel /srv/disk');
    assert.deepEqual(only('mount-options-deny', fuse).options, ['user_id=1000', 'group_id=1000']);
  });
  test('a FUSE mount that blocks even root is reported', () => {
    const mounts = mounted('fuse.sshfs', ['rw', 'user_id=1000', 'group_id=1000']);
    const nodes = [dir('/srv'), unseen('/srv/disk')];
    const fuse = hostWith({ mounts, nodes, ...tries(DENIED, DENIED, DENIED) });
    assert.deepEqual(linesOf(fuse), [
      'fault mount-options-deny kernel /srv/disk',
      'info path-not-visible unproven /srv/disk',
    ]);
    const noRoot = { probe: { user: 'ops', uid: 1500, scriptMs: null } };
    assert.ok(!linesOf(hostWith({ mounts, nodes, ...noRoot })).some((line) => line.includes('options')));
  });
  test('the finding about mount options that deny access names the options in fstab', () => {
    assert.equal(only('mount-options-deny', facts('vfat', fstab('/dev/sdb1 /srv/disk vfat umask=0077'))).inFstab, true);
  });
  test('mount options that allow access are not reported', () => {
    const open = hostWith({ mounts: mounted('vfat', ['rw', 'uid=993']), ...fstab('/dev/sdb1 /srv/disk vfat uid=993') });
    assert.deepEqual(linesOf(open), []);
  });
});
