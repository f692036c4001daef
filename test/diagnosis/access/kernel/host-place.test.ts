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
import { dir, type FactsOptions, factsOf, hostPath, link, missing, mountOf } from '../../../support/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../../support/mount-setup.ts';

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

describe('where a place of the process is on the host', () => {
  const facts = container(HOST_PATHS);
  const rows = [
    { what: 'a bound directory', path: '/storage', place: '/srv/disk' },
    { what: 'what lies in it', path: '/storage/registry', place: '/srv/disk/registry' },
    { what: 'a link', path: '/storage/now', place: '/srv/disk/now' },
    { what: 'what lies in the storage', path: '/storage/registry/docker', place: '/srv/disk/registry/docker' },
    { what: 'its own root', path: '/', place: null },
    { what: 'what lies in its own tree', path: '/etc/x', place: null },
  ];
  for (const { what, path, place } of rows) {
    test(what, () => assert.equal(placeOnHost(facts, hostPath(path))?.path ?? null, place));
  }

  test('a name that is not there', () => {
    const nodes = [dir('/'), dir('/storage'), missing('/storage/registry')];
    const gone = container({ '/storage': '/srv/disk' }, { nodes });
    assert.equal(placeOnHost(gone, hostPath('/storage/registry'))?.path, '/srv/disk/registry');
  });

  test('a directory that the host has at another place, or not, below one that it has', () => {
    const facts = container({ '/storage': '/srv/disk' });
    assert.equal(placeOnHost(facts, hostPath('/storage/registry')), null);
    assert.equal(placeOnHost(facts, hostPath('/storage/registry/docker')), null);
  });

  test('is told only where it differs', () => {
    assert.equal(hostPathToTell(container({ '/storage': '/storage' }), hostPath('/storage')), undefined);
    assert.equal(hostPathToTell(facts, hostPath('/storage')), '/srv/disk');
    assert.equal(hostPathToTell(facts, hostPath('/')), null);
    assert.equal(hostPathToTell(factsOf(), hostPath('/')), undefined);
  });
});

describe('a directory under a later mount of the host', () => {
  const at = (hostMounts: Facts['mounts'], hostPaths = {}) =>
    coveredPlace(container(hostPaths, { hostMounts }), hostPath('/storage/registry'));

  test('is told with that mount', () => {
    const later = disk('/srv/disk', 2, 1, '/', '8:17');
    assert.deepEqual(at(known([disk('/', 1, 0, '/'), later])), {
      path: '/storage/registry',
      hostPath: '/srv/disk/registry',
      mount: later,
    });
  });
  test('above which it is mounted as well', () => {
    assert.equal(at(known([disk('/', 1, 0, '/'), disk('/srv', 2, 1, '/', '8:17')]))?.mount.mountPoint, '/srv');
  });
  test('not where the host has the same directory there', () => {
    const later = disk('/srv/disk', 2, 1, '/srv/disk');
    assert.equal(at(known([disk('/', 1, 0, '/'), later]), HOST_PATHS), null);
  });
  test('not where the host mounted elsewhere', () => {
    assert.equal(at(known([disk('/', 1, 0, '/'), disk('/srv/disk2', 2, 1, '/', '8:17')])), null);
  });
  test('not where the host does not have its filesystem', () => {
    assert.equal(at(known([disk('/', 1, 0, '/', '8:33'), disk('/srv/disk', 2, 1, '/', '8:17')])), null);
  });
  test('not where the mounts of the host are not known', () =>
    assert.equal(at(unknown({ code: 'missing-on-host', detail: 'awk' })), null));
  test('not on the host itself', () => assert.equal(coveredPlace(factsOf(), hostPath('/var')), null));
});

describe('the host’s mounts, to compare its fstab with', () => {
  const SAME = { '/': '/', '/storage': '/storage', '/storage/registry': '/storage/registry' };
  const mountSetup = mountSetupOf({ fstab: ['/dev/sdb1 /storage ext4'].map(fstabLine) });
  const missingIn = (facts: Facts) => {
    const { walk, disk } = judgeAccess(facts);
    return walk ? disk.missing?.mountPoint : undefined;
  };

  test('are those of a unit’s private mounts as well, as long as the way is the host’s', () => {
    assert.deepEqual(mountsOfHost(container(SAME)), known([disk('/', 1, 0, '/')]));
    assert.equal(missingIn(container(SAME, { mountSetup })), '/storage');
  });
  test('say nothing of a container’s way', () => {
    assert.equal(mountsOfHost(container(HOST_PATHS)), null);
    assert.equal(missingIn(container(HOST_PATHS, { mountSetup })), undefined);
  });
});
