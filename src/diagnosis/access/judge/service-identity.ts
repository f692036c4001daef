import type { JudgedService } from '../../../model/diagnosis/diagnosis.ts';
import type { Facts, Identity } from '../../../model/host/facts.ts';

/**
 * The identity whose access is judged: the running process's, otherwise the account's. Both null if neither is known.
 */
export type JudgedIdentity = { readonly identity: Identity | null; readonly service: JudgedService | null };

/**
 * Chooses the identity to judge. The running process outranks the account, because a service manager can give it other
 * groups than /etc/group lists (credentials(7); runit's `chpst -u user:group` sets only that group).
 */
export function identityOf(facts: Facts): JudgedIdentity {
  if (facts.process.state === 'known') {
    const { identity, pid } = facts.process.value;
    return { identity, service: serviceOf(identity, pid, 'process') };
  }
  // Only another account runs something like the registry. The rights of the configured account say nothing about that
  // process.
  if (facts.account.state === 'known' && facts.foreignProcesses.length === 0) {
    const identity = facts.account.value;
    return { identity, service: serviceOf(identity, null, 'account') };
  }
  return { identity: null, service: null };
}

/** True if the kernel gives both identities the same access. Names don't matter. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return (
    one.uid === other.uid &&
    one.dacOverride === other.dacOverride &&
    one.dacReadSearch === other.dacReadSearch &&
    holdsGroupsOf(one, other) &&
    holdsGroupsOf(other, one)
  );
}

function holdsGroupsOf(one: Identity, other: Identity): boolean {
  const held = new Set([one.gid, ...one.groups]);
  return [other.gid, ...other.groups].every((gid) => held.has(gid));
}

function serviceOf(identity: Identity, pid: number | null, source: JudgedService['source']): JudgedService {
  const { user, uid, gid, groups } = identity;
  return { user, uid, gid, groups, pid, source };
}
