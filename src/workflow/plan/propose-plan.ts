import { randomBytes } from 'node:crypto';
import type { Actor } from '../../model/actor.ts';
import type { IncidentId } from '../../model/ids.ts';
import type { Plan, PlanDraft } from '../../model/plan.ts';
import type { HostSettings } from '../../model/settings.ts';
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
  /** The plan that this one undoes. */
  readonly undoes?: Plan['undoes'];
};

/** Seals a draft, puts it on record, and shows it on its card with the buttons and in the channel message. */
export async function proposePlan(tx: RecordTransaction, proposal: Proposal): Promise<Plan> {
  const { incidentId, host, askedBy, now, draft, undoes } = proposal;
  const plan = sealPlan(draft, {
    id: await tx.nextPlanId(incidentId),
    nonce: randomBytes(16).toString('hex'),
    incidentId,
    requestedBy: askedBy,
    now,
    ttlMinutes: host.policy.approvalTtlMinutes,
    ...(undoes === undefined ? {} : { undoes }),
  });
  await tx.insertPlan(plan);
  const outcome = { steps: plan.steps.length, risk: plan.risk, ...(undoes === undefined ? {} : { undoes: undoes.id }) };
  const entry = await appendAct(tx, plan, { act: 'plan-proposed', actor: askedBy, now, outcome });
  await postPlanCard(tx, plan, host.policy.approvalsNeeded[plan.risk], entry);
  await showPlanState(tx, plan, 'proposed');
  return plan;
}
