import type { Decision } from '../model/decision.ts';
import type { Plan } from '../model/plan.ts';
import { decisionsMatchEntries } from '../record/decisions.ts';
import type { RecordTransaction } from './ports.ts';

/**
 * The approvals that a proposed plan has so far, each on this plan's hash and each in the chained record as well. Null when a row
 * is on another hash, or the record knows nothing of it, or knows of one that has no row: then nothing is to be decided.
 */
export async function approvalsOnRecord(tx: RecordTransaction, plan: Plan): Promise<readonly Decision[] | null> {
  const approvals = await tx.decisions(plan.id);
  const entries = (await tx.auditEntries(plan.incidentId)).filter(({ planId }) => planId === plan.id);
  const isOnThisPlan = approvals.every(({ verdict, planHash }) => verdict === 'approved' && planHash === plan.hash);
  return isOnThisPlan && decisionsMatchEntries(approvals, entries) ? approvals : null;
}
