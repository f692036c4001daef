import type { PermissionClass } from '../../model/diagnosis/access.ts';
import { aclText } from '../../model/host/acl.ts';
import { type Facts, type Identity, Mode, type PresentNode } from '../../model/host/facts.ts';
import type { PlanStep, Precondition } from '../../model/plan/plan.ts';
import { type AclChange, entryForService, wholeAcl } from '../access/denial/service-entry.ts';
import { type Letter, minimalGrant } from '../access/kernel/minimal-grant.ts';
import { hasExtendedAcl } from '../access/kernel/permission.ts';

/** What the service can't do with one directory or file, and the class of permissions that denies it. */
export type MissingPermission = {
  readonly directory: PresentNode;
  readonly deciding: PermissionClass;
  readonly wanted: readonly Letter[];
  /** Whether only an ACL entry for the service is right, for example on a secret file. */
  readonly byEntry?: true;
};

/**
 * The smallest step that grants the permission: the bits that the class needs, or an ACL entry for the service if an
 * ACL decides. Null if neither is right.
 */
export function stepFor(facts: Facts, identity: Identity, missing: MissingPermission): PlanStep | null {
  const { directory, deciding, wanted } = missing;
  if (missing.byEntry) return entryStepFor(facts, identity, missing);
  const grant = minimalGrant(facts, directory, deciding, wanted);
  if (grant.kind === 'add') return chmodTo(directory, grant.class, grant.bits);
  return grant.why === 'acl' ? entryStepFor(facts, identity, missing) : null;
}

/**
 * An ACL entry for the service alone, if the smallest step would give the permission to a whole class. Otherwise that
 * step.
 */
export function narrowerStepFor(facts: Facts, identity: Identity, missing: MissingPermission): PlanStep | null {
  return entryStepFor(facts, identity, missing) ?? stepFor(facts, identity, missing);
}

function entryStepFor(facts: Facts, identity: Identity, { directory, wanted }: MissingPermission): PlanStep | null {
  const change = entryForService(facts, directory, identity, wanted);
  return change === null ? null : setfaclTo(directory, change, identity);
}

function setfaclTo(directory: PresentNode, { from, to, modify }: AclChange, identity: Identity): PlanStep {
  return {
    action: 'setfacl',
    path: directory.path,
    ...kindOf(directory),
    from: aclText(from),
    to: aclText(to),
    modify: aclText(modify),
    gainingPrincipal: identity.user,
    precondition: { ...inodeOf(directory), acl: aclText(from) },
  };
}

function chmodTo(directory: PresentNode, gains: 'owner' | 'group' | 'other', bits: number): PlanStep {
  const { path, mode, owner, group } = directory;
  const to = (Number.parseInt(mode, 8) | bits).toString(8).padStart(4, '0');
  return {
    action: 'chmod',
    path,
    ...kindOf(directory),
    from: mode,
    to: Mode.parse(to),
    gains,
    gainingPrincipal: { owner, group, other: 'every account' }[gains],
    precondition: withAclOf(directory, inodeOf(directory)),
  };
}

function kindOf({ kind }: PresentNode): { readonly kind?: 'file' } {
  return kind === 'file' ? { kind } : {};
}

/**
 * Adds the ACL to a precondition, because it also decides who gains access by the bits. If the ACL changes before the
 * step runs, the plan is out of date.
 */
function withAclOf(directory: PresentNode, precondition: Precondition): Precondition {
  return hasExtendedAcl(directory) ? { ...precondition, acl: aclText(wholeAcl(directory)) } : precondition;
}

function inodeOf({ device, inode, mode, uid, gid }: PresentNode): Precondition {
  return { device, inode, mode, uid, gid };
}
