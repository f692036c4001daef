import { aclEntries, bitsOfEntry } from '../../model/host/acl.ts';
import type { AclEntry, Identity } from '../../model/host/facts.ts';
import type { PlanStep, Risk } from '../../model/plan/plan.ts';
import { bitsHeldBy } from '../access/denial/service-entry.ts';
import { isMember } from '../access/kernel/permission.ts';

const SEARCH_OF_ALL = 0o111;
const SEARCH_OF_OWNER = 0o100;
const SEARCH = 1;
const WRITE = 2;

type SetfaclStep = Extract<PlanStep, { action: 'setfacl' }>;

/**
 * The access risk of a plan. Only search permission on a directory is low-risk. Permission to read or write is
 * high-risk, because it gives access to contents, now or once a mask is widened; so is search permission where write
 * permission exists and takes effect with it. A new owner takes access from someone, and an ACL that denies the service
 * by name might do so on purpose.
 */
export function riskOf(steps: readonly PlanStep[], identity: Identity): Risk {
  return steps.every((step) => addsOnlySearch(step, identity)) ? 'low' : 'high';
}

function addsOnlySearch(step: PlanStep, identity: Identity): boolean {
  switch (step.action) {
    case 'chmod': {
      if (step.tree || step.kind === 'file') return false;
      const [from, to] = [Number.parseInt(step.from, 8), Number.parseInt(step.to, 8)];
      // The owner can give itself this bit without help (chmod(2)).
      const harmless = SEARCH_OF_OWNER | ((~from >> 1) & SEARCH_OF_ALL);
      return (from & ~to) === 0 && (to & ~from & ~harmless) === 0;
    }
    case 'setfacl':
      return step.kind !== 'file' && givesServiceOnlySearch(step, identity);
    case 'chown':
      return false;
  }
}

function givesServiceOnlySearch({ from, to, precondition }: SetfaclStep, identity: Identity): boolean {
  const [before, after] = [aclEntries(from), aclEntries(to)];
  const held = (acl: readonly AclEntry[]) => bitsHeldBy(identity, acl, precondition.gid);
  const [had, has] = [held(before), held(after)];
  const isGainOfSearch = has === (had | SEARCH) && has !== had && (had & WRITE) === 0;
  return isGainOfSearch && !overridesDeny(before, identity) && !hasInReserve(before, after, had | SEARCH, identity);
}

/** Whether an entry by name, for the service's user or a group of it, has no search permission. */
function overridesDeny(acl: readonly AclEntry[], identity: Identity): boolean {
  return acl.some((entry) => namesService(entry, identity) && (bitsOfEntry(entry) & SEARCH) === 0);
}

/** Whether the service's own entry or the mask gets more than takes effect now. Someone might change the mask later. */
function hasInReserve(
  before: readonly AclEntry[],
  after: readonly AclEntry[],
  usable: number,
  { uid }: Identity,
): boolean {
  const own = (acl: readonly AclEntry[]) => rawBits(acl, 'user', uid) ?? 0;
  // Without a mask, the group's entry limits the others.
  const mask = (acl: readonly AclEntry[]) => rawBits(acl, 'mask', null) ?? rawBits(acl, 'group', null) ?? 0;
  return [own, mask].some((bits) => (bits(after) & ~bits(before) & ~usable) !== 0);
}

function rawBits(acl: readonly AclEntry[], tag: AclEntry['tag'], id: number | null): number | undefined {
  const entry = acl.find((one) => one.tag === tag && one.id === id);
  return entry && bitsOfEntry(entry);
}

function namesService({ tag, id }: AclEntry, identity: Identity): boolean {
  if (id === null) return false;
  return tag === 'user' ? id === identity.uid : isMember(identity, id);
}
