import { canonicalHash } from '../hash/canonical-hash.ts';
import type { Decision } from '../model/plan/decision.ts';
import type { Execution } from '../model/plan/execution.ts';
import type { PlanState, StoredPlan } from '../model/plan/plan.ts';
import type { Act, AuditEntry } from '../model/record/audit.ts';
import type { RecordProblem } from '../model/record/record.ts';
import { decisionsMatchEntries } from './decisions.ts';
import { isFinalOutcome, outcomeInEntry, stateAfter } from './outcome.ts';

/** The rows about one plan in the tables other than the audit entries. */
type PlanRows = {
  readonly stored: StoredPlan;
  readonly decisions: readonly Decision[];
  readonly execution: Execution | null;
};

/**
 * Finds where the rows about a plan differ from its audit entries: who decided, how it was executed, its state. The
 * chain protects only the entries, so a name that was changed in another table would go unnoticed without this check.
 */
export function planRowProblems(
  { stored, decisions, execution }: PlanRows,
  entries: readonly AuditEntry[],
): readonly RecordProblem[] {
  const planId = stored.plan.id;
  const areSameDecisions = decisionsMatchEntries(decisions, entries);
  const isSameExecution = canonicalHash(fromRow(execution)) === canonicalHash(fromEntries(entries));
  const isSameState = statesAfter(entries, execution).includes(stored.state);
  return [
    ...(areSameDecisions ? [] : [{ kind: 'row-disagrees', about: 'decisions', planId } as const]),
    ...(isSameExecution ? [] : [{ kind: 'row-disagrees', about: 'execution', planId } as const]),
    ...(isSameState ? [] : [{ kind: 'row-disagrees', about: 'state', planId } as const]),
  ];
}

function fromRow(execution: Execution | null) {
  if (execution === null) return null;
  const { intendedAt, finishedAt, outcome } = execution;
  return { intendedAt, finishedAt, outcome: outcome === null ? null : outcomeInEntry(outcome) };
}

/** Actions that end an approved plan before it was executed. */
const NEVER_STARTED: readonly Act[] = ['plan-expired', 'plan-superseded'];

function fromEntries(entries: readonly AuditEntry[]) {
  const intent = entries.find(({ act }) => act === 'execution-intended');
  if (intent === undefined) return null;
  const end = entries.find(({ act }) => act === 'execution-finished' || NEVER_STARTED.includes(act));
  if (end === undefined) return { intendedAt: intent.at, finishedAt: null, outcome: null };
  const outcome = end.act === 'execution-finished' ? end.outcome : outcomeInEntry({ kind: 'never-started' });
  return { intendedAt: intent.at, finishedAt: end.at, outcome };
}

const STATES_AFTER: Partial<Record<Act, readonly PlanState[]>> = {
  'plan-proposed': ['proposed'],
  'plan-endorsed': ['proposed'],
  'plan-approved': ['approved', 'executing'],
  'execution-intended': ['approved', 'executing'],
  'plan-rejected': ['rejected'],
  'plan-expired': ['expired'],
  'plan-superseded': ['superseded'],
};

/** The states that a plan can have after its last entry. Empty: it was never proposed. */
function statesAfter(entries: readonly AuditEntry[], execution: Execution | null): readonly (PlanState | null)[] {
  const last = entries.findLast(({ act }) => act === 'execution-finished' || act in STATES_AFTER);
  if (last === undefined) return [];
  if (last.act !== 'execution-finished') return STATES_AFTER[last.act] ?? [];
  return execution?.outcome && isFinalOutcome(execution.outcome) ? [stateAfter(execution.outcome)] : [];
}
