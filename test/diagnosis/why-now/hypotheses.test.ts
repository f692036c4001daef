import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EvidenceId, Hypothesis, HypothesisId } from '../../../src/model/diagnosis/why-now.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import { MountSetup } from '../../../src/model/host/disk.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { dir, hostPath, missing, mountOf, processOf } from '../../support/facts/facts-builder.ts';
import {
  BLOCKER,
  BOOT,
  BOOTS,
  event,
  explain,
  FIRST_BAD,
  hypothesis,
  incidentAt,
  LAST_GOOD,
  LINK,
  LONG_AGO,
  OLD_SERVICE_START,
  OLD_START,
  onDisk,
  PREVIOUS_BOOT,
  type Records,
  recordsOf,
  TAKEN,
} from './why-now-facts.ts';

type Expected = Hypothesis['standing'] | 'likely' | 'possible' | 'left out';
type Row = readonly [name: string, expected: Expected, facts: Facts, says?: readonly EvidenceId[]];

/** `supported` is either likely or possible. */
function told(found: Hypothesis | undefined): Expected {
  if (found === undefined) return 'left out';
  if (found.standing !== 'supported') return found.standing;
  return found.strength === 'strong' ? 'likely' : 'possible';
}

function table(id: HypothesisId, rows: readonly Row[]): void {
  describe(id, () => {
    for (const [name, expected, facts, says = []] of rows) {
      test(`the why-now hypothesis ${id} is ${expected}: ${name}`, () => {
        const found = hypothesis(facts, id);
        assert.equal(told(found), expected, JSON.stringify(found));
        const ids = [...(found?.evidence ?? []), ...(found?.missing ?? [])].map((one) => one.id);
        for (const one of says) assert.ok(ids.includes(one), `${one} is among ${ids.join(' ')}`);
      });
    }
  });
}

const OTHER_BLOCKER = '/data/vol1/ops/disk4t';
const startedAfterBoot = { process: known(processOf({ startedAt: known(BOOT + 30) })) };

function incident(records: Records = {}, more: Partial<Facts> = {}): Facts {
  return { ...incidentAt({}), ...recordsOf(records), ...startedAfterBoot, ...more };
}

function blockerAt(
  changed: number,
  of: { modified?: number | null; born?: number } = {},
  records: Records = {},
): Facts {
  const times = { changed, ...of };
  return { ...incidentAt({ [BLOCKER]: times, [OTHER_BLOCKER]: times }), ...recordsOf(records), ...startedAfterBoot };
}

function oneBlockerAt(changed: number, records: Records = {}): Facts {
  const times = { [BLOCKER]: { changed, modified: LONG_AGO } };
  return { ...incidentAt(times), ...recordsOf(records), ...startedAfterBoot };
}

const SOON = BOOT + 60;
const NOBODY_LOOKED: Partial<Facts> = { mountSetup: unknown('not-looked-at') };

table('mode-changed', [
  [
    'the closed directory’s attributes were set a minute after the boot',
    'likely',
    blockerAt(SOON, { modified: LONG_AGO }),
    ['attributes-changed-after-boot', 'who-changed-it', 'last-good-access'],
  ],
  [
    'the closed directory changed a minute after the boot, perhaps by an added entry',
    'possible',
    blockerAt(SOON),
    ['changed-after-boot'],
  ],
  [
    'the closed directory changed after the boot, and whether by an added entry is unknown',
    'possible',
    blockerAt(SOON, { modified: null }),
    ['changed-after-boot'],
  ],
  ['the closed directory was created after the boot', 'likely', blockerAt(SOON, { born: SOON }), ['made-after-boot']],
  [
    'the log begins with bad answers, which might be older than the change',
    'possible',
    blockerAt(SOON, { modified: LONG_AGO }, { logsFrom: FIRST_BAD }),
    ['earlier-log'],
  ],
  [
    'the log has a chmod of the closed directory',
    'likely',
    blockerAt(
      SOON,
      {},
      { events: [event('mode-command', SOON, { path: BLOCKER, text: 'sudo, by alice: /bin/chmod 750 ops' })] },
    ),
    ['mode-command'],
  ],
  [
    'the log has a recursive chmod of a directory above the closed one',
    'likely',
    blockerAt(
      SOON,
      {},
      { events: [event('mode-command', SOON, { path: '/data', text: 'sudo, by alice: /bin/chmod -R 750 /data' })] },
    ),
    ['mode-command'],
  ],
  [
    'the log has a chmod above the closed directory that is not recursive, which says nothing',
    'possible',
    blockerAt(
      SOON,
      {},
      { events: [event('mode-command', SOON, { path: '/data', text: 'sudo, by alice: /bin/chmod 750 /data' })] },
    ),
    ['who-changed-it'],
  ],
  [
    'the log has a chmod after the fault, which does not explain it',
    'possible',
    blockerAt(SOON, {}, { events: [event('mode-command', FIRST_BAD + 900, { path: BLOCKER })] }),
    ['who-changed-it'],
  ],
  [
    'the closed directory changed after the last image was served and before the boot',
    'likely',
    blockerAt(LAST_GOOD + 600, { modified: LONG_AGO }, { lastGood: LAST_GOOD }),
    ['attributes-changed-since-good-access'],
  ],
  [
    'every closed directory last changed before the last image was served',
    'refuted',
    incident({ lastGood: LAST_GOOD }),
    ['changed-before-good-access'],
  ],
  [
    'one of two closed directories last changed before the last image was served',
    'refuted',
    oneBlockerAt(SOON, { lastGood: LAST_GOOD }),
    ['changed-before-good-access'],
  ],
  [
    'one of two closed directories might have changed before the last image was served',
    'possible',
    oneBlockerAt(SOON),
    ['attributes-changed-after-boot'],
  ],
  [
    'the change is too close to the last good access to tell which was first',
    'possible',
    blockerAt(LAST_GOOD - 30, {}, { lastGood: LAST_GOOD }),
  ],
  [
    'the closed directory changed after the fault began, which hides earlier changes',
    'open',
    {
      ...incidentAt({ [BLOCKER]: { changed: FIRST_BAD + 900 }, [OTHER_BLOCKER]: { changed: FIRST_BAD + 900 } }),
      ...startedAfterBoot,
    },
    ['changed-after-fault', 'earlier-change'],
  ],
  [
    'the change is older than the boot, and it is unknown whether the registry worked in between',
    'open',
    incident(),
    ['changed-before-boot', 'last-good-access'],
  ],
  ['the boot is not known', 'open', { ...blockerAt(SOON), bootedAt: unknown('not-permitted') }, ['boot-time']],
  [
    'a /v2/ that answered 200 proves health and no storage',
    'open',
    incident({ lastOk: LAST_GOOD }),
    ['last-good-access'],
  ],
  ['the disk is read-only', 'left out', readOnly()],
]);

test('after a chmod -R 777, which hides earlier change times, the why-now answer says so', () => {
  const facts = incident();
  assert.ok(facts.contents.state === 'known');
  const worldWritable = { entries: 9, firstPaths: [], footprint: [] };
  const contents = known({ ...facts.contents.value, worldWritable });
  const found = hypothesis({ ...facts, contents }, 'mode-changed');
  assert.ok(found?.evidence.some(({ id }) => id === 'footprint-hides-times'));
});

function setup(of: Partial<MountSetup> = {}): Pick<Facts, 'mountSetup'> {
  return {
    mountSetup: known(
      MountSetup.parse({
        fstab: known([]),
        units: known([]),
        resets: known([]),
        uuids: known({}),
        devices: unknown('not-looked-at'),
        ...of,
      }),
    ),
  };
}

const fstabWith = (source: string, options = ['defaults']) =>
  known([{ source, mountPoint: hostPath('/data'), filesystem: 'ext4', options }]);
const FSTAB = fstabWith('UUID=1-2');
const unit = (of: Partial<{ activeState: string; definedIn: string; activeSince: number }> = {}) =>
  known([
    {
      unit: 'data.mount',
      where: hostPath('/data'),
      what: '/dev/sdb1',
      activeState: of.activeState ?? 'active',
      result: of.activeState === 'failed' ? 'exit-code' : 'success',
      definedIn: of.definedIn ?? '/etc/fstab',
      enabled: false,
      activeSince: of.activeSince === undefined ? unknown('not-told') : known(of.activeSince),
    },
  ]);

/** The registry's disk is at /data, and its directory there is closed. */
function closedOnDisk(more: Partial<Facts> = {}, records: Records = {}): Facts {
  const nodes = [dir('/data', '0700'), dir('/data/registry', '0770', 'registry:registry')];
  return {
    ...onDisk({ nodes, closed: ['/data'], contents: unknown('not-looked-at') }),
    ...recordsOf(records),
    ...startedAfterBoot,
    ...more,
  };
}

/** Nothing is mounted at /data, and the storage root is not there. */
function missingDisk(more: Partial<Facts> = {}, records: Records = {}): Facts {
  const mounts = known([mountOf({ mountPoint: hostPath('/') })]);
  const nodes = [dir('/data'), missing('/data/registry')];
  return { ...onDisk({ nodes, mounts, contents: absent }), ...recordsOf(records), ...startedAfterBoot, ...more };
}

function readOnly(records: Records = {}): Facts {
  const mounts = known([
    mountOf({ mountPoint: hostPath('/') }),
    mountOf({ mountPoint: hostPath('/data'), source: '/dev/sdb1', options: ['ro'] }),
  ]);
  const failed = { result: 'failed' as const, why: { code: 'read-only-filesystem' } };
  const ok = known({ result: 'allowed' as const });
  return {
    ...onDisk({ mounts, rootTries: { stat: ok, list: ok, create: known(failed) } }),
    ...recordsOf(records),
    ...startedAfterBoot,
  };
}

const beforeBoot = { at: BOOT - 7_200 };

table('mounted-by-hand', [
  [
    'the disk was mounted before the boot, and nothing is mounted there now',
    'likely',
    missingDisk(setup(), {
      events: [
        event('mount-command', beforeBoot.at, { path: '/data', text: 'sudo, by alice: /bin/mount /dev/sdb1 /data' }),
      ],
    }),
    ['was-mounted-before-boot'],
  ],
  [
    'a desktop mounted the disk for one user',
    'likely',
    {
      ...onDisk({
        storageRoot: '/media/alice/disk/registry',
        nodes: [dir('/media/alice', '0750'), dir('/media/alice/disk/registry', '0770', 'registry:registry')],
        closed: ['/media/alice'],
        contents: unknown('not-permitted'),
        mounts: known([mountOf({ mountPoint: hostPath('/') }), mountOf({ mountPoint: hostPath('/media/alice/disk') })]),
      }),
      ...startedAfterBoot,
    },
    ['mounted-for-one-user'],
  ],
  [
    'the disk is mounted now, and neither fstab nor a unit mounts it',
    'possible',
    closedOnDisk(setup()),
    ['mount-not-in-fstab'],
  ],
  [
    'the disk was mounted in the previous boot by the same fstab',
    'refuted',
    closedOnDisk(setup({ fstab: FSTAB }), {
      events: [...BOOTS, event('mount', PREVIOUS_BOOT + 9, { path: '/data' })],
      files: [['fstab', LONG_AGO]],
    }),
    ['mounted-by-fstab-before-boot'],
  ],
  [
    'the disk was mounted in the previous boot by an fstab that was changed since',
    'open',
    closedOnDisk(setup({ fstab: FSTAB }), {
      events: [...BOOTS, event('mount', PREVIOUS_BOOT + 9, { path: '/data' })],
      files: [['fstab', BOOT - 7_200]],
    }),
  ],
  [
    'fstab has the disk, and nothing is known of the previous boot',
    'open',
    closedOnDisk(setup({ fstab: FSTAB })),
    ['previous-boot-log'],
  ],
  ['fstab cannot be read', 'open', closedOnDisk(setup({ fstab: unknown('not-permitted') })), ['fstab']],
  ['the mount setup was not inspected', 'open', closedOnDisk(NOBODY_LOOKED), ['fstab', 'mount-units']],
  [
    'the mount table is not known',
    'open',
    closedOnDisk({ ...setup(), mounts: unknown('not-permitted') }),
    ['mount-table'],
  ],
  ['the images are there, on the disk of the system', 'left out', incident()],
  ['the disk is read-only and in fstab', 'open', { ...readOnly(), ...setup({ fstab: FSTAB }) }],
]);

table('bind-mount-replaced', [
  ['the link was made after the boot', 'possible', linkAt({ born: SOON, changed: SOON }), ['link-made-after-boot']],
  [
    'the link was made after the boot, and the log has the bind mount',
    'likely',
    linkAt(
      { born: SOON, changed: SOON },
      {
        events: [
          event('mount-command', beforeBoot.at, {
            path: LINK,
            text: 'sudo, by alice: /bin/mount --bind /data/x /var/opt/gitlab/gitlab-rails',
          }),
        ],
      },
    ),
    ['mount-command'],
  ],
  [
    'the link was made after the last image that was served',
    'possible',
    linkAt({ born: LAST_GOOD + 900, changed: LAST_GOOD + 900 }, { lastGood: LAST_GOOD }),
    ['link-made-since-good-access'],
  ],
  [
    'an image was served through the link',
    'refuted',
    linkAt({}, { lastGood: LAST_GOOD }),
    ['link-older-than-good-access'],
  ],
  [
    'only the link’s ctime is known, and an image was served after it',
    'refuted',
    linkAt({ born: null }, { lastGood: LAST_GOOD }),
  ],
  ['it is unknown when the link was made', 'open', linkAt({ born: null, changed: SOON }), ['birth-time']],
  ['the link is older than the boot, and no good access is known', 'open', linkAt({}), ['last-good-access']],
  ['there is no link', 'left out', closedOnDisk()],
]);

function linkAt(times: { born?: number | null; changed?: number }, records: Records = {}): Facts {
  return { ...incidentAt({ [LINK]: times }), ...recordsOf(records), ...startedAfterBoot };
}

table('late-or-failed-mount', [
  [
    'the disk’s mount unit failed',
    'likely',
    missingDisk(setup({ fstab: FSTAB, units: unit({ activeState: 'failed' }) })),
    ['mount-failed'],
  ],
  [
    'the log says that mounting the disk failed',
    'likely',
    missingDisk(setup(), {
      events: [event('mount-failed', BOOT + 9, { path: '/data', text: 'Failed to mount /data.' })],
    }),
    ['mount-failed'],
  ],
  [
    'mounting the disk failed in an earlier boot',
    'left out',
    missingDisk(setup(), { events: [event('mount-failed', BOOT - 7_200, { path: '/data' })] }),
  ],
  [
    'fstab mounts the disk, and it is not mounted',
    'likely',
    missingDisk(setup({ fstab: FSTAB })),
    ['fstab-not-mounted'],
  ],
  [
    'the disk was mounted after the registry started, which has mounts of its own',
    'possible',
    {
      ...closedOnDisk({
        ...setup({ fstab: FSTAB, units: unit({ activeSince: BOOT + 900 }) }),
        process: known(processOf({ startedAt: known(BOOT + 30), mountNamespace: 'unknown' })),
      }),
    },
    ['mounted-after-service-start'],
  ],
  [
    'the disk is mounted, and the registry still fails',
    'refuted',
    closedOnDisk(setup({ fstab: FSTAB })),
    ['mounted-and-still-failing'],
  ],
  [
    'the disk was mounted late, and the registry would have recovered on its own',
    'refuted',
    closedOnDisk(setup({ fstab: FSTAB, units: unit({ activeSince: BOOT + 900 }) })),
    ['mounted-after-service-start'],
  ],
  [
    'the registry’s own mounts are not known',
    'open',
    closedOnDisk({ ...setup({ fstab: FSTAB }), process: unknown('not-permitted') }),
    ['mount-time', 'process-start'],
  ],
  ['fstab is not known', 'open', missingDisk(NOBODY_LOOKED), ['fstab']],
  [
    'the mount table is not known',
    'open',
    closedOnDisk({ ...setup({ fstab: FSTAB }), mounts: unknown('not-permitted') }),
    ['mount-table'],
  ],
  ['no disk belongs there', 'left out', missingDisk(setup())],
]);

const passwdAt = (at: number, events = [...BOOTS, OLD_SERVICE_START]) =>
  incident({
    events,
    files: [
      ['passwd', at],
      ['group', LONG_AGO],
    ],
  });

table('identity-changed', [
  [
    'the log says that the account was changed',
    'likely',
    incident({
      events: [
        ...BOOTS,
        OLD_SERVICE_START,
        event('account-change', BOOT - 7_200, { text: "usermod: change user 'registry' UID from '993' to '994'" }),
      ],
      files: [
        ['passwd', BOOT - 7_200],
        ['group', LONG_AGO],
      ],
    }),
    ['account-changed'],
  ],
  ['passwd was changed after the old start', 'possible', passwdAt(BOOT - 7_200), ['file-changed-since-old-start']],
  ['passwd and group are older', 'refuted', passwdAt(LONG_AGO), ['files-older-than-old-start']],
  [
    'passwd and group are older than the previous boot, and the old start is unknown',
    'refuted',
    passwdAt(LONG_AGO, BOOTS),
  ],
  [
    'another account was changed',
    'refuted',
    incident({
      events: [
        ...BOOTS,
        OLD_SERVICE_START,
        event('account-change', BOOT - 7_200, { text: 'usermod: change user alice' }),
      ],
      files: [
        ['passwd', LONG_AGO],
        ['group', LONG_AGO],
      ],
    }),
  ],
  [
    'passwd was changed since the boot before, and the old start is not known',
    'open',
    passwdAt(BOOT - 7_200, BOOTS),
    ['file-changed-since-previous-boot', 'old-start'],
  ],
  [
    'passwd was changed after the fault: what was before is hidden',
    'open',
    passwdAt(FIRST_BAD + 900),
    ['file-changed-after-fault'],
  ],
  [
    'only one of the files is known',
    'open',
    incident({ events: [...BOOTS, OLD_SERVICE_START], files: [['passwd', LONG_AGO]] }),
  ],
  ['nothing is on record', 'open', incident(), ['old-start', 'file-times']],
  [
    'the process’s start is not known',
    'open',
    { ...passwdAt(LONG_AGO), process: unknown('not-permitted') },
    ['process-start'],
  ],
  ['the disk is missing', 'left out', missingDisk()],
]);

const otherNamespace = known(processOf({ mountNamespace: 'other', startedAt: known(BOOT + 30) }));

table('container-kept-mounts', [
  [
    'the host has a disk there that the process does not see',
    'likely',
    inContainer('8:17'),
    ['mount-of-host-unknown-to-process'],
  ],
  ['both see the same disk', 'open', inContainer('8:1'), ['other-mount-namespace', 'mount-time']],
  ['the registry sees the host’s own mounts', 'refuted', incident(), ['same-mount-namespace']],
  [
    'it is unknown whose mounts the registry sees',
    'open',
    incident({}, { process: known(processOf({ mountNamespace: 'unknown' })) }),
    ['process-namespace'],
  ],
  ['the process is not known', 'open', incident({}, { process: unknown('not-permitted') }), ['process-namespace']],
  ['the disk is read-only', 'left out', readOnly()],
]);

/** The container's own directory is on device 8:1; the host has this device there now. */
function inContainer(device: string): Facts {
  const nodes = [dir('/registry', '0700')];
  const mounts = known([mountOf({ mountPoint: hostPath('/registry'), device: '8:1' })]);
  const hostMounts = known([mountOf({ mountPoint: hostPath('/data'), device, source: '/dev/sdb1' })]);
  const view = { kind: 'process' as const, pid: 4711, startTicks: '1', hostPaths: [], hostMounts };
  return onDisk({
    storageRoot: '/registry',
    nodes,
    mounts,
    view,
    process: otherNamespace,
    rootTries: {
      stat: known({ result: 'allowed' }),
      list: known({ result: 'denied' }),
      create: known({ result: 'denied' }),
    },
  });
}

const security = (
  selinux: 'enforcing' | 'permissive' | 'disabled' | null,
  label: string | null = null,
): Partial<Facts> => ({
  security: known({
    selinux: selinux === null ? absent : known(selinux),
    processLabel: label === null ? absent : known(label),
    protectedSymlinks: known(true),
    protectedHardlinks: known(true),
  }),
});
const denial = (at: number) => event('security-denial', at, { text: 'avc:  denied  { search } comm="registry"' });

table('selinux-relabel', [
  [
    'the log has a denial of the registry since the boot',
    'likely',
    incident({ events: [denial(BOOT + 90)] }, security('enforcing')),
    ['security-denial'],
  ],
  [
    'the log has a denial of the registry before the boot',
    'open',
    incident({ events: [denial(BOOT - 7_200)] }, security('enforcing')),
    ['security-log'],
  ],
  ['SELinux enforces, and no denial is on record', 'open', incident({}, security('enforcing')), ['security-module-on']],
  [
    'another module confines the process',
    'open',
    incident({}, security(null, 'docker-default')),
    ['security-module-on'],
  ],
  ['SELinux is off', 'refuted', incident({}, security('disabled')), ['security-module-off']],
  ['SELinux only warns', 'refuted', incident({}, security('permissive'))],
  ['there is no security module', 'refuted', incident({}, security(null))],
  ['it is unknown whether there is a security module', 'open', incident(), ['security-state']],
  ['the disk is missing', 'left out', missingDisk()],
]);

const configAt = (at: number, events = [...BOOTS, OLD_SERVICE_START]) =>
  incident({
    events,
    files: [
      ['config', at],
      ['binary', LONG_AGO],
    ],
  });

table('pending-change', [
  [
    'the config was changed while the old process ran',
    'possible',
    configAt(BOOT - 7_200),
    ['file-changed-since-old-start'],
  ],
  [
    'a package was changed while the old process ran',
    'possible',
    incident({
      events: [...BOOTS, OLD_SERVICE_START, event('package-change', BOOT - 7_200, { text: 'upgrade gitlab-ce' })],
      files: [
        ['config', LONG_AGO],
        ['binary', LONG_AGO],
      ],
    }),
    ['package-changed'],
  ],
  [
    'the config was changed while the old process ran, and the registry does not start now',
    'likely',
    { ...configAt(BOOT - 7_200), ...notRunning() },
  ],
  ['config and binary are older than the old start', 'refuted', configAt(LONG_AGO), ['files-older-than-old-start']],
  [
    'the config was changed since the boot before',
    'open',
    configAt(BOOT - 7_200, BOOTS),
    ['file-changed-since-previous-boot', 'old-start'],
  ],
  [
    'the config was changed after the fault, as people do who look for it',
    'open',
    configAt(FIRST_BAD + 900),
    ['file-changed-after-fault'],
  ],
  ['nothing is on record', 'open', incident(), ['file-times', 'old-start']],
]);

function notRunning(): Partial<Facts> {
  const healthy = onDisk();
  const { nodes, searchTries, rootTries, triedAs, storageRoot, v2 } = healthy;
  return {
    nodes,
    searchTries,
    rootTries,
    triedAs,
    storageRoot,
    v2: { ...v2, ...known({ url: 'http://127.0.0.1:5000/v2/', status: 503, body: '' }) },
    health: absent,
  };
}

const reset = (of: { path?: string; mode?: string | null; recursive?: boolean } = {}) =>
  setup({
    resets: known([
      {
        kind: 'tmpfiles' as const,
        file: '/etc/tmpfiles.d/ops.conf',
        line: 'd /data/vol1/ops 0750 root ops -',
        path: hostPath(of.path ?? BLOCKER),
        sets: of.mode === null ? null : ({ mode: (of.mode ?? '0750') as never, owner: 'root', group: 'ops' } as const),
        recursive: of.recursive ?? false,
        removes: null,
      },
    ]),
  });

table('boot-job-resets', [
  ['a tmpfiles line sets what the directory has', 'likely', { ...blockerAt(SOON), ...reset() }, ['boot-job-names-it']],
  [
    'a tmpfiles line names the directory through a symlink',
    'likely',
    { ...blockerAt(SOON), ...reset({ path: `${LINK}/../..` }) },
  ],
  ['a tmpfiles line could not be interpreted', 'possible', { ...blockerAt(SOON), ...reset({ mode: null }) }],
  [
    'a recursive tmpfiles line names a directory above',
    'likely',
    { ...blockerAt(SOON), ...reset({ path: '/data', recursive: true }) },
  ],
  [
    'a tmpfiles line names a directory above, and is not recursive',
    'refuted',
    { ...blockerAt(SOON), ...reset({ path: '/data' }) },
    ['no-boot-job-names-it'],
  ],
  [
    'a tmpfiles line sets another mode than the directory has',
    'refuted',
    { ...blockerAt(SOON), ...reset({ mode: '0755' }) },
    ['boot-job-sets-otherwise'],
  ],
  [
    'the directory has not changed since before the boot',
    'refuted',
    { ...incident(), ...reset() },
    ['changed-before-boot'],
  ],
  ['no boot job names the directory', 'refuted', { ...blockerAt(SOON), ...setup() }, ['no-boot-job-names-it']],
  [
    'the boot is not known',
    'open',
    { ...blockerAt(SOON), ...reset(), bootedAt: unknown('not-permitted') },
    ['boot-time'],
  ],
  ['it is unknown which boot jobs there are', 'open', { ...blockerAt(SOON), ...NOBODY_LOOKED }, ['boot-jobs']],
  [
    'the jobs could not be read',
    'open',
    { ...blockerAt(SOON), ...setup({ resets: unknown('not-permitted') }) },
    ['boot-jobs'],
  ],
  ['the disk is missing', 'left out', missingDisk()],
]);

const repair = (text: string, at = BOOT + 7) => event('fsck', at, { text, source: '/var/log/kern.log' });

table('filesystem-recovery', [
  [
    'an error made the disk read-only',
    'likely',
    readOnly({
      events: [
        event('remounted-read-only', BOOT + 9, { text: 'kernel: EXT4-fs (sdb1): Remounting filesystem read-only' }),
      ],
    }),
    ['repaired'],
  ],
  [
    'the journal of this disk was replayed',
    'possible',
    closedOnDisk({}, { events: [repair('kernel: EXT4-fs (sdb1): recovery complete')] }),
    ['repaired'],
  ],
  [
    'the journal of another disk was replayed',
    'refuted',
    closedOnDisk({}, { events: [...BOOTS, repair('kernel: EXT4-fs (sdc1): recovery complete')] }),
    ['nothing-repaired'],
  ],
  [
    'the journal of a disk was replayed whose name can’t be compared',
    'open',
    closedOnDisk({}, { events: [repair('kernel: EXT4-fs (dm-3): recovery complete')] }),
  ],
  [
    'the disk was checked and clean',
    'refuted',
    closedOnDisk({}, { events: [event('fsck-clean', BOOT + 5, { text: 'fsck: /dev/sdb1: clean' })] }),
    ['checked-and-clean'],
  ],
  ['the kernel’s log of this boot tells of none', 'refuted', closedOnDisk({}, { events: BOOTS }), ['nothing-repaired']],
  [
    'the disk was repaired in an earlier boot',
    'refuted',
    closedOnDisk({}, { events: [...BOOTS, repair('EXT4-fs (sdb1): recovery complete', PREVIOUS_BOOT + 7)] }),
  ],
  [
    'wtmp knows the boot, and no kernel’s log was read',
    'open',
    closedOnDisk({}, { events: [event('boot', BOOT, { source: 'wtmp' })] }),
    ['kernel-log'],
  ],
  ['no log was read', 'open', closedOnDisk(), ['kernel-log']],
  [
    'the boot is not known',
    'open',
    { ...closedOnDisk({}, { events: BOOTS }), bootedAt: unknown('not-permitted') },
    ['boot-time'],
  ],
]);

table('device-renamed', [
  [
    'fstab has an unstable device name, and nothing is mounted',
    'likely',
    missingDisk(setup({ fstab: fstabWith('/dev/sdb1') })),
    ['unstable-device-name'],
  ],
  [
    'fstab has an unstable device name, and a disk is mounted that might be the wrong one',
    'possible',
    closedOnDisk(setup({ fstab: fstabWith('/dev/nvme0n1p1') })),
  ],
  [
    'fstab has an unstable device name, and the images are on the mounted disk',
    'refuted',
    { ...closedOnDisk(setup({ fstab: fstabWith('/dev/sdb1') })), contents: incident().contents },
    ['images-are-there'],
  ],
  ['fstab has a UUID', 'refuted', missingDisk(setup({ fstab: FSTAB })), ['stable-device-name']],
  ['fstab cannot be read', 'open', missingDisk(setup({ fstab: unknown('not-permitted') })), ['fstab']],
  ['the mount setup was not inspected', 'open', missingDisk(NOBODY_LOOKED), ['fstab']],
  ['fstab has no mount point on the path', 'left out', missingDisk(setup())],
]);

const checkOff = (facts: Facts): Facts =>
  facts.config.state === 'known'
    ? { ...facts, config: known({ ...facts.config.value, storageHealthCheck: false }) }
    : facts;

table('broken-all-along', [
  [
    'the health check is off, and the change is old',
    'possible',
    checkOff(incident()),
    ['health-check-off', 'last-good-access'],
  ],
  ['it was not used in between', 'possible', incident({ logsFrom: PREVIOUS_BOOT }), ['nobody-used-it']],
  [
    'an image was served after the last change',
    'refuted',
    checkOff(incident({ lastGood: LAST_GOOD })),
    ['good-access-after-change'],
  ],
  ['an image was served before the last change', 'open', blockerAt(SOON, {}, { lastGood: LAST_GOOD })],
  ['a /v2/ that answered 200 proves no storage', 'open', incident({ lastOk: LAST_GOOD }), ['last-good-access']],
  [
    'the health check is off, and the change is from after the boot',
    'open',
    checkOff(blockerAt(SOON)),
    ['health-check-off', 'earlier-change'],
  ],
  ['the log does not reach back', 'open', incident({ logsFrom: BOOT + 60 }), ['last-good-access']],
  ['the boot is not known', 'open', { ...checkOff(incident()), bootedAt: unknown('not-permitted') }, ['boot-time']],
  ['the logs are not known', 'open', { ...incident(), logs: unknown('not-permitted') }, ['last-good-access']],
  [
    'of a missing disk: an image was served since the boot before',
    'refuted',
    missingDisk({}, { lastGood: LAST_GOOD, events: BOOTS }),
  ],
]);

describe('the order of why-now hypotheses', () => {
  test('why-now hypotheses are ordered: supported by strength, then undecided, then ruled out', () => {
    const facts = { ...checkOff(blockerAt(SOON, { modified: LONG_AGO })), ...reset(), ...security('disabled') };
    const ranks = (explain(facts)?.hypotheses ?? []).map((one) =>
      ['likely', 'possible', 'open', 'refuted'].indexOf(told(one)),
    );
    assert.deepEqual(ranks, ranks.toSorted());
    assert.ok(ranks.includes(0) && ranks.includes(2) && ranks.includes(3));
  });

  test('a healthy registry gets no why-now hypotheses', () => assert.equal(explain(onDisk()), null));
});

describe('a host whose clock was set', () => {
  const stepped = event('clock-step', BOOT + 300, { text: 'chronyd: System clock was stepped by 3600.5 seconds' });

  test('a clock that was set makes the why-now answer less certain by the size of the jump, and the answer says so', () => {
    const facts = blockerAt(BOOT - 3_000, {}, { lastGood: BOOT - 1_000, events: [stepped] });
    assert.notEqual(told(hypothesis(facts, 'mode-changed')), 'refuted');
    const without = blockerAt(BOOT - 3_000, {}, { lastGood: BOOT - 1_000 });
    assert.equal(
      hypothesis(without, 'mode-changed')?.evidence.some(({ path }) => path === BLOCKER),
      true,
    );
    assert.equal(told(hypothesis(without, 'mode-changed')), 'refuted');
    assert.deepEqual(
      explain(facts)?.doubts.map(({ id }) => id),
      ['clock-stepped'],
    );
  });

  const DOUBTS: [EvidenceId, Facts][] = [
    ['boot-times-differ', incident({ events: [event('boot', BOOT - 3_600)] })],
    ['time-in-the-future', oneBlockerAt(TAKEN + 7_200)],
    ['process-before-boot', incident({}, { process: known(processOf({ startedAt: known(BOOT - 3_600) })) })],
    ['fault-before-boot', incident({ firstBad: BOOT - 3_600 })],
    ['clock-ahead', incident({}, { clockAheadSeconds: known(-300) })],
  ];
  for (const [id, facts] of DOUBTS) {
    test(`a clock that was set, or contradicts itself, is detected: ${id}`, () =>
      assert.deepEqual(
        explain(facts)?.doubts.map((one) => one.id),
        [id],
      ));
  }

  test('a clock is not doubted without evidence', () => {
    assert.deepEqual(explain(incident({ events: BOOTS }))?.doubts, []);
  });

  test('a clock that jumped by less than a second is not doubted', () => {
    const small = event('clock-step', BOOT + 9, { text: 'chronyd: System clock was stepped by -0.125 seconds' });
    assert.deepEqual(explain(incident({ events: [small] }))?.doubts, []);
  });
});

test('the start time of the registry’s previous process is known as an earliest and a latest time', () => {
  const early = incident({
    events: [...BOOTS, OLD_SERVICE_START],
    files: [
      ['config', OLD_START - 600],
      ['binary', LONG_AGO],
    ],
  });
  assert.equal(told(hypothesis(early, 'pending-change')), 'refuted');
});
