import { isDeepStrictEqual } from 'node:util';
import type { Act, AuditEntry } from '../model/audit.ts';
import type { Decision } from '../model/decision.ts';
import type { Execution } from '../model/execution.ts';
import type { PlanState } from '../model/plan.ts';
import type { RecordProblem } from '../model/record.ts';
import { areDecisionsOnRecord } from '../workflow/decisions-on-record.ts';
import { isFinalOutcome, outcomeOnRecord, stateAfter } from '../workflow/outcome-on-record.ts';
import type { StoredPlan } from '../workflow/ports.ts';

/** What the tables hold of one plan, beside the chain. */
type PlanRows = {
  readonly stored: StoredPlan;
  readonly decisions: readonly Decision[];
  readonly execution: Execution | null;
};

/**
 * Whether a plan's rows say what the chained entries about it say: who decided, how it was executed, and where it stands. The chain
 * protects only its own entries; without this, a name in another table could be changed and nobody would know.
 */
export function planRowProblems(
  { stored, decisions, execution }: PlanRows,
  entries: readonly AuditEntry[],
): readonly RecordProblem[] {
  const planId = stored.plan.id;
  const areSameDecisions = areDecisionsOnRecord(decisions, entries);
  const isSameExecution = isDeepStrictEqual(keptExecution(execution), toldExecution(entries));
  const isSameState = statesAfter(entries, execution).includes(stored.state);
  return [
    ...(areSameDecisions ? [] : [{ kind: 'row-disagrees', about: 'decisions', planId } as const]),
    ...(isSameExecution ? [] : [{ kind: 'row-disagrees', about: 'execution', planId } as const]),
    ...(isSameState ? [] : [{ kind: 'row-disagrees', about: 'state', planId } as const]),
  ];
}

function keptExecution(execution: Execution | null) {
  if (execution === null) return null;
  const { intendedAt, finishedAt, outcome } = execution;
  return { intendedAt, finishedAt, outcome: outcome === null ? null : outcomeOnRecord(outcome) };
}

/** What ends a plan that was approved and waited for its turn. */
const NEVER_STARTED: readonly Act[] = ['plan-expired', 'plan-superseded'];

function toldExecution(entries: readonly AuditEntry[]) {
  const intent = entries.find(({ act }) => act === 'execution-intended');
  if (intent === undefined) return null;
  const end = entries.find(({ act }) => act === 'execution-finished' || NEVER_STARTED.includes(act));
  if (end === undefined) return { intendedAt: intent.at, finishedAt: null, outcome: null };
  const outcome = end.act === 'execution-finished' ? end.outcome : outcomeOnRecord({ kind: 'never-started' });
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

/** Where a plan can stand after the last thing that its entries tell. None: nobody ever proposed it. */
function statesAfter(entries: readonly AuditEntry[], execution: Execution | null): readonly (PlanState | null)[] {
  const last = entries.findLast(({ act }) => act === 'execution-finished' || act in STATES_AFTER);
  if (last === undefined) return [];
  if (last.act !== 'execution-finished') return STATES_AFTER[last.act] ?? [];
  return execution?.outcome && isFinalOutcome(execution.outcome) ? [stateAfter(execution.outcome)] : [];
}
