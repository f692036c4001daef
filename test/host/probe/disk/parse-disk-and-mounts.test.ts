import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDiskAndMounts } from '../../../../src/host/probe/disk/parse-disk-and-mounts.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import { factsOf } from '../../../support/facts/facts-builder.ts';

const WHOLE = [
  'space known 4096 100 50 10 5',
  'fstab{',
  'fstab-entry UUID=1 /srv ext4 defaults',
  'fstab}',
  'uuids{',
  'device 8:11 6180 /dev/sdb1',
  'device 8:11 6180 /dev/disk/by-uuid/1',
  'uuids}',
  'units absent',
  'resets{',
  'reset\ttmpfiles\t/etc/a.conf\td /var 0700',
  'resets}',
  'resets{',
  'resets}',
  'end',
];

function parsed(lines: readonly string[]) {
  const { nodes, mounts, storageRoot, bootedAt } = factsOf();
  const section = Buffer.from(lines.join('\n'), 'latin1');
  const { diskSpace, mountSetup } = parseDiskAndMounts(section, { nodes, mounts, storageRoot, bootedAt });
  assert.ok(mountSetup.state === 'known');
  return { diskSpace, ...mountSetup.value };
}

const CUT = unknown('cut-short');

describe('the parser of the probe’s output about disk and mounts', () => {
  test('the parser of disk and mounts reads complete output', () => {
    const { diskSpace, fstab, units, resets, uuids, devices } = parsed(WHOLE);
    assert.deepEqual(diskSpace, known({ sizeBytes: 409_600, availableBytes: 204_800, inodes: 10, availableInodes: 5 }));
    assert.partialDeepStrictEqual(fstab, { state: 'known', value: [{ source: 'UUID=1', mountPoint: '/srv' }] });
    assert.deepEqual(units, absent);
    assert.partialDeepStrictEqual(resets, { state: 'known', value: [{ path: '/var', file: '/etc/a.conf' }] });
    assert.deepEqual(uuids, known({ '/dev/sdb1': '1' }));
    assert.deepEqual(devices, known({ 'UUID=1': '8:17' }));
  });

  test('the parser of disk and mounts reports everything as unknown if the output is empty', () => {
    const { diskSpace, fstab, units, resets, uuids } = parsed([]);
    assert.deepEqual([diskSpace, fstab, units, resets, uuids], [CUT, CUT, CUT, CUT, CUT]);
  });

  test('the parser of disk and mounts reports a list as unknown if the output was cut off before the list’s end', () => {
    for (let lines = 0; lines < WHOLE.length; lines++) {
      const { fstab, resets, uuids } = parsed(WHOLE.slice(0, lines));
      assert.equal(fstab.state, lines >= 4 ? 'known' : 'unknown', `fstab of ${lines} lines`);
      assert.equal(uuids.state, lines >= 8 ? 'known' : 'unknown', `uuids of ${lines} lines`);
      assert.deepEqual(resets, CUT, `resets of ${lines} lines`);
    }
  });

  test('the parser of disk and mounts reports a list as unknown with the host’s reason, whatever was read before it', () => {
    assert.deepEqual(
      parsed([...WHOLE, 'resets unknown not-permitted-at /var/spool/cron']).resets,
      unknown({ code: 'not-permitted-at', detail: '/var/spool/cron' }),
    );
    assert.deepEqual(parsed([...WHOLE, 'fstab unknown fstab-too-long']).fstab, unknown('fstab-too-long'));
  });

  test('more boot-time rules for the path than the limit are reported as unknown', () => {
    const many = Array.from({ length: 65 }, () => 'reset\ttmpfiles\t/etc/a.conf\td /var 0700');
    assert.deepEqual(
      parsed(['resets{', ...many, 'resets}', 'end']).resets,
      unknown({ code: 'too-many-resets', detail: '64' }),
    );
  });

  test('the parser of disk and mounts rejects unreadable numbers and devices', () => {
    for (const line of [
      'space known 4096 x 1 1 1',
      'space known -1 1 1 1 1',
      'device 8:zz 6180 /dev/sdb1',
      'device 8',
    ]) {
      assert.throws(() => parsed([line]), line);
    }
  });

  test('the parser of disk and mounts keeps bytes that are not UTF-8', () => {
    const { fstab } = parsed(['fstab{', 'fstab-entry LABEL=\xff /srv/\\377\xe9 ext4 defaults', 'fstab}']);
    assert.partialDeepStrictEqual(fstab, {
      state: 'known',
      value: [{ source: 'LABEL=\\xff', mountPoint: '/srv/\\xff\\xe9' }],
    });
  });
});
