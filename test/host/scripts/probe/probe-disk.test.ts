import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { absent, type Fact, known, unknown } from '../../../../src/model/fact.ts';
import type { MountSetup } from '../../../../src/model/host/disk.ts';
import type { Facts } from '../../../../src/model/host/facts.ts';
import { type MountedHost, startMountedHost } from '../../../support/hosts/mounted-host.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { configuredHost, factsOf, probe, probeOutput } from '../../probe-run.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { BUSYBOX, DASH, SHELLS, type Shell } from '../../shells.ts';

/** Real mounts and real files, in a mount namespace of the test's own; systemd alone is a stand-in here. */

const skip = skipUnless('linux', 'root', 'mount-namespaces', 'bash', 'busybox');
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

let tree: ScratchTree;
let host: MountedHost;

function at(name: string): string {
  return tree.at(name).toString();
}

function write(name: string, text: string | Buffer, mode = 0o644): string {
  writeFileSync(at(name), text, { mode });
  return at(name);
}

function inside(shell: Shell): Shell {
  return { ...shell, command: [...host.inside, ...shell.command] };
}

/** A host's shell, with the programs that it finds. */
type Kind = Shell & { readonly path: () => string };

const applets = new ScratchTree();
const KINDS: readonly Kind[] = [
  ...SHELLS.map((shell) => ({ ...shell, path: () => PATH })),
  { ...BUSYBOX, name: 'busybox alone', path: () => applets.root.toString() },
];

const ORDINARY: Kind = { ...DASH, path: () => PATH };

before(() => {
  if (skip) return;
  for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
    symlinkSync('/bin/busybox', applets.at(applet));
  }
});
after(() => applets.remove());

/** @param standIns a directory of programs that come before the host's own */
function lookAt(kind: Kind, storageRoot: string, standIns?: string): Facts {
  const path = standIns === undefined ? kind.path() : `"${standIns}":${kind.path()}`;
  return factsOf(probe(inside(kind), configuredHost(tree, storageRoot), { path }));
}

function setupOf(facts: Facts): MountSetup {
  return facts.mountSetup.state === 'known' ? facts.mountSetup.value : assert.fail();
}

function knownIn<T>(fact: Fact<T>): T {
  return fact.state === 'known' ? fact.value : assert.fail(JSON.stringify(fact));
}

describe('the probe reports free space on the disk', { skip }, () => {
  before(async () => {
    tree = new ScratchTree();
    for (const name of ['full', 'inodes', 'roomy']) tree.directory(tree.at(name));
    host = await startMountedHost(`
      mount -t tmpfs -o size=1m,nr_inodes=100 none '${at('full')}'; mkdir '${at('full')}/r'
      head -c 2097152 /dev/zero >'${at('full')}/big' 2>/dev/null || true
      mount -t tmpfs -o size=1m,nr_inodes=10 none '${at('inodes')}'; mkdir '${at('inodes')}/r'
      i=0; while touch "${at('inodes')}/$i" 2>/dev/null; do i=$((i+1)); done
      mount -t tmpfs -o size=1m,nr_inodes=100 none '${at('roomy')}'; mkdir '${at('roomy')}/r'`);
  });
  after(async () => {
    await host?.stop();
    tree?.remove();
  });

  for (const shell of KINDS) {
    test(`${shell.name}: the probe reports a disk without a free block`, { skip: shell.skip }, () => {
      const { sizeBytes, availableBytes } = knownIn(lookAt(shell, at('full/r')).diskSpace);
      assert.deepEqual({ sizeBytes, availableBytes }, { sizeBytes: 2 ** 20, availableBytes: 0 });
    });
    test(`${shell.name}: the probe reports a disk without a free inode`, { skip: shell.skip }, () => {
      const { inodes, availableInodes, availableBytes } = knownIn(lookAt(shell, at('inodes/r')).diskSpace);
      assert.deepEqual(
        { inodes, availableInodes, availableBytes },
        { inodes: 10, availableInodes: 0, availableBytes: 2 ** 20 },
      );
    });
    test(`${shell.name}: the probe reports a disk with free blocks and inodes`, { skip: shell.skip }, () => {
      const space = knownIn(lookAt(shell, at('roomy/r')).diskSpace);
      assert.deepEqual(space, { sizeBytes: 2 ** 20, availableBytes: 2 ** 20, inodes: 100, availableInodes: 98 });
    });
    test(`${shell.name}: the probe reports free space as unknown if the storage root is missing`, {
      skip: shell.skip,
    }, () => {
      assert.deepEqual(lookAt(shell, at('none')).diskSpace, unknown('not-there'));
    });
  }

  test('the probe does not wait for a filesystem that does not answer', () => {
    const bin = tree.directory(tree.at('hanging')).toString();
    write(
      'hanging/stat',
      '#!/bin/sh\ncase "$*" in *" -f "* | "-f "*) exec sleep 600 ;; esac\nexec /usr/bin/stat "$@"\n',
      0o755,
    );
    const { diskSpace } = lookAt(ORDINARY, at('roomy/r'), bin);
    assert.deepEqual(diskSpace, unknown({ code: 'no-answer', detail: '3' }));
  });

  test('the probe takes a whole answer of stat where timeout ends with another status than the program, as toybox’s does', () => {
    const bin = tree.directory(tree.at('toybox')).toString();
    write('toybox/timeout', '#!/bin/sh\n/usr/bin/timeout "$@"\nexit 127\n', 0o755);
    assert.equal(knownIn(lookAt(ORDINARY, at('roomy/r'), bin).diskSpace).sizeBytes, 2 ** 20);
  });
});

const FSTAB = `# comment
UUID=aaaa\t/ ext4 errors=remount-ro 0 1
UUID="bbbb" /srv/my\\040disk/ xfs defaults,nofail 0 2\r
//nas/share /mnt/cifs cifs username=alice,password=hush1,credentials=/etc/nas,uid=993 0 0
https://bob:hush2@nas/dav /mnt/dav davfs rw 0 0
ceph:/ /mnt/ceph ceph name=admin,secret=hush3
nas:/export/with@sign /mnt/nfs nfs4 _netdev
/dev/sdb1 none swap sw 0 0
$(reboot) /mnt/\`id\` ext4 defaults 0 0
short line
\u00e9 /mnt/\u00e9\\134x41 ext4
`;

describe('the probe reads fstab', { skip }, () => {
  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    const hostile = Buffer.concat([Buffer.from(FSTAB), Buffer.from('UUID=c /mnt/\xff ext4 defaults\n', 'latin1')]);
    host = await startMountedHost(`mount --bind '${write('fstab', hostile)}' /etc/fstab`);
  });
  after(async () => {
    await host?.stop();
    tree?.remove();
  });

  for (const shell of KINDS) {
    test(`${shell.name}: the probe reads every fstab line with its meaning, and without secrets`, {
      skip: shell.skip,
    }, () => {
      const output = probeOutput(inside(shell), configuredHost(tree, at('root')), { path: shell.path() }).toString(
        'latin1',
      );
      assert.doesNotMatch(output, /hush/);
      const entries = knownIn(setupOf(lookAt(shell, at('root'))).fstab);
      assert.deepEqual(
        entries.map(
          ({ source, mountPoint, filesystem, options }) => `${source} ${mountPoint} ${filesystem} ${options}`,
        ),
        [
          'UUID=aaaa / ext4 errors=remount-ro',
          'UUID="bbbb" /srv/my disk xfs defaults,nofail',
          '//nas/share /mnt/cifs cifs username=alice,password=[redacted],credentials=[redacted],uid=993',
          'https://bob:[redacted]@nas/dav /mnt/dav davfs rw',
          'ceph:/ /mnt/ceph ceph name=admin,secret=[redacted]',
          'nas:/export/with@sign /mnt/nfs nfs4 _netdev',
          '$(reboot) /mnt/`id` ext4 defaults',
          '\u00e9 /mnt/\u00e9\\x5cx41 ext4 defaults',
          'UUID=c /mnt/\\xff ext4 defaults',
        ],
      );
    });
  }
});

describe('the probe reads an unusual fstab', { skip }, () => {
  before(() => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
  });
  after(() => tree?.remove());

  const fstabOf = async (prepare: string) => {
    host = await startMountedHost(prepare);
    try {
      return setupOf(lookAt(ORDINARY, at('root'))).fstab;
    } finally {
      await host.stop();
    }
  };

  test('the probe reports an fstab with too many lines as unknown', async () => {
    const text = Array.from({ length: 1100 }, (_, line) => `UUID=${line} /mnt/${line} ext4\n`).join('');
    assert.deepEqual(await fstabOf(`mount --bind '${write('many', text)}' /etc/fstab`), unknown('fstab-too-long'));
  });
  test('the probe reports an fstab with a line that is too long as unknown', async () => {
    const text = `UUID=1 /${'x'.repeat(5000)} ext4\n`;
    assert.deepEqual(await fstabOf(`mount --bind '${write('long', text)}' /etc/fstab`), unknown('fstab-line-too-long'));
  });
  test('the probe reports an empty fstab as known and empty', async () => {
    assert.deepEqual(await fstabOf(`mount --bind '${write('empty', '')}' /etc/fstab`), known([]));
  });
});

describe('the probe reports a disk by each of its names', { skip }, () => {
  before(async () => {
    tree = new ScratchTree();
    for (const name of ['disk', 'dev']) tree.directory(tree.at(name));
    const fstab = write(
      'fstab',
      `UUID=aaaa ${at('disk')} ext4\nLABEL=my\\040disk /mnt/a ext4\n/dev/sdc1 /mnt/b ext4\nUUID=gone /mnt/c ext4\n/dev/null /mnt/d ext4\n`,
    );
    host = await startMountedHost(`
      mount --bind '${fstab}' /etc/fstab
      mount -t tmpfs none '${at('dev')}'; cd '${at('dev')}'
      mknod null c 1 3; mknod zero c 1 5; mknod sdc1 b 8 33; mknod sdb1 b 8 17
      mkdir -p disk/by-uuid disk/by-label; ln -s ../../sdb1 disk/by-uuid/aaaa; ln -s ../../sdc1 'disk/by-label/my\\x20disk'
      ln -s ../../sdc1 disk/by-uuid/cccc; ln -s ../../nothing disk/by-uuid/eeee
      cd /; mount --bind '${at('dev')}' /dev`);
  });
  after(async () => {
    await host?.stop();
    tree?.remove();
  });

  for (const shell of KINDS) {
    test(`${shell.name}: the probe reports devices as fstab writes them, with the UUID of each device file`, {
      skip: shell.skip,
    }, () => {
      const { devices, uuids } = setupOf(lookAt(shell, at('disk')));
      assert.deepEqual(devices, known({ 'UUID=aaaa': '8:17', 'LABEL=my disk': '8:33', '/dev/sdc1': '8:33' }));
      assert.deepEqual(uuids, known({ '/dev/sdc1': 'cccc' }));
    });
  }
});

const UNITS = `Where=/srv/disk
What=/dev/disk/by-uuid/aaaa
Result=exit-code
Id=srv-disk.mount
WantedBy=
RequiredBy=local-fs.target
ActiveState=failed
FragmentPath=/run/systemd/generator/srv-disk.mount
SourcePath=/etc/fstab
UnitFileState=generated
ActiveEnterTimestampMonotonic=0

Where=/opt/my disk
What=/dev/sdc1
Result=success
Id=opt-my\\x20disk.mount
WantedBy=multi-user.target
RequiredBy=
ActiveState=active
FragmentPath=/etc/systemd/system/opt-my\\x20disk.mount
SourcePath=
UnitFileState=enabled
ActiveEnterTimestampMonotonic=12500000

Where=/proc/sys/fs/binfmt_misc
Id=proc-sys-fs-binfmt_misc.automount
Result=success
ActiveState=active
FragmentPath=/usr/lib/systemd/system/proc-sys-fs-binfmt_misc.automount

Where=/mnt/hand
What=/dev/sdd1
Result=success
Id=mnt-hand.mount
ActiveState=active
FragmentPath=
SourcePath=/proc/self/mountinfo
UnitFileState=
ActiveEnterTimestampMonotonic=99000000
`;

describe('the probe reads mount units, as systemctl(1) is documented to show them', { skip }, () => {
  const STAND_INS = {
    answers: `#!/bin/sh\ncat <<'END'\n${UNITS}END\n`,
    hangs: '#!/bin/sh\nexec sleep 600\n',
    fails: '#!/bin/sh\necho "Failed to connect to bus" >&2\nexit 1\n',
  };
  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    for (const [name, text] of Object.entries(STAND_INS)) {
      tree.directory(tree.at(name));
      write(`${name}/systemctl`, text, 0o755);
    }
    host = await startMountedHost('mount -t tmpfs none /run; mkdir -p /run/systemd/system');
  });
  after(async () => {
    await host?.stop();
    tree?.remove();
  });

  const units = (standIn: keyof typeof STAND_INS) => setupOf(lookAt(ORDINARY, at('root'), at(standIn))).units;

  for (const shell of KINDS) {
    test(`${shell.name}: the probe reports mount units of disks with the cause and time of their state`, {
      skip: shell.skip,
    }, () => {
      const facts = lookAt(shell, at('root'), at('answers'));
      const bootedAt = knownIn(facts.bootedAt);
      assert.deepEqual(
        setupOf(facts).units,
        known([
          {
            unit: 'srv-disk.mount',
            where: '/srv/disk',
            what: '/dev/disk/by-uuid/aaaa',
            activeState: 'failed',
            result: 'exit-code',
            definedIn: '/etc/fstab',
            enabled: false,
            activeSince: unknown('systemd-silent'),
          },
          {
            unit: 'opt-my\\x5cx20disk.mount',
            where: '/opt/my disk',
            what: '/dev/sdc1',
            activeState: 'active',
            result: 'success',
            definedIn: '/etc/systemd/system/opt-my\\x5cx20disk.mount',
            enabled: true,
            activeSince: known(bootedAt + 12),
          },
          {
            unit: 'mnt-hand.mount',
            where: '/mnt/hand',
            what: '/dev/sdd1',
            activeState: 'active',
            result: 'success',
            definedIn: '/proc/self/mountinfo',
            enabled: false,
            activeSince: known(bootedAt + 99),
          },
        ]),
      );
    });
  }
  test('the probe does not wait for a hanging systemd', () =>
    assert.deepEqual(units('hangs'), unknown({ code: 'no-answer', detail: '3' })));
  test('the probe reports mount units as unknown if systemd can’t be asked', () =>
    assert.deepEqual(units('fails'), unknown('systemctl-silent')));
  test('the probe reports no mount units on a host without systemd', async () => {
    const other = await startMountedHost('mount -t tmpfs none /run');
    const shell = { ...DASH, command: [...other.inside, ...DASH.command] };
    const facts = factsOf(probe(shell, configuredHost(tree, at('root'))));
    await other.stop();
    assert.deepEqual(setupOf(facts).units, absent);
  });
});

describe('the probe reads boot-time rules that set a directory’s mode or owner', { skip }, () => {
  before(async () => {
    tree = new ScratchTree();
    for (const name of ['etc', 'run', 'usr', 'cron', 'spool', 'units', 'data', 'data/registry']) {
      tree.directory(tree.at(name));
    }
    mkdirSync(tree.at('elsewhere'));
    tree.link(tree.at('link'), at('data'));
    const data = at('data');
    write('etc/a.conf', `d ${data} 0750 root root -\n# d ${data} 0700\nz ${data}/reg* :0700 - -\n`);
    write('usr/a.conf', `d ${data} 0111 - - -\n`);
    write(
      'usr/b.conf',
      `D "${at('link')}/registry" - - - 10d\nx ${data}\nd ${at('elsewhere')} 0700\nZ ${data}/r?gis[st]ry 0700 git -\n`,
    );
    write('run/masked.conf', '');
    write('etc/masked.conf', `d ${data} 0100 - - -\n`);
    chmodSync(at('etc'), 0o755);
    write(
      'cron/perms',
      `@reboot root /bin/chmod -R 750 ${data}\n0 * * * * root chown git:ops '${data}' && rm -f ${data}/x\n`,
    );
    write(
      'spool/root',
      `5 4 * * * find ${data} -type d -exec chmod 700 {} \\;\n0 0 * * * chmod g-w ${at('elsewhere')}\n`,
    );
    write(
      'units/reg.service',
      `[Service]\nExecStartPre=-/bin/chmod u=rwx,go= ${data}/registry\nDescription=chmod 700 ${data}\n`,
    );
    host = await startMountedHost(`
      mount -t tmpfs none /run; mkdir -p /run/systemd/system /run/tmpfiles.d; cp '${at('run')}'/* /run/tmpfiles.d/
      mount --bind '${at('etc')}' /etc/tmpfiles.d; mount --bind '${at('usr')}' /usr/lib/tmpfiles.d
      mount --bind '${at('cron')}' /etc/cron.d
      mkdir /run/spool /run/spool/cron; cp '${at('spool')}/root' /run/spool/cron/root; mount --bind /run/spool /var/spool
      mount --bind '${at('units')}' /etc/systemd/system`);
  });
  after(async () => {
    await host?.stop();
    tree?.remove();
  });

  for (const shell of KINDS) {
    test(`${shell.name}: the probe reports tmpfiles.d, cron and unit lines that name a directory on the path`, {
      skip: shell.skip,
    }, () => {
      const data = at('data');
      const resets = knownIn(setupOf(lookAt(shell, at('link/registry'))).resets);
      assert.deepEqual(
        resets.map(({ kind, file, path, sets, recursive, removes }) =>
          [kind, file, path, sets && [sets.mode, sets.owner, sets.group].join(':'), recursive && '-R', removes]
            .filter((word) => word !== false && word !== null)
            .join(' '),
        ),
        [
          `tmpfiles /etc/tmpfiles.d/a.conf ${data} 0750:root:root`,
          `tmpfiles /etc/tmpfiles.d/masked.conf ${data} 0100::`,
          `tmpfiles /usr/lib/tmpfiles.d/b.conf ${at('link')}/registry :: everything`,
          `tmpfiles /usr/lib/tmpfiles.d/b.conf ${data}/registry 0700:git: -R`,
          `cron /etc/cron.d/perms ${data} 0750:: -R`,
          `cron /etc/cron.d/perms ${data} :git:ops`,
          `cron /var/spool/cron/root ${data} 0700:: -R`,
          `unit /etc/systemd/system/reg.service ${data}/registry`,
        ],
      );
    });
  }
});
