import type { Execution } from '../../model/plan/execution.ts';
import type { StoredPlan } from '../../model/plan/plan.ts';
import type { ChainedEntry } from '../../model/record/audit.ts';
import type { RecordProblem } from '../../model/record/record.ts';
import { decisionInEntry, isDecision, type KeptDecision } from '../decisions.ts';
import { type KeptValue, toldEntry } from '../erasable.ts';
import { PlanInEntries } from '../plan-rows.ts';
import { isSealIntact } from '../plan-seal.ts';

/** The rows of one table that could be read, and a problem for each row that could not. */
export type Readable<Value> = { readonly values: readonly Value[]; readonly problems: readonly RecordProblem[] };

/** Plans, with all that is kept about each. */
export type PlanBatch = {
  /** The plan hashes as in their own column, so also of plans whose content cannot be read. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly plans: Readable<StoredPlan>;
  readonly decisions: Readable<KeptDecision>;
  readonly executions: Readable<Execution>;
};

/** Compares plans with the entries about them: all entries first, then all plans. */
export class PlansWalk {
  readonly #inEntries = new Map<string, PlanInEntries>();
  readonly #planProblems: RecordProblem[] = [];
  readonly #rowProblems: RecordProblem[] = [];

  /** @param values what is kept beside the entry */
  addEntry(entry: ChainedEntry, values: readonly KeptValue[]): void {
    const { planId } = entry;
    if (planId === null) return;
    const inEntries = this.#inEntries.get(planId) ?? new PlanInEntries(entry);
    this.#inEntries.set(planId, inEntries);
    inEntries.add(entry, decisionIn(entry, values));
  }

  /** Names plans that cannot be read, whose hash is not that of their content, or that differ from their entries. */
  addPlans({ hashes, plans, decisions, executions }: PlanBatch): void {
    const resealed = new Set<string>(plans.values.filter(({ plan }) => !isSealIntact(plan)).map(({ plan }) => plan.id));
    const decisionsOn = Map.groupBy(decisions.values, ({ planId }) => planId);
    const executionOf = new Map(executions.values.map((execution) => [execution.planId, execution]));
    this.#planProblems.push(...plans.problems);
    this.#rowProblems.push(...decisions.problems, ...executions.problems);
    for (const stored of plans.values) {
      const { id } = stored.plan;
      const inEntries = this.#inEntries.get(id) ?? NOT_IN_ENTRIES;
      const rows = { stored, decisions: decisionsOn.get(id) ?? [], execution: executionOf.get(id) ?? null };
      this.#rowProblems.push(...inEntries.problems(rows));
    }
    for (const [planId, hash] of hashes) {
      const isAbout = this.#inEntries.get(planId)?.isAbout(hash) ?? true;
      if (!isAbout || resealed.has(planId)) this.#planProblems.push({ kind: 'plan-changed', planId });
      this.#inEntries.delete(planId);
    }
  }

  /** After all plans. */
  problems(): readonly RecordProblem[] {
    return [...this.#planProblems, ...[...this.#inEntries].map(missing), ...this.#rowProblems];
  }
}

const NOT_IN_ENTRIES = new PlanInEntries({ sequence: 0, planHash: null });

function missing([planId, { sequence }]: readonly [string, PlanInEntries]): RecordProblem {
  return { kind: 'plan-missing', planId, sequence };
}

/** Null: it records none, or what is kept beside the entry can't be read, which is named on its own. */
function decisionIn(entry: ChainedEntry, values: readonly KeptValue[]): string | null {
  if (!isDecision(entry.act)) return null;
  try {
    return decisionInEntry(toldEntry(entry, values));
  } catch {
    return null;
  }
}
