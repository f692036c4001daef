import { nextPlanState } from '../../approval/plan-transitions.ts';
import type { Plan, StoredPlan } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { Act } from '../../model/record/audit.ts';
import type { EndReason } from '../../model/record/end-reason.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { BY_WORKFLOW, recordAct } from '../record/record-act.ts';
import { leaveQueue } from './execution-queue.ts';
import { showPlanState } from './show-plan-state.ts';

/** How a plan ends that never ran and was not rejected. */
type End = 'expire' | 'supersede';

const ACT_OF: Record<End, Act> = { expire: 'plan-expired', supersede: 'plan-superseded' };

/**
 * Ends a plan that has not started: on the record, on its card and in the queue of its host. Does nothing if it has
 * moved on already. Records `why`, and `by` whom if a person ended it.
 */
export async function endPlan(
  tx: RecordTransaction,
  { plan, state }: StoredPlan,
  end: End,
  { now, why, by = BY_WORKFLOW }: { readonly now: Date; readonly why: EndReason; readonly by?: Actor },
): Promise<void> {
  const next = nextPlanState(state, end);
  if (next === null || !(await tx.movePlan(plan.id, state, next))) return;
  await recordAct(tx, plan, { act: ACT_OF[end], actor: by, now, outcome: { why } });
  await showPlanState(tx, plan, next, { because: why });
  if (state === 'approved') await leaveQueue(tx, plan, now);
}

/** Supersedes every plan of the host that has not started. */
export async function supersedeOpenPlans(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  why: EndReason,
): Promise<void> {
  for (const stored of await tx.plansIn(['proposed', 'approved'], host)) {
    await endPlan(tx, stored, 'supersede', { now, why });
  }
}

/** Whether the plan's life span is over. */
export function isExpired(plan: Plan, now: Date): boolean {
  return Date.parse(plan.expiresAt) <= now.getTime();
}

export const EXPIRED_BEFORE_RUN: EndReason = { code: 'expired-before-run' };
