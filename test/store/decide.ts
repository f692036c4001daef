import type { PlanId } from '../../src/model/record/ids.ts';
import type { RecordStore } from '../../src/workflow/ports/record.ts';
import { at, auditDraft, BOB } from './samples.ts';

/** One click on Approve: compare-and-set, decision, execution and their entries in one transaction. True when it was the one. */
export function decide(store: RecordStore, planId: PlanId): Promise<boolean> {
  return store.transact(async (tx) => {
    const stored = await tx.plan(planId);
    if (stored === null || !(await tx.movePlan(planId, 'proposed', 'approved'))) return false;
    const decidedAt = at(20).toISOString();
    await tx.insertDecision({
      planId,
      planHash: stored.plan.hash,
      verdict: 'approved',
      by: BOB,
      reason: null,
      at: decidedAt,
    });
    await tx.insertExecution({ planId, intendedAt: decidedAt, finishedAt: null, outcome: null });
    const entry = { ...auditDraft(stored.plan.incidentId, 'plan-approved', stored.plan), at: decidedAt, outcome: {} };
    await tx.appendAudit({ ...entry, actor: BOB });
    await tx.appendAudit({ ...entry, act: 'execution-intended' });
    return true;
  });
}
