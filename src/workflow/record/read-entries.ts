import { closingNumbers } from '../../incident/closing-numbers.ts';
import type { Decision } from '../../model/plan/decision.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Act, IncidentEntry } from '../../model/record/audit.ts';
import type { ClosingNumbers } from '../../model/record/closing-numbers.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import { decisionsMatchEntries } from '../../record/decisions.ts';
import type { RecordTransaction } from '../ports/record.ts';

/**
 * What the chained entries say. The row of a plan is not enough to act on: anyone who can write the file can write a
 * state there and seal other steps again.
 */

/** After one of these nothing happens to a plan any more. */
const ENDS: readonly Act[] = [
  'plan-rejected',
  'plan-withdrawn',
  'plan-expired',
  'plan-superseded',
  'execution-finished',
];

/**
 * Whether the entries say of exactly this plan, by its hash, that the action was done, and that the plan has not ended
 * since.
 */
export async function isOnRecord(
  tx: RecordTransaction,
  plan: Plan,
  act: Extract<Act, 'plan-proposed' | 'plan-approved'>,
): Promise<boolean> {
  const entries = await entriesOn(tx, plan);
  if (entries.some((entry) => ENDS.includes(entry.act) || entry.planHash !== plan.hash)) return false;
  return entries.some((entry) => entry.act === act);
}

/** Whether the plan was sent to its host a second time, or by another process than the one that began it. */
export async function isSentAgain(tx: RecordTransaction, plan: Plan): Promise<boolean> {
  return (await entriesOn(tx, plan)).some(({ act }) => act === 'execution-sent-again');
}

/**
 * The approvals that a proposed plan has so far, each on this plan's hash and each in the chain too. Null if a row is
 * on another hash, a row has no entry, or an entry has no row: then nothing can be decided.
 */
export async function approvalsOnRecord(tx: RecordTransaction, plan: Plan): Promise<readonly Decision[] | null> {
  const approvals = await tx.decisions(plan.id);
  const isOnThisPlan = approvals.every(({ verdict, planHash }) => verdict === 'approved' && planHash === plan.hash);
  return isOnThisPlan && decisionsMatchEntries(approvals, await entriesOn(tx, plan)) ? approvals : null;
}

const REQUESTS: readonly Act[] = ['incident-opened', 'incident-reopened', 'diagnosis-requested'];

/** The entry by which the incident's newest diagnosis was requested. */
export async function latestDiagnosisRequest(
  tx: RecordTransaction,
  { id }: Incident,
): Promise<IncidentEntry | undefined> {
  const entries = await tx.auditEntries(id);
  return entries.findLast(({ act }) => REQUESTS.includes(act));
}

/** The numbers of an incident whose registry is healthy from `now` on. Before that is put on record. */
export async function numbersAtEnd(
  tx: RecordTransaction,
  incidentId: IncidentId,
  now: Date,
  badSince: Date | null = null,
): Promise<ClosingNumbers> {
  const recovery = { at: now.toISOString(), badSince: badSince?.toISOString() ?? null };
  return closingNumbers(await tx.auditEntries(incidentId), recovery);
}

/** All that was done with a plan, in its order. */
export async function entriesOn(tx: RecordTransaction, { id, incidentId }: Plan): Promise<readonly IncidentEntry[]> {
  return (await tx.auditEntries(incidentId)).filter(({ planId }) => planId === id);
}
