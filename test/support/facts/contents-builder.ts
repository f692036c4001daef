import type { z } from 'zod';
import { known } from '../../../src/model/fact.ts';
import { ClosedDirectory, ForeignOwner, StorageContents } from '../../../src/model/host/storage-contents.ts';

/** The contents of a healthy storage, changed as given. */
export function contentsOf(
  of: Partial<z.input<typeof StorageContents>> = {},
  root = '/var/lib/registry',
): StorageContents {
  const none = { count: 0, directories: [], complete: true };
  return StorageContents.parse({
    complete: true,
    writePlacesSeen: true,
    entries: 40,
    tookMs: 10,
    top: { path: `${root}/docker`, device: '2049', inode: '77', mode: '0755', uid: 993, gid: 993 },
    mountsBelow: 0,
    foreign: [],
    moreOwners: false,
    closed: known({ ...none, writePlacesTried: true }),
    shut: { count: 0, entries: [] },
    ownClosed: none,
    worldWritable: { entries: 0, firstPaths: [] },
    repositories: 3,
    ...of,
  });
}

/** Five entries of root's, of which two directories were refused to the service. */
export function foreignOf(of: Partial<z.input<typeof ForeignOwner>> = {}): ForeignOwner {
  return ForeignOwner.parse({
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    entries: 5,
    firstPaths: ['/var/lib/registry/docker/registry/v2/blobs'],
    denied: known({ directories: 2, files: 0 }),
    closedToOwner: 0,
    unusual: 0,
    digest: 'ab'.repeat(32),
    ...of,
  });
}

/** A directory of the service's own without the write bit. */
export function closedDirectory(of: Partial<z.input<typeof ClosedDirectory>> = {}): ClosedDirectory {
  return ClosedDirectory.parse({
    path: '/var/lib/registry/docker/registry/v2/repositories/app/_uploads',
    lacking: ['create'],
    inode: '4711',
    mode: '0555',
    uid: 993,
    gid: 993,
    owner: 'registry',
    group: 'registry',
    ...of,
  });
}

/** Closed directories as the test reported them. */
export function triedAndClosed(...directories: ClosedDirectory[]): StorageContents['closed'] {
  return known({ count: directories.length, directories, complete: true, writePlacesTried: true });
}
