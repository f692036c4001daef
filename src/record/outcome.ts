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

/** The outcome as its audit entry holds it. */
export function outcomeInEntry(outcome: ApplyOutcome): AuditEntry['outcome'] {
  return {
    kind: outcome.kind,
    ...('why' in outcome ? { why: outcome.why } : {}),
    ...('steps' in outcome ? { steps: outcome.steps.map(stateInEntry) } : {}),
  };
}

/** The permissions before and after a step, and the digest of the list of entries that the host keeps. */
function stateInEntry({ path, was, is, savedList }: StepRecord) {
  return { path, was, is, ...(savedList === undefined ? {} : { savedList }) };
}
