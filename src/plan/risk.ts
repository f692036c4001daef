import { isMember } from '../access/permission.ts';
import { bitsHeldBy } from '../access/service-entry.ts';
import { aclEntries, bitsOfEntry } from '../model/acl.ts';
import type { AclEntry, Identity } from '../model/facts.ts';
import type { PlanStep, Risk } from '../model/plan.ts';

const SEARCH_OF_ALL = 0o111;
const SEARCH = 1;

type SetfaclStep = Extract<PlanStep, { action: 'setfacl' }>;

/**
 * Low is the way through and no more. Reading and writing is a larger gift, a new owner takes something away, and an ACL that
 * names the service and denies it may be somebody's decision.
 */
export function riskOf(steps: readonly PlanStep[], identity: Identity): Risk {
  return steps.every((step) => addsOnlySearch(step, identity)) ? 'low' : 'high';
}

function addsOnlySearch(step: PlanStep, identity: Identity): boolean {
  switch (step.action) {
    case 'chmod':
      if (step.tree || (Number.parseInt(step.from, 8) & ~Number.parseInt(step.to, 8)) !== 0) return false;
      return (Number.parseInt(step.to, 8) & ~Number.parseInt(step.from, 8) & ~SEARCH_OF_ALL) === 0;
    case 'setfacl':
      return gainOf(step, identity) === SEARCH && !overridesDeny(step, identity);
    case 'chown':
      return false;
  }
}

function gainOf({ from, to, precondition }: SetfaclStep, identity: Identity): number {
  const held = (acl: string) => bitsHeldBy(identity, aclEntries(acl), precondition.gid);
  return held(to) & ~held(from);
}

/** Whether an entry by name, for the service's user or a group of it, lacks what the step gives. */
function overridesDeny(step: SetfaclStep, identity: Identity): boolean {
  const gain = gainOf(step, identity);
  return aclEntries(step.from).some((entry) => namesService(entry, identity) && (bitsOfEntry(entry) & gain) !== gain);
}

function namesService({ tag, id }: AclEntry, identity: Identity): boolean {
  if (id === null) return false;
  return tag === 'user' ? id === identity.uid : isMember(identity, id);
}
