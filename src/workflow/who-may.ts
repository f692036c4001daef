import { isRightChannel, type Membership, mayDecide, mayRequest, type Permission } from '../approval/policy.ts';
import type { ChannelId, HostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings, People, Policy } from '../model/settings.ts';
import type { PrivateAnswer } from '../model/thread-message.ts';
import type { Person } from './requests.ts';
import type { Surroundings } from './surroundings.ts';

type Click = { readonly by: Person; readonly channel: ChannelId };

/** Why this person may not ask for a diagnosis of the host, or not here; null when they may. Slack not knowing is a no. */
export async function objectionToAsking(
  surroundings: Surroundings,
  host: HostName | null,
  { by, channel }: Click,
): Promise<PrivateAnswer | null> {
  const { settings, directory } = surroundings;
  const policy = (host && settings.hosts.get(host)?.policy) ?? settings.defaultPolicy;
  const member = await directory.isFullMember(by);
  if (member.kind === 'no') return { kind: 'may-not-request' };
  if (member.kind === 'unknown') return { kind: 'cannot-check-person', why: member.why };
  const permission = mayRequest(policy, by, await membershipAmong(surroundings, policy.requesters, by));
  if (permission.kind !== 'allowed') return refusalToAsk(permission);
  return objectionToChannel(surroundings, { policy, host }, channel);
}

/** Why this person may not decide on that plan; null when they may. */
export async function objectionToDeciding(
  surroundings: Surroundings,
  { policy, name }: Pick<HostSettings, 'policy' | 'name'>,
  plan: Plan,
  by: Person,
): Promise<PrivateAnswer | null> {
  const member = await surroundings.directory.isFullMember(by);
  if (member.kind === 'unknown') return { kind: 'cannot-check-person', why: member.why };
  const membership = await membershipAmong(surroundings, policy.approvers, by);
  const permission = mayDecide(policy, by, membership, plan.requestedBy);
  const whoMay = {
    host: name,
    approvers: (policy.approvers?.users ?? []).filter((user) => user !== by.user),
    approverGroups: [...(policy.approvers?.groups ?? [])],
  };
  if (member.kind === 'yes' && permission.kind === 'allowed') return null;
  if (permission.kind === 'own-plan') {
    return { kind: 'own-plan', askedFor: plan.undoes === undefined ? 'diagnosis' : 'undo', ...whoMay };
  }
  if (permission.kind === 'cannot-tell') return { kind: 'cannot-check-person', why: permission.why };
  return { kind: 'may-not-decide', ...whoMay };
}

/** Why this is not the channel for it; null when it is. */
export function objectionToChannel(
  { settings }: Surroundings,
  { policy, host }: { readonly policy: Policy; readonly host: HostName | null },
  channel: ChannelId,
): PrivateAnswer | null {
  if (isRightChannel(policy, channel, settings.incidentChannel)) return null;
  const channels = [...new Set([settings.incidentChannel, ...(policy.channels ?? [])])];
  return { kind: 'wrong-channel', host, channels };
}

function refusalToAsk(permission: Exclude<Permission, { kind: 'allowed' }>): PrivateAnswer {
  return permission.kind === 'cannot-tell'
    ? { kind: 'cannot-check-person', why: permission.why }
    : { kind: 'may-not-request' };
}

/** Slack is asked about groups only where its answer matters. */
async function membershipAmong(
  { directory }: Surroundings,
  people: People | null,
  { user }: Person,
): Promise<Membership> {
  if (people === null || people.groups.length === 0 || people.users.includes(user)) return { kind: 'no' };
  return directory.isMember(user, people.groups);
}
