import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../../src/diagnosis/access/judge-access.ts';
import {
  coveredPlace,
  hostPathToTell,
  mountsOfHost,
  placeOnHost,
} from '../../../../src/diagnosis/access/kernel/host-place.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import type { Facts, MountEntry } from '../../../../src/model/host/facts.ts';
import {
  dir,
  type FactsOptions,
  factsOf,
  hostPath,
  link,
  missing,
  mountOf,
} from '../../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../../support/facts/mount-setup.ts';

const NODES = [dir('/'), dir('/storage'), link('/storage/now', 'registry'), dir('/storage/registry')];
const HOST_PATHS = { '/storage': '/srv/disk', '/storage/registry': '/srv/disk/registry' };

/** A container that has the host's /srv/disk as /storage. */
function container(
  hostPaths: Record<string, string>,
  options: FactsOptions & { hostMounts?: Facts['mounts'] } = {},
): Facts {
  const { hostMounts = known([disk('/', 1, 0, '/')]), ...others } = options;
  return factsOf({
    storageRoot: '/storage/registry',
    nodes: NODES,
    view: {
      kind: 'process',
      pid: 7,
      startTicks: '1',
      hostPaths: Object.entries(hostPaths).map(([path, place]) => ({ path, hostPath: place })),
      hostMounts,
    },
    mounts: known([layer(10, 9), disk('/storage', 11, 10, '/srv/disk')]),
    ...others,
  });
}

function layer(id: number, parent: number): MountEntry {
  return mountOf({ mountPoint: hostPath('/'), id, parent, device: '0:40', root: '/', filesystem: 'overlay' });
}

/** Of the host's disk 8:1: which directory of it is mounted where. */
function disk(mountPoint: string, id: number, parent: number, root: string, device = '8:1'): MountEntry {
  return mountOf({ mountPoint: hostPath(mountPoint), id, parent, device, root });
}

describe('the host’s path of a directory inside a container', () => {
  const facts = container(HOST_PATHS);
  const rows = [
    { what: 'a bound directory', path: '/storage', place: '/srv/disk' },
    { what: 'an entry in it', path: '/storage/registry', place: '/srv/disk/registry' },
    { what: 'a link', path: '/storage/now', place: '/srv/disk/now' },
    { what: 'an entry in the storage', path: '/storage/registry/docker', place: '/srv/disk/registry/docker' },
    { what: 'its own root', path: '/', place: null },
    { what: 'an entry in its own tree', path: '/etc/x', place: null },
  ];
  for (const { what, path, place } of rows) {
    test(`the host’s path of a container’s path is found: ${what}`, () =>
      assert.equal(placeOnHost(facts, hostPath(path))?.path ?? null, place));
  }

  test('a missing file below a directory with a known host path gets a host path', () => {
    const nodes = [dir('/'), dir('/storage'), missing('/storage/registry')];
    const gone = container({ '/storage': '/srv/disk' }, { nodes });
    assert.equal(placeOnHost(gone, hostPath('/storage/registry'))?.path, '/srv/disk/registry');
  });

  test('a missing file gets no host path if the host has its directory elsewhere or not at all', () => {
    const facts = container({ '/storage': '/srv/disk' });
    assert.equal(placeOnHost(facts, hostPath('/storage/registry')), null);
    assert.equal(placeOnHost(facts, hostPath('/storage/registry/docker')), null);
  });

  test('the host’s path is shown only if it differs from the container’s', () => {
    assert.equal(hostPathToTell(container({ '/storage': '/storage' }), hostPath('/storage')), undefined);
    assert.equal(hostPathToTell(facts, hostPath('/storage')), '/srv/disk');
    assert.equal(hostPathToTell(facts, hostPath('/')), null);
    assert.equal(hostPathToTell(factsOf(), hostPath('/')), undefined);
  });
});

describe('a container’s directory hidden by a later mount on the host', () => {
  const at = (hostMounts: Facts['mounts'], hostPaths = {}) =>
    coveredPlace(container(hostPaths, { hostMounts }), hostPath('/storage/registry'));

  test('a container’s directory that a later mount hides on the host is shown together with that mount', () => {
    const later = disk('/srv/disk', 2, 1, '/', '8:17');
    assert.deepEqual(at(known([disk('/', 1, 0, '/'), later])), {
      path: '/storage/registry',
      hostPath: '/srv/disk/registry',
      mount: later,
    });
  });
  test('a container’s directory is shown as hidden if the host mounted something above it later', () => {
    assert.equal(at(known([disk('/', 1, 0, '/'), disk('/srv', 2, 1, '/', '8:17')]))?.mount.mountPoint, '/srv');
  });
  test('a container’s directory is not shown as hidden if the host still has the same directory at that path', () => {
    const later = disk('/srv/disk', 2, 1, '/srv/disk');
    assert.equal(at(known([disk('/', 1, 0, '/'), later]), HOST_PATHS), null);
  });
  test('a container’s directory is not shown as hidden by a mount elsewhere on the host', () => {
    assert.equal(at(known([disk('/', 1, 0, '/'), disk('/srv/disk2', 2, 1, '/', '8:17')])), null);
  });
  test('a container’s directory is not shown as hidden if the host does not have its filesystem mounted', () => {
    assert.equal(at(known([disk('/', 1, 0, '/', '8:33'), disk('/srv/disk', 2, 1, '/', '8:17')])), null);
  });
  test('a container’s directory is not shown as hidden if the host’s mounts are unknown', () =>
    assert.equal(at(unknown({ code: 'missing-on-host', detail: 'awk' })), null));
  test('a directory is not shown as hidden if the process sees the host’s own mounts', () =>
    assert.equal(coveredPlace(factsOf(), hostPath('/var')), null));
});

describe('which mounts the host’s fstab is compared with', () => {
  const SAME = { '/': '/', '/storage': '/storage', '/storage/registry': '/storage/registry' };
  const mountSetup = mountSetupOf({ fstab: ['/dev/sdb1 /storage ext4'].map(fstabLine) });
  const missingIn = (facts: Facts) => {
    const { walk, disk } = judgeAccess(facts);
    return walk ? disk.missing?.mountPoint : undefined;
  };

  test('fstab is compared with the mounts of a systemd unit’s own namespace if the unit sees the host’s paths', () => {
    assert.deepEqual(mountsOfHost(container(SAME)), known([disk('/', 1, 0, '/')]));
    assert.equal(missingIn(container(SAME, { mountSetup })), '/storage');
  });
  test('the host’s fstab is not compared with a path inside a container', () => {
    assert.equal(mountsOfHost(container(HOST_PATHS)), null);
    assert.equal(missingIn(container(HOST_PATHS, { mountSetup })), undefined);
  });
});
