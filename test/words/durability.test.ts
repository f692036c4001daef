import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Durability, type Threat } from '../../src/model/diagnosis/durability.ts';
import type { FindingOf } from '../../src/model/diagnosis/finding.ts';
import { bytes } from '../../src/words/bytes.ts';
import { durabilityPhrases } from '../../src/words/en/durability.ts';
import { plainText } from '../../src/words/phrase.ts';
import { hasInvisible } from '../../src/words/visible-text.ts';
import { hostPath } from '../support/facts/facts-builder.ts';

const PATH = hostPath('/srv/disk');
const NOT_PERMANENT: Extract<Threat, { id: 'mount-not-permanent' }> = {
  id: 'mount-not-permanent',
  path: PATH,
  source: '/dev/sdb1',
  uuid: 'aaaa',
  filesystem: 'ext4',
  options: [],
  bindOf: null,
  noauto: false,
};

function textsOf(of: Partial<Durability>, isBroken = true): string[] {
  const whole = Durability.parse({ reboot: 'holds', reconfigure: 'not-applicable', threats: [], unknowns: [], ...of });
  return durabilityPhrases({ durability: whole, findings: [], isBroken }).map(plainText);
}

function sentenceOf(threat: Threat): string {
  return textsOf({ reboot: 'breaks', threats: [threat] })[1] ?? assert.fail();
}

describe('whether a fix survives a reboot', () => {
  test('a diagnosis says that a fix survives a reboot, and why', () => {
    assert.deepEqual(textsOf({}), [
      'Survives a reboot: yes. Nothing on this host resets these permissions, and every mount on the path is permanent.',
    ]);
    assert.match(textsOf({ reconfigure: 'holds' })[0] ?? '', /^Survives a reboot and gitlab-ctl reconfigure: yes\./);
  });
  test('a diagnosis says that a fix does not survive a reboot, and which event breaks it', () => {
    assert.deepEqual(textsOf({ reboot: 'breaks' }), ['Survives a reboot: no. It breaks again at the next reboot.']);
    assert.deepEqual(textsOf({ reboot: 'breaks', reconfigure: 'breaks' }), [
      'Survives a reboot and gitlab-ctl reconfigure: no. It breaks again at the next reboot or the next gitlab-ctl reconfigure.',
    ]);
  });
  test('a diagnosis says that it is unknown whether a fix survives a reboot, and what could not be seen', () => {
    assert.deepEqual(
      textsOf({ reboot: 'unknown', unknowns: [{ code: 'fstab-unread', because: { code: 'not-permitted' } }] }),
      ['Survives a reboot: unknown. What I couldn’t see: /etc/fstab: not permitted.'],
    );
  });
  test('a diagnosis says only once why the registry will break at the next reboot', () => {
    const durability = Durability.parse({
      reboot: 'breaks',
      reconfigure: 'holds',
      threats: [NOT_PERMANENT],
      unknowns: [],
    });
    const finding: FindingOf<'breaks-at-next-reboot'> = {
      id: 'breaks-at-next-reboot',
      severity: 'warning',
      proof: 'evaluated',
      path: PATH,
      threats: [NOT_PERMANENT],
    };
    assert.deepEqual(durabilityPhrases({ durability, findings: [finding], isBroken: false }).map(plainText), [
      'Survives a reboot and gitlab-ctl reconfigure: no. It breaks at the next reboot.',
    ]);
  });
  test('a diagnosis of a working registry says that it breaks at the next reboot, not that it breaks again', () =>
    assert.deepEqual(textsOf({ reboot: 'breaks' }, false), ['Survives a reboot: no. It breaks at the next reboot.']));
  test('a diagnosis says nothing about a reboot if that was not judged', () =>
    assert.deepEqual(durabilityPhrases({ durability: null, findings: [], isBroken: false }), []));
});

const RESET = { id: 'mode-reset', path: PATH, line: 'd /srv/disk 0700 root root', understood: true } as const;

describe('warnings about the next reboot', () => {
  const ROWS: [string, Threat, RegExp][] = [
    ['a mount in no file', NOT_PERMANENT, /add to \/etc\/fstab UUID=aaaa \/srv\/disk ext4 defaults 0 2, and try it/],
    [
      'a mount whose options decide',
      { ...NOT_PERMANENT, uuid: null, filesystem: 'vfat', options: ['uid=993'], path: hostPath('/srv/my disk') },
      /\/dev\/sdb1 \/srv\/my\\040disk vfat defaults,uid=993 0 2/,
    ],
    [
      'a bind mount',
      { ...NOT_PERMANENT, bindOf: '/export' },
      /DIRECTORY \/srv\/disk none bind 0 0, where DIRECTORY is the path of \/export on \/dev\/sdb1/,
    ],
    [
      'a mount from a server',
      { ...NOT_PERMANENT, source: 'nas:/reg', uuid: null, filesystem: 'nfs4' },
      /nas:\/reg \/srv\/disk nfs4 defaults,_netdev 0 0/,
    ],
    [
      'a filesystem that needs options of its own',
      { ...NOT_PERMANENT, source: 'overlay', uuid: null, filesystem: 'overlay' },
      /add a line for it to \/etc\/fstab, with the options that overlay needs: I can’t see them all, so I show no line\./,
    ],
    [
      'a FUSE filesystem',
      { ...NOT_PERMANENT, source: 'ops@nas:/reg', uuid: null, filesystem: 'fuse.sshfs' },
      /with the options that fuse\.sshfs needs: I can’t see them all/,
    ],
    ['noauto', { ...NOT_PERMANENT, noauto: true }, /no boot mounts it\. To make it last, take noauto out/],
    [
      'another device',
      { id: 'mount-differs-from-fstab', path: PATH, differs: 'source', mounted: '/dev/sdb1', fstab: 'UUID=c' },
      /has the disk UUID=c, and mounted is \/dev\/sdb1.*put what is right into \/etc\/fstab/,
    ],
    [
      'a name that changes',
      { id: 'device-name-not-stable', path: PATH, source: '/dev/sdb1', uuid: 'aaaa' },
      /another disk at a boot\. To make it last, write UUID=aaaa there instead\./,
    ],
    [
      'a tmpfs',
      { id: 'volatile-place', path: PATH, why: 'tmpfs' },
      /empty after a reboot\. To make it last, keep the storage/,
    ],
    [
      'tmpfiles of an administrator',
      { ...RESET, file: '/etc/tmpfiles.d/a.conf' },
      /change that line in \/etc\/tmpfiles\.d\/a\.conf\./,
    ],
    [
      'tmpfiles of a package',
      { ...RESET, file: '/usr/lib/tmpfiles.d/a.conf' },
      /same name into \/etc\/tmpfiles\.d \(\/etc\/tmpfiles\.d\/a\.conf\)/,
    ],
    ['a crontab', { ...RESET, file: '/etc/cron.d/perms' }, /change that line in \/etc\/cron\.d\/perms\./],
    [
      'a unit',
      { ...RESET, file: '/usr/lib/systemd/system/reg.service', line: 'ExecStartPre=/bin/chmod 700 /srv/disk' },
      /systemctl edit reg\.service/,
    ],
    [
      'an option of fstab',
      { ...RESET, file: '/etc/fstab', line: 'X-mount.mode=0700' },
      /change that option in \/etc\/fstab/,
    ],
    [
      'a line that was not understood',
      { ...RESET, file: '/etc/crontab', understood: false },
      /in a way that I do not understand/,
    ],
    [
      'what removes files',
      { id: 'contents-removed', path: PATH, file: '/etc/tmpfiles.d/a.conf', line: 'D /srv/disk', what: 'everything' },
      /has what lies in \/srv\/disk removed/,
    ],
    [
      'reconfigure',
      { id: 'reconfigure-resets', path: PATH, to: '0770', owner: 'registry', group: 'git', understood: true } as Threat,
      /sets \/srv\/disk to 0770 registry:git again.*\/etc\/gitlab\/gitlab\.rb/,
    ],
    ['nofail', { id: 'nofail-stub', path: PATH }, /says nofail.*RequiresMountsFor=\/srv\/disk/],
  ];
  for (const [name, threat, expected] of ROWS) {
    test(`a warning about the next reboot says what will happen and how to prevent it for good: ${name}`, () => {
      const sentence = sentenceOf(threat);
      assert.match(sentence, expected);
      assert.match(sentence, /\.$/);
      assert.doesNotMatch(sentence, /undefined|null|\[object| {2}|\.\./);
    });
  }

  test('a hostile line quoted in a reboot warning is shown completely and can’t start a line of its own', () => {
    const hostile = { ...RESET, file: '/etc/cron.d/\n\u202ex', line: 'chmod 700 /x\nApproved \u200b by all' };
    assert.equal(hasInvisible(sentenceOf(hostile)), false);
    assert.equal(hasInvisible(sentenceOf({ ...NOT_PERMANENT, source: '//nas/\u202e', uuid: null })), false);
  });
});

test('an amount of free space is never rounded up', () => {
  assert.deepEqual([0, 1, 1023, 1024, 10_239, 2 ** 20 - 1, 2 ** 30, 1.99 * 2 ** 40].map(bytes), [
    '0 B',
    '1 B',
    '1023 B',
    '1 KiB',
    '9.9 KiB',
    '1023 KiB',
    '1 GiB',
    '1.9 TiB',
  ]);
});
