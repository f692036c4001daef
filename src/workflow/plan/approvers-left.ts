import type { Plan } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { UserId } from '../../model/record/ids.ts';
import type { Approvers } from '../../model/record/messages/people.ts';
import type { Policy } from '../../model/settings/settings.ts';
import type { RecordTransaction } from '../ports/record.ts';

/** Names who must act: not the requester, unless the policy lets them approve their own plan. */
export function approversOf({ approvers, allowSelfApproval }: Policy, askedBy: Actor): Approvers {
  const { users = [], groups = [] } = approvers ?? {};
  return { users: users.filter((user) => allowSelfApproval || !isUser(askedBy, user)), groups: [...groups] };
}

/** The same without those who have approved the plan already. */
export async function approversLeft(tx: RecordTransaction, policy: Policy, plan: Plan): Promise<Approvers> {
  const { users, groups } = approversOf(policy, plan.requestedBy);
  const approvals = await tx.decisions(plan.id);
  return { users: users.filter((user) => !approvals.some(({ by }) => isUser(by, user))), groups };
}

function isUser(actor: Actor, user: UserId): boolean {
  return actor.kind === 'slack-user' && actor.user === user;
}
