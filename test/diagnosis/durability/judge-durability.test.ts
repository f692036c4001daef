import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applySteps } from '../../../src/diagnosis/access/after/apply-steps.ts';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { judgeDurability } from '../../../src/diagnosis/durability/judge-durability.ts';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { planFix } from '../../../src/diagnosis/plan/plan-fix.ts';
import { Durability } from '../../../src/model/diagnosis/durability.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import { ModeReset } from '../../../src/model/host/disk.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { acl, dir, type FactsOptions, factsOf, hostPath, link, mountOf } from '../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf, mountUnit } from '../../support/facts/mount-setup.ts';
import { reasonText } from '../../support/words/reason-text.ts';

const ROOT = '/srv/disk/registry';
const NODES = [dir('/srv/disk'), dir(ROOT, '0770', 'registry:registry')];
const slash = mountOf({ mountPoint: hostPath('/'), id: 1, parent: 0, root: '/' });
const disk = mountOf({
  mountPoint: hostPath('/srv/disk'),
  source: '/dev/sdb1',
  device: '8:17',
  id: 2,
  parent: 1,
  root: '/',
});
const UUIDS = { '/dev/sdb1': 'aaaa' };
const DEVICES = { '/dev/sdb1': '8:17', 'UUID=aaaa': '8:17', 'UUID=cccc': '8:33' };

type Setup = Parameters<typeof mountSetupOf>[0];

function setup(lines: readonly string[], more: Setup = {}): Pick<Facts, 'mountSetup'> {
  return { mountSetup: mountSetupOf({ fstab: lines.map(fstabLine), uuids: UUIDS, devices: DEVICES, ...more }) };
}

function durabilityOf(options: FactsOptions): Durability | null {
  const facts = factsOf({ storageRoot: ROOT, nodes: NODES, mounts: known([slash, disk]), ...options });
  const judged = judgeDurability(judgeAccess(facts));
  return judged && Durability.parse(judged);
}

/** `breaks: mount-not-permanent /srv/disk`. */
function rebootOf(options: FactsOptions): string {
  const durability = durabilityOf(options);
  assert.ok(durability);
  const threats = durability.threats.map(({ id, path }) => `${id} ${path}`);
  return [durability.reboot, ...threats, ...durability.unknowns.map((why) => `(${reasonText(why)})`)].join('; ');
}

const mountedWith = (of: Partial<typeof disk>) => ({ mounts: known([slash, { ...disk, ...of }]) });
const STANDS = 'UUID=aaaa /srv/disk ext4';

const MOUNTS: { name: string; facts: FactsOptions; reboot: string }[] = [
  { name: 'the storage is on the root filesystem', facts: { mounts: known([slash]), ...setup([]) }, reboot: 'holds' },
  { name: 'the disk is in fstab, by its UUID', facts: setup([STANDS]), reboot: 'holds' },
  {
    name: 'the disk is in neither fstab nor a unit',
    facts: setup([]),
    reboot: 'breaks; mount-not-permanent /srv/disk',
  },
  {
    name: 'the disk is in fstab with noauto',
    facts: setup(['UUID=aaaa /srv/disk ext4 noauto']),
    reboot: 'breaks; mount-not-permanent /srv/disk',
  },
  {
    name: 'the disk is in fstab with an automount',
    facts: setup(['UUID=aaaa /srv/disk ext4 noauto,x-systemd.automount']),
    reboot: 'holds',
  },
  {
    name: 'fstab has another device for the mount point',
    facts: setup(['UUID=cccc /srv/disk ext4']),
    reboot: 'breaks; mount-differs-from-fstab /srv/disk',
  },
  {
    name: 'fstab has a device that can’t be compared',
    facts: setup(['LABEL=data /srv/disk ext4']),
    reboot: 'unknown; (whether LABEL=data of /etc/fstab is what is mounted at /srv/disk)',
  },
  {
    name: 'the disk is read-only in fstab, and writable now',
    facts: setup(['UUID=aaaa /srv/disk ext4 ro']),
    reboot: 'breaks; mount-differs-from-fstab /srv/disk',
  },
  {
    name: 'fstab has another filesystem type',
    facts: setup(['UUID=aaaa /srv/disk xfs']),
    reboot: 'breaks; mount-differs-from-fstab /srv/disk',
  },
  {
    name: 'fstab has the name of an older filesystem of the same driver',
    facts: setup(['UUID=aaaa /srv/disk ext3']),
    reboot: 'holds',
  },
  { name: 'fstab has the filesystem type auto', facts: setup(['UUID=aaaa /srv/disk auto']), reboot: 'holds' },
  {
    name: 'fstab has a device name that the kernel assigns at each boot',
    facts: setup(['/dev/sdb1 /srv/disk ext4']),
    reboot: 'unknown; device-name-not-stable /srv/disk',
  },
  {
    name: 'fstab has nofail, so an unmounted disk would show the directory underneath',
    facts: setup([`${STANDS} nofail`]),
    reboot: 'holds; nofail-stub /srv/disk',
  },
  {
    name: 'the mount has made-up owners that fstab does not have',
    facts: {
      ...mountedWith({ filesystem: 'vfat', options: ['rw', 'uid=993', 'gid=993'] }),
      ...setup(['UUID=aaaa /srv/disk vfat']),
    },
    reboot: 'breaks; mount-differs-from-fstab /srv/disk',
  },
  {
    name: 'the mount has made-up owners as in fstab',
    facts: {
      ...mountedWith({ filesystem: 'vfat', options: ['rw', 'uid=993', 'gid=993', 'relatime'] }),
      ...setup(['UUID=aaaa /srv/disk vfat uid=993,gid=993']),
    },
    reboot: 'holds',
  },
  {
    name: 'fstab has the btrfs subvolume without its slash',
    facts: {
      ...mountedWith({ filesystem: 'btrfs', options: ['rw', 'subvolid=256', 'subvol=/@reg'], root: '/@reg' }),
      ...setup(['UUID=aaaa /srv/disk btrfs subvol=@reg']),
    },
    reboot: 'holds',
  },
  {
    name: 'fstab has another btrfs subvolume',
    facts: {
      ...mountedWith({ filesystem: 'btrfs', options: ['rw', 'subvol=/@reg'], root: '/@reg' }),
      ...setup(['UUID=aaaa /srv/disk btrfs subvol=@old']),
    },
    reboot: 'breaks; mount-differs-from-fstab /srv/disk',
  },
  {
    name: 'fstab names another device of the same filesystem',
    facts: {
      ...mountedWith({ filesystem: 'btrfs', options: ['rw', 'subvol=/'] }),
      ...setup(['UUID=cccc /srv/disk btrfs']),
    },
    reboot: 'unknown; (whether UUID=cccc of /etc/fstab is what is mounted at /srv/disk)',
  },
  {
    name: 'a bind mount that is in fstab',
    facts: { ...mountedWith({ root: '/export/reg' }), ...setup(['/data/export/reg /srv/disk none bind']) },
    reboot: 'holds',
  },
  {
    name: 'a bind mount by hand',
    facts: { ...mountedWith({ root: '/export/reg' }), ...setup([]) },
    reboot: 'breaks; mount-not-permanent /srv/disk',
  },
  {
    name: 'an enabled unit mounts the disk',
    facts: setup([], { units: known([mountUnit({ where: hostPath('/srv/disk') })]) }),
    reboot: 'holds',
  },
  {
    name: 'the disk has only a unit that systemd made from the mount table',
    facts: setup([], {
      units: known([mountUnit({ where: hostPath('/srv/disk'), definedIn: '', enabled: false })]),
    }),
    reboot: 'breaks; mount-not-permanent /srv/disk',
  },
  {
    name: 'the disk has a unit file that nothing is known to start',
    facts: setup([], { units: known([mountUnit({ where: hostPath('/srv/disk'), enabled: false })]) }),
    reboot: 'unknown; (whether something starts srv-disk.mount at a boot)',
  },
  {
    name: 'the disk is not in fstab, and systemd did not answer',
    facts: setup([], { units: unknown({ code: 'no-answer', detail: '3' }) }),
    reboot: 'unknown; (whether a systemd unit mounts /srv/disk at a boot)',
  },
  {
    name: 'a pool of ZFS',
    facts: { ...mountedWith({ filesystem: 'zfs', source: 'tank/reg' }), ...setup([]) },
    reboot: 'unknown; (whether ZFS, which mounts by its own properties, mounts /srv/disk at the next boot)',
  },
  {
    name: 'the storage is in a container',
    facts: { mounts: known([{ ...slash, filesystem: 'overlay' }, disk]), ...setup([]) },
    reboot: 'unknown; (whether whatever starts this container mounts /srv/disk at the next boot)',
  },
  {
    name: 'the storage is in memory, whatever fstab has',
    facts: {
      ...mountedWith({ filesystem: 'tmpfs', source: 'tmpfs' }),
      ...setup(['tmpfs /srv/disk tmpfs']),
    },
    reboot: 'breaks; volatile-place /srv/disk',
  },
  {
    name: 'fstab could not be read',
    facts: { mountSetup: unknown('not-permitted') },
    reboot: 'unknown; (not permitted)',
  },
];

describe('access after a reboot, by the mounts on the path', () => {
  for (const { name, facts, reboot } of MOUNTS)
    test(`access after a reboot is predicted from the mounts on the path: ${name}`, () =>
      assert.equal(rebootOf(facts), reboot));
});

describe('directories that are empty after a boot', () => {
  test('a storage in /run, even through a symlink, is reported as empty after a reboot', () => {
    const nodes = [link('/opt/registry', '/run/reg'), dir('/run'), dir('/run/reg', '0770', 'registry:registry')];
    const options = { storageRoot: '/opt/registry', nodes, mounts: known([slash]), ...setup([]) };
    assert.equal(rebootOf(options), 'breaks; volatile-place /run/reg');
  });
  test('a storage in /run/media, where a desktop mounts disks, is reported as empty after a reboot', () => {
    const nodes = [dir('/run/media/alice/disk4t', '0770', 'registry:registry')];
    const mounts = known([slash, { ...disk, mountPoint: hostPath('/run/media/alice/disk4t') }]);
    const options = { storageRoot: '/run/media/alice/disk4t', nodes, mounts, ...setup([]) };
    assert.equal(rebootOf(options), 'breaks; volatile-place /run/media/alice/disk4t');
  });
  test('a storage in /media that fstab mounts is reported to survive a reboot', () => {
    const nodes = [dir('/media/disk4t', '0770', 'registry:registry')];
    const mounts = known([slash, { ...disk, mountPoint: hostPath('/media/disk4t') }]);
    const options = { storageRoot: '/media/disk4t', nodes, mounts, ...setup(['UUID=aaaa /media/disk4t ext4']) };
    assert.equal(rebootOf(options), 'holds');
  });
});

const RESET = {
  kind: 'tmpfiles',
  file: '/etc/tmpfiles.d/a.conf',
  line: 'd …',
  recursive: false,
  removes: null,
} as const;

/** What a line sets a directory to. */
function sets(mode: string | null, owner: string | null = null, group: string | null = null): ModeReset['sets'] {
  return ModeReset.shape.sets.parse({ mode, owner, group });
}

describe('access after a boot-time rule (such as tmpfiles.d or cron) sets a directory’s mode or owner', () => {
  const reboot = (reset: Partial<ModeReset> & Pick<ModeReset, 'path'>, options: FactsOptions = {}) =>
    rebootOf({ ...setup([STANDS], { resets: [{ ...RESET, sets: null, ...reset }] }), ...options });
  const at = hostPath('/srv/disk');

  test('access is reported not to survive a reboot if a boot-time rule sets a mode that blocks the registry', () =>
    assert.equal(reboot({ path: at, sets: sets('0700') }), 'breaks; mode-reset /srv/disk'));
  test('access is reported to survive a reboot if a boot-time rule sets a mode that lets the registry pass', () =>
    assert.equal(reboot({ path: at, sets: sets('0711') }), 'holds'));
  test('access is reported not to survive a reboot if a boot-time rule sets an owner that blocks the registry', () =>
    assert.equal(reboot({ path: hostPath(ROOT), sets: sets(null, 'root', 'root') }), `breaks; mode-reset ${ROOT}`));
  test('access is reported to survive a reboot if a boot-time rule sets the owner that the directory has now', () =>
    assert.equal(reboot({ path: hostPath(ROOT), sets: sets('0700', 'registry', 'root') }), 'holds'));
  test('access after a reboot is reported as unknown if a boot-time rule sets an owner that is unknown on the host', () =>
    assert.equal(reboot({ path: hostPath(ROOT), sets: sets(null, 'nexus') }), `unknown; mode-reset ${ROOT}`));
  test('access after a reboot is reported as unknown if a boot-time rule for the path can’t be interpreted', () =>
    assert.equal(reboot({ path: at, sets: null }), 'unknown; mode-reset /srv/disk'));
  test('a boot-time rule for a directory that is not on the path does not change the prediction for a reboot', () =>
    assert.equal(reboot({ path: hostPath('/srv/other'), sets: sets('0700') }), 'holds'));
  test('a recursive boot-time rule for a directory above the path counts in the prediction for a reboot', () => {
    assert.equal(reboot({ path: hostPath('/srv'), sets: sets('0711'), recursive: true }), 'holds');
    assert.equal(
      reboot({ path: hostPath('/srv'), sets: sets('0711', 'root'), recursive: true }),
      'breaks; mode-reset /srv',
    );
  });
  test('a crontab of a user who can’t change the directory does not change the prediction for a reboot', () => {
    const file = '/var/spool/cron/crontabs/alice';
    const line = { kind: 'cron', path: at, sets: sets('0700') } as const;
    assert.equal(reboot({ ...line, file }), 'holds');
    assert.equal(reboot({ ...line, file: '/var/spool/cron/root' }), 'breaks; mode-reset /srv/disk');
    const nodes = [dir('/srv/disk', '0755', 'alice:root'), NODES[1] ?? assert.fail()];
    assert.equal(reboot({ ...line, file }, { nodes }), 'breaks; mode-reset /srv/disk');
  });
  test('a boot-time rule whose path goes through a symlink counts for the symlink’s target', () => {
    const nodes = [link('/opt/registry', '/srv/disk/registry'), ...NODES];
    const options = { storageRoot: '/opt/registry', nodes };
    assert.equal(
      reboot({ path: hostPath('/opt/registry'), sets: sets('0700', 'root') }, options),
      `breaks; mode-reset ${ROOT}`,
    );
  });
  test('access is reported not to survive a reboot if a boot-time rule removes a directory on the path', () =>
    assert.equal(reboot({ path: at, sets: sets(null), removes: 'everything' }), 'breaks; contents-removed /srv/disk'));
  test('access after a reboot is reported as unknown if a boot-time rule removes entries unused for a while', () =>
    assert.equal(reboot({ path: at, sets: sets(null), removes: 'old-files' }), 'unknown; contents-removed /srv/disk'));
  test('access is reported not to survive a reboot if a mount option sets a mode that blocks the registry', () => {
    assert.equal(rebootOf(setup([`${STANDS} X-mount.mode=0700`])), 'breaks; mode-reset /srv/disk');
    assert.equal(rebootOf(setup([`${STANDS} X-mount.mode=0755`])), 'holds');
    assert.equal(rebootOf(setup([`${STANDS} x-mount.mode=u=rwx`])), 'unknown; mode-reset /srv/disk');
  });
  test('a boot-time rule’s mode is predicted to set an ACL’s mask, which limits what a named user keeps', () => {
    const entries = acl('user::rwx', 'user:993:--x', 'group::---', 'mask::--x', 'other::---');
    const nodes = [dir('/srv/disk', '0710', 'root:root', entries), NODES[1] ?? assert.fail()];
    assert.equal(reboot({ path: at, sets: sets('0750') }, { nodes }), 'holds');
    assert.equal(reboot({ path: at, sets: sets('0700') }, { nodes }), 'breaks; mode-reset /srv/disk');
  });
  test('access after a reboot is reported as unknown if not all boot-time rules could be read', () => {
    const { mountSetup } = setup([STANDS]);
    assert.ok(mountSetup.state === 'known');
    const resets = unknown({ code: 'not-permitted-at', detail: '/var/spool/cron' });
    const options = { mountSetup: known({ ...mountSetup.value, resets }) };
    assert.equal(
      rebootOf(options),
      'unknown; (what tmpfiles.d, cron and units set again: not permitted: /var/spool/cron)',
    );
  });
});

describe('the prediction for a reboot in a container', () => {
  const view: Facts['view'] = {
    kind: 'process',
    pid: 4711,
    startTicks: '1',
    hostPaths: [],
    hostMounts: known([slash]),
  };
  test('a boot-time rule of the host is not applied to directories that exist only in the container', () => {
    const resets = [{ ...RESET, path: hostPath('/srv/disk'), sets: sets('0700') }];
    assert.equal(
      rebootOf({ view, ...setup([STANDS], { resets }) }),
      'unknown; (the registry has mounts of its own, which no file of the host lists)',
    );
  });
});

describe('access after gitlab-ctl reconfigure', () => {
  const OMNIBUS = '/var/opt/gitlab/gitlab-rails/shared/registry';
  const config = (path: string) => {
    const { config: plain } = factsOf();
    return plain.state === 'known' ? known({ ...plain.value, path: hostPath(path) }) : assert.fail();
  };
  const omnibus = (shared: string, registry: string, link_ = false) => {
    const base = link_ ? '/data/rails' : '/var/opt/gitlab/gitlab-rails';
    return {
      storageRoot: OMNIBUS,
      config: config('/var/opt/gitlab/registry/config.yml'),
      mounts: known([slash]),
      nodes: [
        dir('/var/opt/gitlab'),
        ...(link_ ? [link('/var/opt/gitlab/gitlab-rails', '/data/rails'), dir('/data')] : []),
        dir(base, '0755', 'git:root'),
        dir(`${base}/shared`, shared, 'git:ops'),
        dir(`${base}/shared/registry`, '0770', registry),
      ],
    };
  };

  test('gitlab-ctl reconfigure is reported as not applicable to a registry without GitLab', () =>
    assert.equal(durabilityOf({ mounts: known([slash]) })?.reconfigure, 'not-applicable'));
  test('modes that GitLab itself sets are reported to survive gitlab-ctl reconfigure, even below a symlink', () => {
    assert.equal(durabilityOf(omnibus('0751', 'registry:git'))?.reconfigure, 'holds');
    assert.equal(durabilityOf(omnibus('0751', 'registry:git', true))?.reconfigure, 'holds');
  });
  test('access is reported to survive gitlab-ctl reconfigure if GitLab grants more than is granted now', () =>
    assert.equal(durabilityOf(omnibus('0711', 'registry:git'))?.reconfigure, 'holds'));
  test('access is reported not to survive gitlab-ctl reconfigure if the registry runs as another account than GitLab’s', () => {
    const identity = { user: 'docker', uid: 77, gid: 77, groups: [], dacOverride: false, dacReadSearch: false };
    const nodes = [...omnibus('0751', '77:77').nodes, dir('/names', '0755', 'registry:git')];
    const durability = durabilityOf({ ...omnibus('0751', '77:77'), nodes, identity });
    assert.equal(durability?.reconfigure, 'breaks');
    assert.partialDeepStrictEqual(durability?.threats, [{ id: 'reconfigure-resets', path: OMNIBUS, to: '0770' }]);
  });
});

describe('when no prediction for a reboot is made', () => {
  test('no prediction for a reboot is made for a registry that is blocked now', () => {
    assert.equal(durabilityOf({ nodes: [dir('/srv/disk', '0700'), dir(ROOT)], closed: ['/srv/disk'] }), null);
  });
  test('no prediction for a reboot is made while a disk on the path is unmounted', () =>
    assert.equal(durabilityOf({ mounts: known([slash]), ...setup([STANDS]) }), null));
  test('no prediction for a reboot is made for object storage', () => {
    assert.equal(judgeDurability(judgeAccess({ ...factsOf(), storageRoot: absent, nodes: [] })), null);
  });
});

describe('the prediction for a reboot after a plan', () => {
  const closed = (line: string, mode: string): Facts =>
    factsOf({
      storageRoot: ROOT,
      nodes: [dir('/srv/disk', '0750'), NODES[1] ?? assert.fail()],
      closed: ['/srv/disk'],
      mounts: known([slash, disk]),
      ...setup([STANDS], { resets: [{ ...RESET, path: hostPath('/srv/disk'), line, sets: sets(mode) }] }),
    });

  test('a plan is reported not to survive a reboot if a boot-time rule undoes it, and the rule is named', () => {
    const facts = closed('d /srv/disk 0750 root root', '0750');
    const { plan, durability, findings } = judgeFacts(facts);
    assert.ok(plan);
    assert.partialDeepStrictEqual(durability, {
      reboot: 'breaks',
      threats: [{ id: 'mode-reset', path: '/srv/disk', line: 'd /srv/disk 0750 root root' }],
    });
    assert.ok(!findings.some(({ id }) => id === 'breaks-at-next-reboot'), 'that is for hosts that work now');
  });

  test('a plan is reported to survive a reboot if the boot-time rule sets the same mode', () => {
    const facts = closed('d /srv/disk 0751 root root', '0751');
    const plan = planFix(judgeAccess(facts));
    assert.ok(plan);
    assert.equal(judgeDurability(judgeAccess(applySteps(facts, plan.steps)))?.reboot, 'holds');
  });
});
