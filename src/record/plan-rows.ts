import { compactHash } from '../hash/canonical-hash.ts';
import type { Execution } from '../model/plan/execution.ts';
import type { PlanState, StoredPlan } from '../model/plan/plan.ts';
import { Act, type ChainedEntry } from '../model/record/audit.ts';
import type { RecordProblem } from '../model/record/record.ts';
import { areSameDecisions, decisionInRow, type KeptDecision } from './decisions.ts';
import { isFinalOutcome, outcomeInEntry, stateAfter } from './outcome.ts';

/** What the rows about one plan, in the tables other than the audit entries, say of it: as little as is compared with the entries. */
export type PlanInRows = {
  readonly id: string;
  readonly state: PlanState;
  /** See `decisionInRow`. */
  readonly decisions: readonly string[];
  readonly execution: {
    readonly intendedAt: string;
    /** The hash of its time and its outcome. Null: it has not ended. */
    readonly end: string | null;
    /** The plan's state after the outcome. Null: no outcome yet, or one that does not end a plan. */
    readonly stateAfter: PlanState | null;
  } | null;
};

export function planInRows(
  { plan, state }: StoredPlan,
  decisions: readonly KeptDecision[],
  execution: Execution | null,
): PlanInRows {
  return {
    id: plan.id,
    state,
    decisions: decisions.map(decisionInRow),
    execution: execution && executionInRow(execution),
  };
}

function executionInRow({ intendedAt, finishedAt, outcome }: Execution): PlanInRows['execution'] {
  return {
    intendedAt,
    end: finishedAt === null && outcome === null ? null : endOf(finishedAt, outcome && outcomeInEntry(outcome)),
    stateAfter: outcome !== null && isFinalOutcome(outcome) ? stateAfter(outcome) : null,
  };
}

/** Actions that end an approved plan before it was executed. */
const NEVER_STARTED: readonly Act[] = ['plan-expired', 'plan-superseded'];

/**
 * What the entries about one plan say of it. A record has very many plans, so it holds hashes in place of entries, and no text of a row
 * where a constant has the same.
 */
export class PlanInEntries {
  /** The number of the first entry. */
  readonly sequence: number;
  /** Null: the entries are not all about one. */
  #planHash: string | null;
  /** One after the other. */
  #decisions = '';
  #intendedAt: string | null = null;
  /** The hash of its time and its outcome. */
  #end: string | null = null;
  #lastState: Act | null = null;

  constructor({ sequence, planHash }: Pick<ChainedEntry, 'sequence' | 'planHash'>) {
    this.sequence = sequence;
    this.#planHash = planHash;
  }

  /** @param decision see `decisionInEntry` */
  add({ act, at, planHash, outcome }: ChainedEntry, decision: string | null): void {
    if (planHash !== this.#planHash) this.#planHash = null;
    if (decision !== null) this.#decisions += decision;
    if (act === 'execution-intended') this.#intendedAt ??= at;
    if (act === 'execution-finished') this.#end ??= endOf(at, outcome);
    if (NEVER_STARTED.includes(act)) this.#end ??= endOf(at, outcomeInEntry({ kind: 'never-started' }));
    if (act === 'execution-finished' || act in STATES_AFTER) this.#lastState = Act.enum[act];
  }

  /** Whether every entry is about the plan with this hash. */
  isAbout(planHash: string): boolean {
    return this.#planHash === planHash;
  }

  /**
   * Finds where the rows differ from the entries: who decided, how it was executed, its state. The chain protects only the
   * entries, so a name that was changed in another table would go unnoticed without this check.
   */
  problems({ id: planId, state, decisions, execution }: PlanInRows): readonly RecordProblem[] {
    const disagrees = (about: 'decisions' | 'execution' | 'state') =>
      ({ kind: 'row-disagrees', about, planId }) as const;
    return [
      ...(areSameDecisions(decisions, this.#decisions.match(EACH_DECISION) ?? []) ? [] : [disagrees('decisions')]),
      ...(this.#isSameExecution(execution) ? [] : [disagrees('execution')]),
      ...(this.#states(execution).includes(state) ? [] : [disagrees('state')]),
    ];
  }

  #isSameExecution(execution: PlanInRows['execution']): boolean {
    if (execution === null || this.#intendedAt === null) return execution === null && this.#intendedAt === null;
    return execution.intendedAt === this.#intendedAt && execution.end === this.#end;
  }

  /** The states that a plan can have after its last entry. Empty: it was never proposed. */
  #states(execution: PlanInRows['execution']): readonly (PlanState | null)[] {
    if (this.#lastState === null) return [];
    if (this.#lastState !== 'execution-finished') return STATES_AFTER[this.#lastState] ?? [];
    return [execution?.stateAfter ?? null];
  }
}

function endOf(at: string | null, outcome: ChainedEntry['outcome'] | null): string {
  return compactHash([at, outcome]);
}

/** See `compactHash`. */
const EACH_DECISION = /.{32}/gsu;

const STATES_AFTER: Partial<Record<Act, readonly PlanState[]>> = {
  'plan-proposed': ['proposed'],
  'plan-endorsed': ['proposed'],
  'plan-approved': ['approved', 'executing'],
  'execution-intended': ['approved', 'executing'],
  'plan-rejected': ['rejected'],
  'plan-withdrawn': ['withdrawn'],
  'plan-expired': ['expired'],
  'plan-superseded': ['superseded'],
};
