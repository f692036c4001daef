import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traitsOf } from '../../../src/incident/quiet/traits.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import type { MountEntry } from '../../../src/model/host/disk.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { dir, factsOf, link } from '../../support/facts/facts-builder.ts';
import { mountSetupOf } from '../../support/facts/mount-setup.ts';

const ROOT = '/var/opt/registry';
const base = () =>
  factsOf({ storageRoot: ROOT, nodes: [dir('/var/opt'), link(ROOT, '/data/images'), dir('/data/images')] });

function mount(mountPoint: string, source: string, filesystem = 'nfs4'): MountEntry {
  const unlinked = { id: null, parent: null, device: null, root: null };
  return { mountPoint: HostPath.parse(mountPoint), source, filesystem, options: [], ...unlinked };
}

const withMounts = (...mounts: MountEntry[]): Facts => ({ ...base(), mounts: known(mounts) });

test('the shares of a host are the network file systems at or above its storage, also behind a symlink', () => {
  const facts = withMounts(
    mount('/', '/dev/sda1', 'ext4'),
    mount('/var/opt', 'nas01:/opt'),
    mount('/data/images', '//files/images', 'cifs'),
    mount('/home', 'nas02:/home'),
    mount('/var/optional', 'nas03:/x'),
  );
  assert.deepEqual(traitsOf(facts).shares, ['nas01:/opt', '//files/images']);
});

test('a share that is set up in fstab counts, also when it is not mounted, and each counts once', () => {
  const line = { source: 'nas01:/opt', mountPoint: HostPath.parse('/var/opt'), filesystem: 'nfs', options: [] };
  const mountSetup = mountSetupOf({ fstab: [line] });
  assert.deepEqual(traitsOf({ ...withMounts(), mountSetup }).shares, ['nas01:/opt']);
  assert.deepEqual(traitsOf({ ...withMounts(mount('/var/opt', 'nas01:/opt')), mountSetup }).shares, ['nas01:/opt']);
});

test('the boot is told in UTC, and what is unknown is no trait', () => {
  const bootedAt = known(1_795_960_800);
  assert.equal(traitsOf({ ...base(), bootedAt }).bootedAt, '2026-11-29T14:00:00.000Z');
  const nothing = { ...base(), bootedAt: unknown('not-looked-at'), mounts: unknown('not-looked-at') } as const;
  assert.deepEqual(traitsOf(nothing), { shares: [], bootedAt: null });
});
