import { type Fact, known } from '../../../model/fact.ts';
import type { ClosedDirectory, ForeignOwner, StorageContents } from '../../../model/host/storage-contents.ts';
import type { PlanStep } from '../../../model/plan/plan.ts';
import { total } from '../contents/entries.ts';

type ChownStep = Extract<PlanStep, { action: 'chown' }>;

/**
 * The contents of the storage as they would be after these steps. If a directory tree is given to the service, its
 * entries no longer count as foreign or closed, except where even the owner's bits deny access.
 */
export function contentsAfter(contents: Fact<StorageContents>, steps: readonly PlanStep[]): Fact<StorageContents> {
  if (contents.state !== 'known') return contents;
  return known(withPartsReached(steps.reduce(after, contents.value)));
}

/** Marks contents that the service did not reach as usable if root saw that the service owns all of them. */
function withPartsReached(contents: StorageContents): StorageContents {
  if (contents.foreign.length > 0 || contents.ownClosed.count > 0) return contents;
  return { ...contents, parts: contents.parts.map((part) => ({ ...part, tried: true })) };
}

function after(contents: StorageContents, step: PlanStep): StorageContents {
  switch (step.action) {
    case 'chmod':
      if (step.tree) return withModesBack(contents, step.tree.kind);
      return withDirectoryOpened(contents, step.precondition.inode, step.precondition.device);
    case 'chown':
      return step.tree ? withPairGiven(contents, step.from) : withDirectoryGiven(contents, step);
    case 'setfacl':
      return contents;
  }
}

function withPairGiven(contents: StorageContents, owners: string): StorageContents {
  const isTheirs = ({ uid, gid }: { uid: number; gid: number }) => `${uid}:${gid}` === owners;
  const pair = contents.foreign.find(isTheirs);
  if (pair === undefined || pair.closedToOwner > 0) return contents;
  return {
    ...contents,
    foreign: contents.foreign.filter((one) => one !== pair),
    closed: withoutClosed(contents.closed, isTheirs, refusedDirectories(pair)),
  };
}

/** Removes a directory that the service becomes the owner of from the foreign and the closed ones. */
function withDirectoryGiven(contents: StorageContents, { from, precondition }: ChownStep): StorageContents {
  const opened = withDirectoryOpened(contents, precondition.inode, precondition.device);
  const foreign = opened.foreign.flatMap((pair): ForeignOwner[] => {
    if (`${pair.uid}:${pair.gid}` !== from) return [pair];
    return pair.entries === 1 ? [] : [{ ...pair, entries: pair.entries - 1, denied: withOneLess(pair.denied) }];
  });
  return { ...opened, foreign };
}

function withOneLess(denied: ForeignOwner['denied']): ForeignOwner['denied'] {
  if (denied.state !== 'known') return denied;
  return known({ ...denied.value, directories: Math.max(0, denied.value.directories - 1) });
}

function refusedDirectories({ denied }: ForeignOwner): number {
  return denied.state === 'known' && total(denied.value) > 0 ? denied.value.directories : 0;
}

function withModesBack(contents: StorageContents, kind: 'directory' | 'file'): StorageContents {
  const { worldWritable } = contents;
  const gone = worldWritable.footprint.find((one) => one.kind === kind)?.entries ?? 0;
  return {
    ...contents,
    worldWritable: {
      ...worldWritable,
      entries: worldWritable.entries - gone,
      footprint: worldWritable.footprint.filter((one) => one.kind !== kind),
    },
  };
}

/**
 * Removes a directory that a step opens completely to its owner: the step adds the bits that the test found missing.
 */
function withDirectoryOpened(contents: StorageContents, inode: string, device: string): StorageContents {
  // Contents behind a symlink or a mount are on a device of their own.
  if (contents.top?.device !== device && contents.parts.length === 0) return contents;
  const isIt = (directory: ClosedDirectory) => directory.inode === inode;
  const { ownClosed } = contents;
  const isOwn = ownClosed.directories.some(isIt);
  const wasTried = contents.closed.state === 'known' && contents.closed.value.directories.some(isIt);
  return {
    ...contents,
    closed: withoutClosed(contents.closed, isIt, wasTried ? 1 : 0),
    ownClosed: {
      ...ownClosed,
      count: ownClosed.count - (isOwn ? 1 : 0),
      directories: ownClosed.directories.filter((directory) => !isIt(directory)),
    },
  };
}

function withoutClosed(
  closed: StorageContents['closed'],
  isGone: (directory: ClosedDirectory) => boolean,
  amount: number,
): StorageContents['closed'] {
  if (closed.state !== 'known') return closed;
  const { value } = closed;
  const directories = value.directories.filter((directory) => !isGone(directory));
  return known({ ...value, count: Math.max(value.count - amount, directories.length), directories });
}
