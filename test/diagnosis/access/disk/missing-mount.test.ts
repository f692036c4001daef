import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../../src/diagnosis/access/judge-access.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import type { Facts } from '../../../../src/model/host/facts.ts';
import type { Reason } from '../../../../src/model/reason.ts';
import { contentsOf } from '../../../support/facts/contents-builder.ts';
import {
  dir,
  type FactsOptions,
  factsOf,
  hostPath,
  link,
  missing,
  mountOf,
} from '../../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf, mountUnit } from '../../../support/facts/mount-setup.ts';

const ROOT = '/srv/disk/registry';
const STUB = [dir('/srv/disk'), dir(ROOT, '0770', 'registry:registry')];
const DANGLING = [link('/opt/registry', '/srv/disk/gitlab/registry'), dir('/srv'), missing('/srv/disk')];
const slash = mountOf({ mountPoint: hostPath('/') });
const disk = mountOf({ mountPoint: hostPath('/srv/disk'), source: '/dev/sdb1' });
const autofs = mountOf({ mountPoint: hostPath('/srv/disk'), filesystem: 'autofs', source: 'systemd-1' });

function missingOn(options: FactsOptions): string | null {
  const facts = factsOf({ storageRoot: ROOT, nodes: STUB, mounts: known([slash]), ...options });
  const { walk, disk } = judgeAccess(facts);
  assert.ok(walk);
  const found = disk.missing;
  return found && `${found.mountPoint} ${found.source} ${found.setUpIn}`;
}

const inFstab = (...lines: string[]) => ({ mountSetup: mountSetupOf({ fstab: lines.map(fstabLine) }) });
const empty = (repositories: number) => ({ contents: known(contentsOf({ repositories })) });

const ROWS: { name: string; facts: FactsOptions; missing: string | null }[] = [
  { name: 'nothing is set up to be mounted', facts: inFstab(), missing: null },
  {
    name: 'a line of fstab for a directory above the storage root',
    facts: inFstab('UUID=1 / ext4', 'UUID=2 /srv/disk ext4 nofail'),
    missing: '/srv/disk UUID=2 /etc/fstab',
  },
  {
    name: 'a line for the storage root itself',
    facts: inFstab(`/data/x ${ROOT} none bind`),
    missing: `${ROOT} /data/x /etc/fstab`,
  },
  {
    name: 'a line for the storage root itself, and it is mounted',
    facts: { ...inFstab('UUID=2 /srv/disk ext4'), mounts: known([slash, disk]) },
    missing: null,
  },
  { name: 'a line for a directory that is not on the path', facts: inFstab('UUID=2 /srv/other ext4'), missing: null },
  {
    name: 'a line for a directory whose name only begins like one on the path',
    facts: inFstab('UUID=2 /srv/dis ext4'),
    missing: null,
  },
  {
    name: 'of two lines on the path, the one that is mounted first',
    facts: inFstab(`UUID=3 ${ROOT} ext4`, 'UUID=2 /srv/disk ext4'),
    missing: '/srv/disk UUID=2 /etc/fstab',
  },
  { name: 'swap', facts: inFstab('UUID=3 /srv/disk swap'), missing: null },
  {
    name: 'below a broken symlink: the mount point is the missing directory',
    facts: { storageRoot: '/opt/registry', nodes: DANGLING, ...inFstab('UUID=2 /srv/disk ext4') },
    missing: '/srv/disk UUID=2 /etc/fstab',
  },
  {
    name: 'below a broken symlink: the mount point would be behind the missing directory',
    facts: { storageRoot: '/opt/registry', nodes: DANGLING, ...inFstab('UUID=2 /srv/disk/gitlab ext4') },
    missing: '/srv/disk/gitlab UUID=2 /etc/fstab',
  },
  {
    name: 'below a broken symlink: a mount point beside the path',
    facts: { storageRoot: '/opt/registry', nodes: DANGLING, ...inFstab('UUID=2 /srv/disk/other ext4') },
    missing: null,
  },
  {
    name: 'below a storage root that is not there',
    facts: { nodes: [dir('/srv'), missing('/srv/disk')], ...inFstab(`UUID=2 ${ROOT} ext4`) },
    missing: `${ROOT} UUID=2 /etc/fstab`,
  },
  {
    name: 'a line that names its mount point through a symlink',
    facts: {
      storageRoot: '/opt/registry',
      nodes: [link('/opt/registry', ROOT), ...STUB],
      ...inFstab('UUID=2 /opt/registry ext4'),
    },
    missing: `${ROOT} UUID=2 /etc/fstab`,
  },
  {
    name: 'noauto, and images are there',
    facts: { ...inFstab('UUID=2 /srv/disk ext4 noauto'), ...empty(3) },
    missing: null,
  },
  {
    name: 'noauto, and there is no image',
    facts: { ...inFstab('UUID=2 /srv/disk ext4 noauto'), ...empty(0) },
    missing: '/srv/disk UUID=2 /etc/fstab',
  },
  {
    name: 'noauto, and whether there are images is unknown',
    facts: { ...inFstab('UUID=2 /srv/disk ext4 noauto'), contents: unknown('not-permitted') },
    missing: null,
  },
  {
    name: 'an automount that waits for the first access',
    facts: { ...inFstab('UUID=2 /srv/disk ext4 noauto,x-systemd.automount'), mounts: known([slash, autofs]) },
    missing: null,
  },
  {
    name: 'an automount whose mount has failed',
    facts: {
      mounts: known([slash, autofs]),
      mountSetup: mountSetupOf({
        fstab: [fstabLine('UUID=2 /srv/disk ext4 x-systemd.automount')],
        units: known([mountUnit({ where: hostPath('/srv/disk'), activeState: 'failed', result: 'exit-code' })]),
      }),
    },
    missing: '/srv/disk UUID=2 /etc/fstab',
  },
  {
    name: 'a unit of its own that failed',
    facts: {
      mountSetup: mountSetupOf({
        units: known([mountUnit({ where: hostPath('/srv/disk'), activeState: 'failed', enabled: false })]),
      }),
    },
    missing: '/srv/disk /dev/sdb1 srv-disk.mount',
  },
  {
    name: 'a unit of its own that is enabled and not started',
    facts: {
      mountSetup: mountSetupOf({
        units: known([mountUnit({ where: hostPath('/srv/disk'), activeState: 'inactive' })]),
      }),
    },
    missing: '/srv/disk /dev/sdb1 srv-disk.mount',
  },
  {
    name: 'a unit that is not enabled, as systemd’s own tmp.mount',
    facts: {
      mountSetup: mountSetupOf({
        units: known([mountUnit({ where: hostPath('/srv'), activeState: 'inactive', enabled: false })]),
      }),
    },
    missing: null,
  },
  {
    name: 'fstab could not be read: nothing is claimed',
    facts: { mountSetup: unknown('not-permitted') },
    missing: null,
  },
];

describe('the diagnosis of a disk that should be mounted and is not', () => {
  for (const { name, facts, missing: expected } of ROWS)
    test(`an unmounted disk on the path to the storage is found: ${name}`, () =>
      assert.equal(missingOn(facts), expected));
});

describe('an unmounted disk behind a container’s directory', () => {
  const CONTAINER = [dir('/var/lib'), dir('/var/lib/registry', '0770', 'registry:registry')];
  const view = (hostMounts: Facts['mounts']) => ({
    view: {
      kind: 'process' as const,
      pid: 4711,
      startTicks: '1',
      hostPaths: [{ path: hostPath('/var/lib/registry'), hostPath: hostPath('/srv/disk/reg') }],
      hostMounts,
    },
  });
  const missingUnder = (options: FactsOptions) => {
    const facts = factsOf({ nodes: CONTAINER, ...inFstab('UUID=1 / ext4', 'UUID=2 /srv/disk ext4'), ...options });
    const { walk, disk } = judgeAccess(facts);
    assert.ok(walk);
    const found = disk.missing;
    return found && `${found.path} ${found.mountPoint}`;
  };

  test('the unmounted disk of a container is the one that its directory on the host belongs to', () =>
    assert.equal(missingUnder(view(known([slash]))), '/var/lib/registry /srv/disk'));
  test('no unmounted disk is reported for a container if the host has it mounted', () =>
    assert.equal(missingUnder(view(known([slash, disk]))), null));
  test('no unmounted disk is reported for a container if the host’s mounts are unknown', () =>
    assert.equal(missingUnder(view(unknown('not-permitted'))), null));
  test('no unmounted disk is reported for a container that does not use that disk', () =>
    assert.equal(missingUnder({ ...view(known([slash])), ...inFstab('UUID=2 /srv/other ext4') }), null));
});

describe('when fstab can’t be compared with the mounts', () => {
  const setup = mountSetupOf();
  const why = (options: FactsOptions) => judgeAccess(factsOf({ mountSetup: setup, ...options })).disk.whyNotCompared;
  const noFstab = setup.state === 'known' ? known({ ...setup.value, fstab: unknown('not-permitted') }) : assert.fail();

  test('fstab is compared with the mount table if both could be read', () => assert.equal(why({}), null));
  test('fstab is not compared with the mounts if the mount table is unknown', () => {
    const noAwk: Reason = { code: 'missing-on-host', detail: 'awk' };
    assert.deepEqual(why({ mounts: unknown(noAwk) }), noAwk);
  });
  test('fstab is not compared with the mounts if the host has no fstab', () =>
    assert.deepEqual(why({ mountSetup: noFstab }), { code: 'fstab-unread', because: { code: 'not-permitted' } }));
  test('fstab is not compared with the mounts if it could not be read', () =>
    assert.deepEqual(why({ mountSetup: unknown('not-looked-at') }), { code: 'not-looked-at' }));
  test('fstab is not compared with the mounts for a path that exists only inside a container', () => {
    assert.deepEqual(why({ view: { kind: 'process', pid: 7, startTicks: '1', hostPaths: [], hostMounts: absent } }), {
      code: 'own-mounts',
    });
  });
});
