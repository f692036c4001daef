import { randomBytes } from 'node:crypto';
import type { PlanOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { Plan, PlanDraft } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { IncidentId, PlanId } from '../../model/record/ids.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { sealPlan } from '../../record/plan-seal.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { postPlanCard } from '../record/messages.ts';
import { appendAct } from '../record/record-act.ts';
import { approversOf } from './approvers-left.ts';
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
    requesterSalt: randomBytes(16).toString('hex'),
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
    ...(host.policy.broadcastPlans ? { broadcast: true as const } : {}),
    ...(outlook === undefined ? {} : { outlook }),
  };
  await postPlanCard(tx, plan, host.policy.approvalsNeeded[plan.risk], entry, card);
  await showPlanState(tx, plan, 'proposed');
  return plan;
}

function minutesUntil(at: string, now: Date): number {
  return (Date.parse(at) - now.getTime()) / 60_000;
}
