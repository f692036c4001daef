import {
  isRightChannel,
  type Membership,
  mayBeOnIt,
  mayDecide,
  mayRequest,
  type Permission,
} from '../../approval/policy.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { ChannelId, HostName } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { HostSettings, People, Policy } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import type { MemberAnswer } from '../ports/people.ts';
import type { Person } from '../requests.ts';

/**
 * Who a person is, and whether they can do this. Every request asks this, whether a command, a click or a form. Slack
 * says who they are, and the pure policy says what they can do. If Slack can't say, the answer is no.
 */

type Request = { readonly by: Person; readonly channel: ChannelId };

/** Why this person can't request a diagnosis of the host, or not in this channel; null when they can. */
export async function refusalToDiagnose(
  context: WorkflowContext,
  host: HostName | null,
  { by, channel }: Request,
): Promise<PrivateAnswer | null> {
  const { settings } = context;
  const policy = (host && settings.hosts.get(host)?.policy) ?? settings.defaultPolicy;
  const { member, membership } = await whoIs(context, by, policy.requesters);
  if (member.kind === 'no') return { kind: 'may-not-request' };
  if (member.kind === 'unknown') return { kind: 'cannot-check-person', why: member.why };
  const permission = mayRequest(policy, by, membership);
  if (permission.kind !== 'allowed') return refusalToRequest(permission);
  return refusalInChannel(context, { policy, name: host }, channel);
}

/**
 * Why this person can't see the host in this channel: they can neither request a diagnosis of it nor approve one of its
 * plans. Null when they can see it.
 */
export async function refusalToLook(
  context: WorkflowContext,
  host: Pick<HostSettings, 'policy' | 'name'>,
  { by, channel }: Request,
): Promise<PrivateAnswer | null> {
  const refusal = await refusalToDiagnose(context, host.name, { by, channel });
  const { approvers } = host.policy;
  if (refusal?.kind !== 'may-not-request' || approvers === null) return refusal;
  const { member, membership } = await whoIs(context, by, approvers);
  const isApprover = approvers.users.includes(by.user) || membership.kind === 'yes';
  return member.kind === 'yes' && isApprover ? refusalInChannel(context, host, channel) : refusal;
}

/** Why this person can't decide on that plan, or not in this channel; null when they can. */
export async function refusalToDecide(
  context: WorkflowContext,
  host: Pick<HostSettings, 'policy' | 'name'>,
  plan: Plan,
  { by, channel }: Request,
): Promise<PrivateAnswer | null> {
  return (await refusalOfApprover(context, host, plan, by)) ?? refusalInChannel(context, host, channel);
}

/** Why this person is not an approver of that plan, wherever they ask; null when they are. */
export async function refusalOfApprover(
  context: WorkflowContext,
  { policy, name }: Pick<HostSettings, 'policy' | 'name'>,
  plan: Plan,
  by: Person,
): Promise<PrivateAnswer | null> {
  const { member, membership } = await whoIs(context, by, policy.approvers);
  if (member.kind === 'unknown') return { kind: 'cannot-check-person', why: member.why };
  const permission = mayDecide(policy, by, membership, plan.requestedBy);
  if (member.kind === 'yes' && permission.kind === 'allowed') return null;
  if (permission.kind === 'cannot-tell') return { kind: 'cannot-check-person', why: permission.why };
  const approvers = {
    host: name,
    approvers: (policy.approvers?.users ?? []).filter((user) => user !== by.user),
    approverGroups: [...(policy.approvers?.groups ?? [])],
  };
  if (permission.kind !== 'own-plan') return { kind: 'may-not-decide', ...approvers };
  return { kind: 'own-plan', askedFor: plan.undoes === undefined ? 'diagnosis' : 'undo', ...approvers };
}

/** Why this person can't say that they are on an incident of the host, or not in this channel; null when they can. */
export async function refusalToAcknowledge(
  context: WorkflowContext,
  host: HostName | null,
  request: Request,
): Promise<PrivateAnswer | null> {
  const refusal = await refusalToDiagnose(context, host, request);
  if (refusal?.kind !== 'may-not-request' || host === null) return refusal;
  const policy = context.settings.hosts.get(host)?.policy ?? context.settings.defaultPolicy;
  const { member, membership } = await whoIs(context, request.by, policy.approvers);
  if (member.kind !== 'yes' || mayBeOnIt(policy, request.by, membership).kind !== 'allowed') {
    return { kind: 'may-not-acknowledge', host };
  }
  return refusalInChannel(context, { policy, name: host }, request.channel);
}

/** Why the requester of that plan can't withdraw it, or not in this channel; null when they can. */
export async function refusalToWithdraw(
  context: WorkflowContext,
  { host }: Pick<Plan, 'host'>,
  { by, channel }: Request,
): Promise<PrivateAnswer | null> {
  const { hosts, defaultPolicy } = context.settings;
  const { member } = await whoIs(context, by, null);
  if (member.kind === 'unknown') return { kind: 'cannot-check-person', why: member.why };
  if (member.kind === 'no') return { kind: 'may-not-request' };
  return refusalInChannel(context, { policy: hosts.get(host)?.policy ?? defaultPolicy, name: host }, channel);
}

/** Why this is not the channel for it; null when it is. */
function refusalInChannel(
  { settings }: WorkflowContext,
  { policy, name }: { readonly policy: Policy; readonly name: HostName | null },
  channel: ChannelId,
): PrivateAnswer | null {
  if (isRightChannel(policy, channel, settings.incidentChannel)) return null;
  const channels = [...new Set([settings.incidentChannel, ...(policy.channels ?? [])])];
  return { kind: 'wrong-channel', host: name, channels };
}

function refusalToRequest(permission: Exclude<Permission, { kind: 'allowed' }>): PrivateAnswer {
  return permission.kind === 'cannot-tell'
    ? { kind: 'cannot-check-person', why: permission.why }
    : { kind: 'may-not-request' };
}

/** Whether Slack knows this person as a full member of the workspace, and as one of these people by a user group. */
async function whoIs(
  { directory }: WorkflowContext,
  by: Person,
  people: People | null,
): Promise<{ readonly member: MemberAnswer; readonly membership: Membership }> {
  const member = await directory.isFullMember(by);
  const isAskedAbout = people !== null && people.groups.length > 0 && !people.users.includes(by.user);
  // Slack is asked about groups only if its answer matters.
  if (member.kind === 'unknown' || !isAskedAbout) return { member, membership: { kind: 'no' } };
  return { member, membership: await directory.isMember(by.user, people.groups) };
}
