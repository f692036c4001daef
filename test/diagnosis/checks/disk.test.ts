import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { Finding, type FindingId } from '../../../src/model/diagnosis/finding.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import type { Facts, TryResult } from '../../../src/model/host/facts.ts';
import { allFindings } from '../../support/all-findings.ts';
import { contentsOf } from '../../support/contents-builder.ts';
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
} from '../../support/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../support/mount-setup.ts';

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

describe('a disk that is not mounted', () => {
  const stub = (options: FactsOptions = {}) =>
    hostWith({ mounts: known([slash]), ...fstab('UUID=aaaa /srv/disk ext4 nofail'), ...options });

  test('green, usable and empty: the classic form is a fault all the same, and comes first', () => {
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

  test('masks what only the stub lacks, and no plan touches the stub', () => {
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

  test('does not mask a directory above its mount point, which has to be opened too', () => {
    const facts = stub({ nodes: [dir('/srv', '0700'), dir('/srv/disk'), dir(ROOT)], closed: ['/srv'] });
    assert.ok(linesOf(facts).includes('fault untraversable-ancestor kernel /srv'));
  });

  test('explains a dangling link, and names where the way breaks off', () => {
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

  test('explains a storage root that is not there', () => {
    const facts = stub({ nodes: [dir('/srv/disk'), missing(ROOT)], ...tries(GONE, GONE, GONE) });
    assert.deepEqual(linesOf(facts).slice(0, 2), [
      'fault mount-missing evaluated /srv/disk',
      `info storage-root-missing kernel ${ROOT}`,
    ]);
  });

  test('is none where it is mounted', () => {
    assert.deepEqual(linesOf(hostWith(fstab('UUID=aaaa /srv/disk ext4'))), []);
  });

  test('cannot be told without fstab, and that is not health', () => {
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

describe('another disk than fstab names', () => {
  const other = fstab('UUID=cccc /srv/disk ext4');
  const empty = { contents: known(contentsOf({ repositories: 0 }, ROOT)) };
  const ids = (options: FactsOptions) => linesOf(hostWith(options)).filter((line) => line.includes('wrong-disk'));

  test('is a fault where no image is seen', () => {
    assert.deepEqual(ids({ ...other, ...empty }), ['fault wrong-disk-mounted evaluated /srv/disk']);
    assert.partialDeepStrictEqual(only('wrong-disk-mounted', hostWith({ ...other, ...empty })), {
      mounted: '/dev/sdb1',
      fstab: 'UUID=cccc',
    });
  });
  test('is a warning where images are there', () =>
    assert.deepEqual(ids(other), ['warning wrong-disk-mounted evaluated /srv/disk']));
  test('is none by another name of the same device', () => {
    assert.deepEqual(ids({ ...fstab('UUID=aaaa /srv/disk ext4'), ...empty }), []);
    assert.deepEqual(ids({ ...fstab('/dev/sdb1 /srv/disk ext4'), ...empty }), []);
  });
  test('is none where one of two lines for the place fits', () => {
    assert.deepEqual(ids({ ...fstab('UUID=cccc /srv/disk ext4', 'UUID=aaaa /srv/disk ext4'), ...empty }), []);
  });
  test('is not claimed where the device cannot be told', () => {
    assert.deepEqual(ids({ ...fstab('LABEL=data /srv/disk ext4'), ...empty }), []);
  });
  test('is told by the UUID of what is mounted when the named disk is not there at all', () => {
    assert.deepEqual(ids({ ...fstab('UUID=gone /srv/disk ext4'), ...empty }), [
      'fault wrong-disk-mounted evaluated /srv/disk',
    ]);
  });
  test('of a server is told by its words, whatever slash ends them', () => {
    const nfs = mountOf({ mountPoint: hostPath('/srv/disk'), filesystem: 'nfs4', source: 'nas:/reg' });
    const on = (line: string) => ids({ mounts: known([slash, nfs]), ...fstab(line), ...empty });
    assert.deepEqual(on('nas:/reg/ /srv/disk nfs4'), []);
    assert.deepEqual(on('nas:/other /srv/disk nfs4'), ['fault wrong-disk-mounted evaluated /srv/disk']);
  });
});

describe('room on the disk', () => {
  const space = (
    of: Partial<{ availableBytes: number; sizeBytes: number; availableInodes: number; inodes: number }>,
  ) => ({
    diskSpace: known({ sizeBytes: 2 ** 40, availableBytes: 2 ** 39, inodes: 10 ** 6, availableInodes: 10 ** 5, ...of }),
  });
  const lines = (options: FactsOptions) => linesOf(hostWith(options)).filter((line) => line.includes('full'));
  const FULL = `fault filesystem-full evaluated ${ROOT}`;
  const SCARCE = `warning filesystem-full evaluated ${ROOT}`;

  test('none left', () => assert.deepEqual(lines(space({ availableBytes: 0 })), [FULL]));
  test('less than a mebibyte left', () => assert.deepEqual(lines(space({ availableBytes: 2 ** 20 - 1 })), [FULL]));
  test('scarce', () => assert.deepEqual(lines(space({ availableBytes: 2 ** 20 })), [SCARCE]));
  test('a small share, and yet a lot', () => assert.deepEqual(lines(space({ availableBytes: 2 ** 30 })), []));
  test('little, and yet a large share', () =>
    assert.deepEqual(lines(space({ sizeBytes: 2 ** 27, availableBytes: 2 ** 26 })), []));
  test('no inodes left, with room for bytes', () => {
    const facts = hostWith(space({ availableInodes: 15 }));
    assert.deepEqual(lines(space({ availableInodes: 15 })), [FULL]);
    assert.equal(only('filesystem-full', facts).of, 'inodes');
    assert.equal(only('filesystem-full', facts).mountPoint, '/srv/disk');
  });
  test('a filesystem that makes inodes as it needs them', () =>
    assert.deepEqual(lines(space({ inodes: 0, availableInodes: 0 })), []));
  test('for a registry that runs as root it is no more than a warning: some is kept back for root', () => {
    const identity = { user: 'root', uid: 0, gid: 0, groups: [], dacOverride: true, dacReadSearch: true };
    assert.deepEqual(lines({ ...space({ availableBytes: 0 }), identity }), [SCARCE]);
  });
  test('is a consequence of a missing mount: it is the stub’s', () => {
    const options = { ...space({ availableBytes: 0 }), mounts: known([slash]), ...fstab('UUID=aaaa /srv/disk ext4') };
    assert.deepEqual(lines(options), [`info filesystem-full evaluated ${ROOT}`]);
  });
  test('not known', () => {
    const facts = hostWith({ diskSpace: unknown({ code: 'no-answer', detail: '3' }) });
    assert.deepEqual(linesOf(facts), [`warning disk-not-judged unproven ${ROOT}`]);
  });
});

describe('a mount that is read-only', () => {
  const readOnly = known([slash, { ...disk, options: ['ro'] }]);
  const setUp = (options: FactsOptions) =>
    only('readonly-mount', hostWith({ mounts: readOnly, ...tries(ALLOWED, ALLOWED, DENIED), ...options })).setUp;

  test('though fstab has it writable', () => assert.equal(setUp(fstab('UUID=aaaa /srv/disk ext4')), 'writable'));
  test('as fstab has it', () => assert.equal(setUp(fstab('UUID=aaaa /srv/disk ext4 ro')), 'read-only'));
  test('of which fstab has no line', () => assert.equal(setUp(fstab()), null));
});

describe('a stale handle', () => {
  const nfs = mountOf({ mountPoint: hostPath('/srv/disk'), filesystem: 'nfs4', source: 'nas:/reg' });
  const onNfs = (options: FactsOptions) => hostWith({ mounts: known([slash, nfs]), ...options });

  test('in a try of the root, which then explains that nothing is judged', () => {
    const facts = onNfs(tries(STALE, STALE, STALE));
    assert.equal(linesOf(facts)[0], `fault stale-handle kernel ${ROOT}`);
    assert.ok(
      linesOf(facts)
        .slice(1)
        .every((line) => line.startsWith('info')),
    );
    assert.partialDeepStrictEqual(only('stale-handle', facts), { mountPoint: '/srv/disk', source: 'nas:/reg' });
  });
  test('where the probe itself met it', () => {
    const facts = onNfs({
      nodes: [dir('/srv'), unseen('/srv/disk', { code: 'stale-handle' })],
      ...tries(STALE, STALE, STALE),
    });
    assert.equal(linesOf(facts)[0], 'fault stale-handle kernel /srv/disk');
  });
  test('in the words of the registry, old and new', () => {
    for (const words of ['stale NFS file handle', 'stale file handle']) {
      const { v2, health } = unwell(ROOT);
      assert.ok(health.state === 'known');
      const told = known({ ...health.value, body: `filesystem: stat ${ROOT}: ${words}` });
      assert.equal(linesOf(onNfs({ v2, health: told }))[0], `fault stale-handle evaluated ${ROOT}`);
    }
  });
  test('none where the words are others', () => {
    assert.ok(!linesOf(onNfs(unwell(ROOT))).some((line) => line.includes('stale')));
  });
});

describe('a file server that denies', () => {
  const mounted = (filesystem: string, of: Partial<typeof disk> = {}) =>
    known([slash, mountOf({ mountPoint: hostPath('/srv/disk'), filesystem, source: 'nas:/reg', ...of })]);
  const denied = (filesystem: string, options: FactsOptions = {}) =>
    hostWith({ mounts: mounted(filesystem), closed: ['/srv/disk'], ...options });

  for (const filesystem of ['nfs', 'nfs4', 'cifs', 'ceph']) {
    test(`${filesystem}: what the modes allow and the kernel denied when it was tried`, () => {
      const facts = denied(filesystem);
      assert.equal(linesOf(facts)[0], 'fault server-denies kernel /srv/disk');
      assert.deepEqual(
        linesOf(facts).filter((line) => /^(fault|warning)/.test(line)),
        ['fault server-denies kernel /srv/disk'],
      );
      assert.equal(planFix(judgeAccess(facts)), null);
    });
  }
  test('the root squashed: even the probe could not open it, and the whole way was denied', () => {
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
  test('is not blamed where it allowed', () => {
    assert.deepEqual(linesOf(hostWith({ mounts: mounted('nfs4'), ...fstab('nas:/reg /srv/disk nfs4') })), []);
  });
  test('is not blamed on a disk: then the two disagree', () => {
    const facts = hostWith({ closed: ['/srv/disk'] });
    assert.ok(linesOf(facts).includes('warning access-disagreement unproven /srv/disk'));
    assert.ok(!linesOf(facts).some((line) => line.includes('server-denies')));
  });
  test('is not blamed where it was not tried', () => {
    const facts = hostWith({
      mounts: mounted('nfs4'),
      searchTries: [],
      triedAs: unknown({ code: 'missing-on-host', detail: 'setpriv' }),
    });
    assert.ok(linesOf(facts).every((line) => line.startsWith('warning')));
  });
});

describe('mount options that deny', () => {
  const OPTIONS = ['rw', 'uid=0', 'gid=0', 'umask=0077', 'relatime'];
  const mounted = (filesystem: string, options = OPTIONS) =>
    known([slash, mountOf({ mountPoint: hostPath('/srv/disk'), filesystem, source: '/dev/sdb1', options })]);
  const NODES = [dir('/srv/disk', '0700'), dir(ROOT, '0700')];
  const facts = (filesystem: string, more: FactsOptions = {}) =>
    hostWith({ nodes: NODES, closed: ['/srv/disk', ROOT], mounts: mounted(filesystem), ...fstab(), ...more });

  for (const filesystem of ['vfat', 'exfat', 'ntfs3', 'cifs']) {
    test(`${filesystem}: made-up modes, told once for the mount, by the options that decide`, () => {
      const lines = linesOf(facts(filesystem)).filter((line) => line.startsWith('fault'));
      assert.deepEqual(lines, ['fault mount-options-deny kernel /srv/disk']);
      const { options, inFstab } = only('mount-options-deny', facts(filesystem));
      assert.deepEqual({ options, inFstab }, { options: ['uid=0', 'gid=0', 'umask=0077'], inFstab: false });
      assert.equal(planFix(judgeAccess(facts(filesystem))), null);
    });
  }
  test('FUSE without allow_other, where the modes would allow', () => {
    const fuse = hostWith({
      mounts: mounted('fuse.sshfs', ['rw', 'user_id=1000', 'group_id=1000']),
      closed: ['/srv/disk'],
    });
    assert.equal(linesOf(fuse)[0], 'fault mount-options-deny kernel /srv/disk');
    assert.deepEqual(only('mount-options-deny', fuse).options, ['user_id=1000', 'group_id=1000']);
  });
  test('FUSE that lets not even root look', () => {
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
  test('in fstab', () => {
    assert.equal(only('mount-options-deny', facts('vfat', fstab('/dev/sdb1 /srv/disk vfat umask=0077'))).inFstab, true);
  });
  test('none where they allow', () => {
    const open = hostWith({ mounts: mounted('vfat', ['rw', 'uid=993']), ...fstab('/dev/sdb1 /srv/disk vfat uid=993') });
    assert.deepEqual(linesOf(open), []);
  });
});
