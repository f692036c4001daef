import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { Finding, type FindingId } from '../../src/model/diagnosis/finding.ts';
import { findingWords } from '../../src/words/en/findings.ts';
import type { FindingContext } from '../../src/words/finding-words.ts';
import { plainText } from '../../src/words/phrase.ts';
import { hasInvisible } from '../../src/words/visible-text.ts';
import { factsOf } from '../support/facts/facts-builder.ts';

const AROUND: FindingContext = judgeFacts(factsOf());

function wordsOf(id: FindingId, fields: Record<string, unknown>): string {
  const finding = Finding.parse({ id, severity: 'fault', proof: 'evaluated', ...fields });
  const { title, because, remedy } = findingWords(finding, AROUND);
  return [title, because, remedy].map(plainText).join(' | ');
}

const MISSING = {
  path: '/srv/disk',
  mountPoint: '/srv/disk',
  source: 'UUID=1',
  setUpIn: '/etc/fstab',
  unit: null,
  storageRoot: '/srv/disk/reg',
  breaksOffAt: null,
  repositories: 0,
};
const UNIT = { name: 'srv-disk.mount', activeState: 'failed', result: 'exit-code' };

describe('the finding about an unmounted disk', () => {
  const words = (of: Record<string, unknown>) => wordsOf('mount-missing', { ...MISSING, ...of });

  test('the finding about an unmounted disk says the images are not lost, and warns not to change the directory at its mount point', () => {
    assert.match(words({}), /with no image in it\)\. The images are on the unmounted disk; they are not lost/);
    assert.match(words({}), /don’t create or change anything at or below \/srv\/disk/);
    assert.doesNotMatch(words({}), /mkdir|chmod|chown/);
  });
  test('the finding about an unmounted disk says how to mount it: with mount or its systemd unit', () => {
    assert.match(words({}), /Mount it: mount \/srv\/disk\./);
    assert.match(words({ setUpIn: 'srv-disk.mount' }), /Mount it: systemctl start srv-disk\.mount\./);
  });
  test('the finding about an unmounted disk quotes systemd’s reason for the failed mount', () => {
    assert.match(words({ unit: UNIT }), /srv-disk\.mount: failed \(exit-code\).*systemctl status srv-disk\.mount/);
  });
  test('the finding about an unmounted disk says where the path ends if the mount point does not exist', () => {
    assert.match(words({ breaksOffAt: '/srv/disk/reg' }), /So \/srv\/disk\/reg doesn’t exist\./);
  });
  test('the finding about an unmounted disk warns about images that are pushed meanwhile', () => {
    assert.match(words({ repositories: 2 }), /2 repositories\).*stop the registry before mounting/);
    assert.doesNotMatch(words({}), /pushed since/);
  });
  test('the finding about a disk that a container doesn’t see says to restart the container', () => {
    assert.match(
      words({ path: '/var/lib/registry' }),
      /container holds \/var\/lib\/registry from that directory: restart it/,
    );
  });
});

describe('other findings about disks', () => {
  test('the finding about another disk than the configured one says to change fstab if the images are on that disk', () => {
    const fields = { path: '/srv', mounted: '/dev/sdb1', fstab: 'UUID=1', storageRoot: '/srv/r', repositories: 3 };
    assert.match(
      wordsOf('wrong-disk-mounted', { ...fields, severity: 'warning' }),
      /It holds 3 repositories\..*put the new disk into \/etc\/fstab.*blkid \/dev\/sdb1/,
    );
    assert.match(
      wordsOf('wrong-disk-mounted', { ...fields, repositories: 0 }),
      /It holds no image\..*which of the two holds the images/,
    );
  });
  test('the finding about a full disk tells bytes from inodes, and used up from nearly used up', () => {
    const fields = { path: '/srv/r', mountPoint: '/srv', available: 0, total: 2 ** 30 };
    assert.match(wordsOf('filesystem-full', { ...fields, of: 'bytes' }), /has no room left \| 0 B of 1 GiB.*du -xh/);
    assert.match(
      wordsOf('filesystem-full', { ...fields, of: 'inodes', total: 10 }),
      /no inodes left \| 0 inodes of 10 inodes.*du -x --inodes/,
    );
    assert.match(
      wordsOf('filesystem-full', { ...fields, of: 'bytes', severity: 'warning' }),
      /has almost no room left/,
    );
  });
  test('the finding about mount options says which to set, for each kind of filesystem and the registry’s user', () => {
    const fields = {
      path: '/srv',
      operation: 'search',
      mountPoint: '/srv',
      source: '/dev/sdb1',
      options: [],
      inFstab: true,
    };
    const optionsFor = (filesystem: string) => wordsOf('mount-options-deny', { ...fields, filesystem });
    assert.match(optionsFor('vfat'), /in \/etc\/fstab to uid=993,gid=993,umask=0027/);
    assert.match(optionsFor('cifs'), /uid=993,gid=993,dir_mode=0750,file_mode=0640/);
    assert.match(optionsFor('fuse.sshfs'), /allow_other,default_permissions.*\/etc\/fuse\.conf needs user_allow_other/);
  });
  test('the finding about a file server says to check root_squash for NFS, and the mapped account otherwise', () => {
    const fields = { path: '/srv', operation: 'create', mountPoint: '/srv', source: 'nas:/x' };
    assert.match(
      wordsOf('server-denies', { ...fields, filesystem: 'nfs4' }),
      /create files in \/srv.*root_squash.*uid 993/,
    );
    assert.match(wordsOf('server-denies', { ...fields, filesystem: 'cifs' }), /which account this mount uses/);
  });
  test('findings about disks show a hostile name completely, and no part of it becomes a command', () => {
    const hostile = '/srv/\u202e$(reboot)\n';
    for (const words of [
      wordsOf('mount-missing', {
        ...MISSING,
        path: hostile,
        mountPoint: hostile,
        source: hostile,
        unit: { ...UNIT, name: hostile },
      }),
      wordsOf('stale-handle', { path: hostile, mountPoint: hostile, source: hostile }),
      wordsOf('filesystem-full', { path: hostile, mountPoint: hostile, of: 'bytes', available: 0, total: 1 }),
    ]) {
      assert.equal(hasInvisible(words), false, words);
      assert.doesNotMatch(words, /(mount|umount|du|status) [^'$]*\$\(reboot/);
    }
  });
});
