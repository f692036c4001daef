import type { PresentNode } from '../../model/host/facts.ts';
import type { ForeignOwner, StorageContents } from '../../model/host/storage-contents.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import type { JudgedAccess } from '../access/judge-access.ts';

type Top = NonNullable<StorageContents['top']>;

/**
 * Gives the storage root and the content below it back to the service, one step for each pair of owner and group, so
 * that each keeps its group. For an owner only the owner's class decides (path_resolution(7)), so the group is not
 * involved in the fault, and its readers (a backup, GitLab's git) keep their access. Empty if no ownership is at fault,
 * or if a change of owners is not proven to be right.
 */
export function ownershipSteps({ identity, contents }: JudgedAccess): PlanStep[] {
  const wrong = contents.wrongOwners;
  if (!identity || wrong === null || wrong.noChown !== null) return [];
  const { top } = wrong.contents;
  const owner = { uid: identity.uid, user: identity.user };
  const root = wrong.root === null ? [] : [ownerStep(wrong.root, owner)];
  return top === null ? [] : [...root, ...wrong.pairs.flatMap((pair) => treeStep(top, pair, owner))];
}

export type Owner = { readonly uid: number; readonly user: string };

/** Gives one directory to the service. Its group stays. */
export function ownerStep({ path, device, inode, mode, uid, gid }: PresentNode, owner: Owner): PlanStep {
  return {
    action: 'chown',
    path,
    from: `${uid}:${gid}`,
    to: `${owner.uid}:${gid}`,
    gainingPrincipal: owner.user,
    precondition: { device, inode, mode, uid, gid },
  };
}

function treeStep({ path, device, inode, mode, uid, gid }: Top, pair: ForeignOwner, owner: Owner): PlanStep[] {
  if (pair.digest === null) return [];
  return [
    {
      action: 'chown',
      path,
      from: `${pair.uid}:${pair.gid}`,
      to: `${owner.uid}:${pair.gid}`,
      tree: { entries: pair.entries, digest: pair.digest },
      gainingPrincipal: owner.user,
      precondition: { device, inode, mode, uid, gid },
    },
  ];
}
