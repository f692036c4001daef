import type { Actor } from '../model/record/actor.ts';
import type { ChannelId, TeamId, UserId } from '../model/record/ids.ts';
import type { PersonDoubt } from '../model/record/messages/slack-failure.ts';
import type { People, Policy } from '../model/settings/settings.ts';

type Person = { readonly team: TeamId; readonly user: UserId };

/**
 * Whether a person is in one of the groups, as Slack answered. `unknown` counts as no, and the person is told that
 * Slack could not say.
 */
export type Membership =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly why: PersonDoubt };

export type Permission =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'not-listed' }
  /** The person requested this plan, and a second person has to approve it. */
  | { readonly kind: 'own-plan' }
  | { readonly kind: 'cannot-tell'; readonly why: PersonDoubt };

/** Whether this person can request a diagnosis. Without a list, anyone in the workspace can. */
export function mayRequest(policy: Policy, person: Person, membership: Membership): Permission {
  if (policy.requesters === null) return { kind: 'allowed' };
  return isAmong(policy.requesters, person, membership);
}

/** Whether this person can approve or reject that plan. Without a list of approvers, no one can. */
export function mayDecide(policy: Policy, person: Person, membership: Membership, requestedBy: Actor): Permission {
  if (policy.approvers === null) return { kind: 'not-listed' };
  const listed = isAmong(policy.approvers, person, membership);
  if (listed.kind !== 'allowed') return listed;
  if (!policy.allowSelfApproval && isSamePerson(requestedBy, person)) return { kind: 'own-plan' };
  return { kind: 'allowed' };
}

/** Whether an approver can say that they are on an incident, also of one whose diagnosis they requested. */
export function mayBeOnIt(policy: Policy, person: Person, membership: Membership): Permission {
  return policy.approvers === null ? { kind: 'not-listed' } : isAmong(policy.approvers, person, membership);
}

/** Whether this person can withdraw that plan: only its requester can. An approver rejects it. */
export function mayWithdraw(person: Person, requestedBy: Actor): boolean {
  return isSamePerson(requestedBy, person);
}

/** Whether people can request and decide in this channel. In the incident channel they always can. */
export function isRightChannel(policy: Policy, channel: ChannelId, incidentChannel: ChannelId): boolean {
  return policy.channels === null || channel === incidentChannel || policy.channels.includes(channel);
}

function isAmong(people: People, person: Person, membership: Membership): Permission {
  if (people.users.includes(person.user)) return { kind: 'allowed' };
  if (people.groups.length === 0 || membership.kind === 'no') return { kind: 'not-listed' };
  if (membership.kind === 'unknown') return { kind: 'cannot-tell', why: membership.why };
  return { kind: 'allowed' };
}

/** Compares two people by user id, because an enterprise shows one user under several teams. */
function isSamePerson(actor: Actor, person: Person): boolean {
  return actor.kind === 'slack-user' && actor.user === person.user;
}
