import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RootUse } from '../../../../src/diagnosis/access/judge/judge-root.ts';
import { judgeAccess } from '../../../../src/diagnosis/access/judge-access.ts';
import { isReadOnly, makesUpModes, mountHolding } from '../../../../src/diagnosis/access/kernel/mount-table.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import type { Facts, MountEntry, PresentNode, TryResult } from '../../../../src/model/host/facts.ts';
import { ALLOWED, DENIED, dir, factsOf, hostPath, missing, mountOf } from '../../../support/facts/facts-builder.ts';

const ROOT = '/var/lib/registry';

function mount(mountPoint: string, options = ['rw'], filesystem = 'ext4'): MountEntry {
  return mountOf({ mountPoint: hostPath(mountPoint), filesystem, source: '/dev/sdb1', options });
}

function rootOf(facts: Facts): RootUse {
  const { root } = judgeAccess(facts);
  assert.ok(root);
  return root;
}

function tries(stat: TryResult, list: TryResult, create: TryResult): Facts['rootTries'] {
  return { stat: known(stat), list: known(list), create: known(create) };
}

describe('the registry’s access to its storage root', () => {
  test('access to the storage root is reported as proven if the kernel allowed it', () => {
    const { search, list, create } = rootOf(factsOf());
    for (const use of [search, list, create]) assert.deepEqual([use.access, use.proof], ['allowed', 'kernel']);
  });

  test('access to the storage root is reported as denied and proven if the mode bits and the kernel both deny it', () => {
    const nodes = [dir(ROOT, '0700', 'root:root')];
    const { list, create } = rootOf(factsOf({ nodes, closed: [ROOT], rootTries: tries(ALLOWED, DENIED, DENIED) }));
    for (const use of [list, create]) assert.deepEqual([use.access, use.proof], ['denied', 'kernel']);
  });

  test('tests that failed at a closed directory above the storage root prove nothing about the root', () => {
    const facts = factsOf({
      nodes: [dir('/var/lib', '0700'), dir(ROOT, '0770', 'registry:git')],
      closed: ['/var/lib'],
    });
    const { list, create } = rootOf(facts);
    for (const use of [list, create]) assert.deepEqual([use.access, use.proof], ['allowed', 'evaluated']);
  });

  test('tests that failed at a closed directory above the storage root prove nothing about the root, even without a stat test', () => {
    const rootTries = { stat: unknown('not-permitted'), list: known(DENIED), create: known(DENIED) };
    const nodes = [dir('/var/lib', '0700'), dir(ROOT, '0770', 'registry:git')];
    const { list } = rootOf(factsOf({ nodes, closed: ['/var/lib'], rootTries }));
    assert.deepEqual([list.access, list.proof], ['allowed', 'evaluated']);
  });

  test('access to the storage root is not reported if its path does not end in a directory', () => {
    assert.equal(judgeAccess(factsOf({ nodes: [missing(ROOT)] })).root, null);
  });
});

describe('the diagnosis of a read-only mount', () => {
  const READ_ONLY: TryResult = { result: 'failed', why: { code: 'read-only-filesystem' } };
  const readOnly = known([mount('/'), mount('/var/lib', ['ro', 'relatime'])]);

  test('a read-only mount under the storage root is found in the mount table', () => {
    const facts = factsOf({ mounts: readOnly, rootTries: tries(ALLOWED, ALLOWED, READ_ONLY) });
    assert.deepEqual(rootOf(facts).readOnlyMount, { mountPoint: '/var/lib', proof: 'kernel' });
  });

  test('a read-only mount is reported as proven if the kernel denied writing and the mode bits do not explain it', () => {
    const facts = factsOf({ mounts: readOnly, rootTries: tries(ALLOWED, ALLOWED, DENIED) });
    assert.deepEqual(rootOf(facts).readOnlyMount, { mountPoint: '/var/lib', proof: 'kernel' });
    assert.equal(rootOf(facts).create.reason.kind, 'bits');
  });

  test('a read-only mount is reported as not tested if no write was tested', () => {
    const why = unknown('not-permitted');
    const facts = factsOf({ mounts: readOnly, rootTries: { stat: why, list: why, create: why } });
    assert.deepEqual(rootOf(facts).readOnlyMount, { mountPoint: '/var/lib', proof: 'evaluated' });
  });

  test('a read-only mount is reported from the kernel’s error if the mount table is unknown', () => {
    const facts = factsOf({ mounts: unknown('not-permitted'), rootTries: tries(ALLOWED, ALLOWED, READ_ONLY) });
    assert.deepEqual(rootOf(facts).readOnlyMount, { mountPoint: ROOT, proof: 'kernel' });
  });

  test('a mount is not reported as read-only if the kernel allowed creating a file there', () => {
    assert.equal(rootOf(factsOf({ mounts: readOnly })).readOnlyMount, null);
  });

  test('a filesystem that an error has stopped is reported as read-only although access(2) allows creating', () => {
    const mounts = known([mount('/'), mount('/var/lib', ['rw', 'errors=remount-ro', 'emergency_ro'])]);
    assert.deepEqual(rootOf(factsOf({ mounts })).readOnlyMount, { mountPoint: '/var/lib', proof: 'evaluated' });
  });

  test('a read-only mount that does not hold the storage root is ignored', () => {
    const mounts = known([mount('/'), mount('/var/lib/reg', ['ro']), mount('/var/lib/registry/sub', ['ro'])]);
    const facts = factsOf({ mounts, rootTries: tries(ALLOWED, ALLOWED, DENIED) });
    assert.equal(rootOf(facts).readOnlyMount, null);
  });
});

describe('the diagnosis of the immutable attribute', () => {
  const immutable: PresentNode = { ...dir(ROOT, '0770', 'registry:registry'), immutable: known(true) };

  test('an immutable storage root that also has too few mode bits gets both findings', () => {
    const { create, immutable: found } = rootOf(
      factsOf({ nodes: [{ ...immutable, mode: dir(ROOT, '0500').mode }], rootTries: tries(ALLOWED, ALLOWED, DENIED) }),
    );
    assert.deepEqual(found, { proof: 'evaluated' });
    assert.deepEqual([create.access, create.reason.kind, create.proof], ['denied', 'bits', 'evaluated']);
  });

  test('an immutable attribute is reported as proven if the mode bits allow what the kernel denied', () => {
    const { create, immutable: found } = rootOf(
      factsOf({ nodes: [immutable], rootTries: tries(ALLOWED, ALLOWED, DENIED) }),
    );
    assert.deepEqual(found, { proof: 'kernel' });
    assert.deepEqual([create.access, create.proof], ['allowed', 'evaluated']);
  });

  test('an immutable attribute is reported as not proven if the mount is read-only, which explains the denial as well', () => {
    const facts = factsOf({
      nodes: [immutable],
      mounts: known([mount('/', ['ro'])]),
      rootTries: tries(ALLOWED, ALLOWED, DENIED),
    });
    assert.deepEqual(rootOf(facts).immutable, { proof: 'evaluated' });
    assert.deepEqual(rootOf(facts).readOnlyMount?.proof, 'kernel');
  });

  test('an immutable attribute that could not be read is not reported as set', () => {
    assert.equal(
      rootOf(factsOf({ nodes: [{ ...immutable, immutable: unknown({ code: 'missing-on-host', detail: 'lsattr' }) }] }))
        .immutable,
      null,
    );
  });
});

describe('which mount holds a path, by the ids in the mount table', () => {
  const linked = (id: number, parent: number, mountPoint: string) => ({ ...mount(mountPoint), id, parent });
  const holding = (table: MountEntry[], path: string) => mountHolding(known(table), hostPath(path))?.id;

  test('if several mounts have the same mount point, the last one holds the paths below it', () => {
    const table = [linked(1, 0, '/'), linked(2, 1, '/data'), linked(3, 2, '/data')];
    assert.equal(holding(table, '/data/a'), 3);
    assert.equal(holding(table.toReversed(), '/data/a'), 3, 'whatever the order of the lines is');
  });

  test('a mount that is hidden under a later mount above it holds no path', () => {
    const table = [linked(1, 0, '/'), linked(2, 1, '/data/a'), linked(3, 1, '/data')];
    assert.equal(holding(table, '/data/a/b'), 3);
    assert.equal(holding([...table, linked(4, 3, '/data/a')], '/data/a/b'), 4);
  });

  test('the mount that holds a path is found even if the outermost mount is its own parent, or its parent is not listed', () => {
    assert.equal(holding([linked(1, 1, '/'), linked(2, 1, '/data')], '/data'), 2);
    assert.equal(holding([linked(7, 3, '/'), linked(9, 8, '/data')], '/data'), 9);
    assert.equal(holding([linked(2, 1, '/data')], '/data/a'), 2);
  });

  test('finding the mount that holds a path ends even if the mount table has a cycle', () => {
    assert.equal(holding([linked(1, 0, '/'), linked(2, 3, '/data'), linked(3, 2, '/data')], '/data'), 1);
  });
});

describe('which mount holds a path', () => {
  const table = known([mount('/'), mount('/data'), mount('/data', ['ro']), mount('/data/a')]);
  const cases = [
    ['/srv', '/', false],
    ['/data', '/data', true],
    ['/data/b', '/data', true],
    ['/data/a/x', '/data/a', false],
    ['/database', '/', false],
  ] as const;
  for (const [path, mountPoint, isReadOnlyThere] of cases) {
    test(`the path ${path} is on the mount ${mountPoint}`, () => {
      const holding = mountHolding(table, hostPath(path));
      assert.ok(holding);
      assert.equal(holding.mountPoint, mountPoint);
      assert.equal(isReadOnly(holding), isReadOnlyThere);
    });
  }

  test('a mount counts as read-only only for the option "ro", not for an option that contains it', () => {
    assert.equal(isReadOnly(mount('/', ['rw', 'errors=remount-ro'])), false);
  });

  test('a filesystem that can’t store modes is known to make them up', () => {
    const made = ['vfat', 'exfat', 'ntfs3', 'fuseblk', 'fuse.s3fs', 'cifs'].filter((type) =>
      makesUpModes(mount('/', [], type)),
    );
    assert.equal(made.length, 6);
    assert.equal(
      ['ext4', 'xfs', 'nfs4', 'overlay', 'tmpfs'].some((type) => makesUpModes(mount('/', [], type))),
      false,
    );
  });
});
