import { noteOfLine } from '../hash/checkpoint.ts';
import type { StoredPlan } from '../model/plan/plan.ts';
import type { AuditEntry } from '../model/record/audit.ts';
import type { HeldPlan, HeldPlans } from '../model/record/held-plans.ts';
import type { RecordProblem } from '../model/record/record.ts';
import type { KeptCheckpoint } from './check-checkpoints.ts';

/** Outcomes of which the host must have a trace: it began to change something. */
const TRACED: readonly unknown[] = ['applied', 'undone', 'undo-failed'];

/**
 * Compares a record with what a host holds of the plans that ran there: a plan that no entry tells of, another outcome than the
 * entry's, and a plan that the host should hold and does not. A plan whose outcome no entry tells yet is still open, and is not judged.
 */
export function heldPlanProblems(
  { entries, plans }: { readonly entries: readonly AuditEntry[]; readonly plans: readonly StoredPlan[] },
  held: HeldPlans,
): readonly RecordProblem[] {
  const entriesOn = Map.groupBy(entries, ({ planHash }) => planHash);
  const known = new Set(held.plans.map(({ hash }) => hash));
  const judged = held.plans.flatMap((plan) => heldPlanProblem(plan, entriesOn.get(plan.hash) ?? [], held) ?? []);
  if (held.held > held.plans.length) return judged;
  const missing = plans.flatMap(({ plan }) => {
    // A container that is made again begins with nothing.
    if (plan.host !== held.host || known.has(plan.hash) || (plan.enteredBy ?? []).length > 0) return [];
    const end = endOf(entriesOn.get(plan.hash) ?? []);
    if (end === undefined || !TRACED.includes(end.outcome['kind'])) return [];
    return [{ kind: 'host-plan-missing' as const, host: held.host, planId: plan.id, sequence: end.sequence }];
  });
  return [...judged, ...missing];
}

function heldPlanProblem(
  { hash, outcome }: HeldPlan,
  entries: readonly AuditEntry[],
  { host }: HeldPlans,
): RecordProblem | null {
  const planId = entries[0]?.planId ?? null;
  if (planId === null) return { kind: 'host-plan-unknown', host, planHash: hash, outcome };
  if (outcome === null) return null;
  const end = endOf(entries);
  if (end !== undefined) {
    const recorded = String(end.outcome['kind']);
    return recorded === outcome
      ? null
      : { kind: 'host-outcome-differs', host, planId, sequence: end.sequence, outcome };
  }
  const isOpen =
    entries.some(({ act }) => act === 'execution-intended') && !entries.some(({ act }) => act === 'plan-expired');
  return isOpen ? null : { kind: 'host-outcome-unrecorded', host, planId, outcome };
}

function endOf(entries: readonly AuditEntry[]): AuditEntry | undefined {
  return entries.find(({ act }) => act === 'execution-finished');
}

/** The checkpoints that a host holds. */
export function heldCheckpoints({ host, plans }: HeldPlans): readonly KeptCheckpoint[] {
  return plans.flatMap(({ checkpoint }) =>
    checkpoint === null
      ? []
      : [{ note: noteOfLine(checkpoint) ?? checkpoint, source: { kind: 'host', host } as const }],
  );
}
