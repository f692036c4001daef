import type { NoChown } from '../../../model/diagnosis/findings/contents.ts';
import type { Mode } from '../../../model/host/posix.ts';
import type { JudgedDisk } from '../disk/judge-disk.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { type ContentsUse, contentsUse } from './contents-use.ts';
import { type InnerDirectories, innerDirectoriesOf } from './inner-directories.ts';
import { tightUmask } from './tight-umask.ts';
import { obstacleToChown, type WrongOwners, wrongOwnersOf } from './wrong-owners.ts';

/** Whether the service can use the contents of its storage, and what stops it. */
export type JudgedContents = {
  /** Null: the service's identity is unknown. */
  readonly use: ContentsUse | null;
  /** `noChown`: why no plan should change these owners. Null: no ownership is at fault. */
  readonly wrongOwners: (WrongOwners & { readonly noChown: NoChown | null }) | null;
  readonly innerDirectories: InnerDirectories;
  /** The umask of the registry's process, if it closes to the service what the service creates. Null: not, or unknown. */
  readonly tightUmask: Mode | null;
};

/** Judges the contents of the storage. If the wrong disk is mounted there, no plan changes its owners. */
export function judgeContents(walked: WalkedAccess, disk: JudgedDisk): JudgedContents {
  const { facts, identity } = walked;
  const wrong = wrongOwnersOf(walked);
  return {
    use: identity && contentsUse(facts, identity),
    wrongOwners: wrong && { ...wrong, noChown: obstacleToChown(walked, disk, wrong) },
    innerDirectories: innerDirectoriesOf(walked, wrong),
    tightUmask: tightUmask(facts, identity),
  };
}
