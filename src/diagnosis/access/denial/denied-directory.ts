import type { NoChmod } from '../../../model/diagnosis/finding.ts';
import { type DeniedUse, deniedUses, LETTERS_FOR, type RootUse } from '../judge/judge-root.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { minimalGrant } from '../kernel/minimal-grant.ts';

/** The directory at the end of a path whose permissions deny the service. */
export type DeniedDirectory = {
  readonly node: RootUse['node'];
  readonly lacking: DeniedUse['operation'][];
  readonly decidedBy: DeniedUse['class'];
  readonly proof: 'kernel' | 'evaluated';
  /** Why no chmod is proposed. Null: adding the missing permissions is right. */
  readonly noChmod: NoChmod | null;
};

/**
 * What the permissions of the storage root deny to the service. Null: nothing, or the filesystem makes up its modes,
 * which other findings report.
 */
export function deniedDirectory({ facts, root }: WalkedAccess): DeniedDirectory | null {
  const denied = root ? deniedUses(root) : [];
  const [first] = denied;
  if (!root || !first) return null;
  const wanted = denied.flatMap((use) => LETTERS_FOR[use.operation]);
  const grant = minimalGrant(facts, root.node, first.class, wanted);
  const noChmod = grant.kind === 'none' ? grant.why : null;
  if (noChmod === 'modes-not-kept') return null;
  return {
    node: root.node,
    lacking: denied.map((use) => use.operation),
    decidedBy: first.class,
    proof: denied.every((use) => use.proof === 'kernel') ? 'kernel' : 'evaluated',
    noChmod,
  };
}
