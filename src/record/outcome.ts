import { nextPlanState, type PlanEvent } from '../approval/plan-transitions.ts';
import type { ApplyOutcome, StepRecord } from '../model/plan/execution.ts';
import type { PlanState } from '../model/plan/plan.ts';
import type { AuditEntry } from '../model/record/audit.ts';

/** An outcome that ends a plan. */
export type FinalOutcome = Exclude<ApplyOutcome, { kind: 'running' | 'unknown' | 'never-started' }>;

const EVENT_OF: Record<FinalOutcome['kind'], PlanEvent> = {
  applied: 'succeed',
  stale: 'find-stale',
  undone: 'undo',
  refused: 'fail',
  'undo-failed': 'fail',
};

/** The state in which an executing plan ends, given its outcome. */
export function stateAfter(outcome: FinalOutcome): PlanState | null {
  return nextPlanState('executing', EVENT_OF[outcome.kind]);
}

export function isFinalOutcome(outcome: ApplyOutcome): outcome is FinalOutcome {
  return outcome.kind in EVENT_OF;
}

/** The outcome as its audit entry holds it: all of it, so that the chain covers every word that is told of it. */
export function outcomeInEntry(outcome: ApplyOutcome): AuditEntry['outcome'] {
  return 'steps' in outcome ? { ...outcome, steps: outcome.steps.map(stepInEntry) } : { ...outcome };
}

/** A field that is absent stays absent: JSON has no other form of it. */
function stepInEntry({ savedList, ...step }: StepRecord) {
  return { ...step, ...(savedList === undefined ? {} : { savedList }) };
}
