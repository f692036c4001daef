import type { PresentNode } from '../../model/host/facts.ts';
import type { ForeignOwner, StorageContents } from '../../model/host/storage-contents.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import type { JudgedAccess } from '../access/judge-access.ts';

type Top = NonNullable<StorageContents['top']>;

/**
 * The steps that give the storage root and its contents back to the service: one for each pair of owner and group, so
 * that each entry keeps its group. For an owner, the kernel checks only the owner's class (path_resolution(7)). So the
 * group has no part in the fault, and those who read by it (a backup, GitLab's git) keep their access. Empty if no
 * ownership is at fault, or if a change of owners is not proven to be right.
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

/** The step that gives one directory to the service and keeps its group. */
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
