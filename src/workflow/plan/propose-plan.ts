import { randomBytes } from 'node:crypto';
import type { PlanOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { Plan, PlanDraft } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { GroupId, IncidentId, PlanId, UserId } from '../../model/record/ids.ts';
import type { HostSettings, Policy } from '../../model/settings/settings.ts';
import { sealPlan } from '../../record/plan-seal.ts';
import type { RecordTransaction } from '../ports.ts';
import { postPlanCard } from '../record/messages.ts';
import { appendAct } from '../record/record-act.ts';
import { showPlanState } from './show-plan-state.ts';

export type Proposal = {
  readonly incidentId: IncidentId;
  readonly host: HostSettings;
  readonly askedBy: Actor;
  readonly now: Date;
  readonly draft: PlanDraft;
  /**
   * Who chose it instead of another plan of the same diagnosis, whose life span it keeps. Absent: the planner itself
   * proposes it.
   */
  readonly chosen?: { readonly by: Actor; readonly insteadOf: PlanId; readonly expiresAt: string };
  /** The plan that this one undoes. */
  readonly undoes?: Plan['undoes'];
  /** What is expected of it, as far as the diagnosis says. */
  readonly outlook?: PlanOutlook;
};

/** Seals a draft, records it, and shows it on its card with the buttons and in the channel message. */
export async function proposePlan(tx: RecordTransaction, proposal: Proposal): Promise<Plan> {
  const { incidentId, host, askedBy, chosen, now, draft, undoes, outlook } = proposal;
  const plan = sealPlan(draft, {
    id: await tx.nextPlanId(incidentId),
    nonce: randomBytes(16).toString('hex'),
    incidentId,
    requestedBy: askedBy,
    now,
    ttlMinutes: chosen === undefined ? host.policy.approvalTtlMinutes : minutesUntil(chosen.expiresAt, now),
    ...(undoes === undefined ? {} : { undoes }),
  });
  await tx.insertPlan(plan);
  const outcome = {
    steps: plan.steps.length,
    risk: plan.risk,
    ...(undoes === undefined ? {} : { undoes: undoes.id }),
    ...(chosen === undefined ? {} : { insteadOf: chosen.insteadOf }),
  };
  const entry = await appendAct(tx, plan, { act: 'plan-proposed', actor: chosen?.by ?? askedBy, now, outcome });
  const card = {
    approvers: approversOf(host.policy, askedBy),
    ...(outlook === undefined ? {} : { outlook }),
  };
  await postPlanCard(tx, plan, host.policy.approvalsNeeded[plan.risk], entry, card);
  await showPlanState(tx, plan, 'proposed');
  return plan;
}

function minutesUntil(at: string, now: Date): number {
  return (Date.parse(at) - now.getTime()) / 60_000;
}

/** Names who must act: not the requester, unless the policy lets them approve their own plan. */
function approversOf({ approvers, allowSelfApproval }: Policy, askedBy: Actor): { users: UserId[]; groups: GroupId[] } {
  const { users = [], groups = [] } = approvers ?? {};
  const isAllowed = (user: UserId) => allowSelfApproval || askedBy.kind !== 'slack-user' || user !== askedBy.user;
  return { users: users.filter(isAllowed), groups: [...groups] };
}
