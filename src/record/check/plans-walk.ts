import type { Execution } from '../../model/plan/execution.ts';
import type { Plan, StoredPlan } from '../../model/plan/plan.ts';
import type { ChainedEntry } from '../../model/record/audit.ts';
import type { RecordProblem } from '../../model/record/record.ts';
import { decisionInEntry, isDecision, type KeptDecision } from '../decisions.ts';
import { type KeptValue, toldEntry } from '../erasable.ts';
import { PlanInEntries, type PlanInRows, planInRows } from '../plan-rows.ts';
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

/** What is compared of a batch of plans. It is small, so that another thread can hand it over. */
export type PlansInRows = {
  readonly hashes: PlanBatch['hashes'];
  /** Plans whose content has another hash than theirs. */
  readonly resealed: ReadonlySet<string>;
  readonly plans: readonly PlanInRows[];
  /** What is compared with hosts. */
  readonly onHosts: readonly PlanOnHost[];
  readonly planProblems: readonly RecordProblem[];
  readonly rowProblems: readonly RecordProblem[];
  /** Of plans that are in no row. */
  readonly strays: readonly Stray[];
};

type Stray = { readonly planId: string; readonly about: 'decisions' | 'execution' };

export type PlanOnHost = Pick<Plan, 'id' | 'host' | 'hash' | 'enteredBy'>;

/** @param withHosts whether the plans are compared with hosts */
export function plansInRows({ hashes, plans, decisions, executions }: PlanBatch, withHosts = false): PlansInRows {
  const decisionsOn = Map.groupBy(decisions.values, ({ planId }) => planId);
  const executionOf = new Map(executions.values.map((execution) => [execution.planId, execution]));
  return {
    hashes,
    resealed: new Set(plans.values.filter(({ plan }) => !isSealIntact(plan)).map(({ plan }) => plan.id)),
    plans: plans.values.map((stored) =>
      planInRows(stored, decisionsOn.get(stored.plan.id) ?? [], executionOf.get(stored.plan.id) ?? null),
    ),
    onHosts: withHosts
      ? plans.values.map(({ plan: { id, host, hash, enteredBy } }) => ({ id, host, hash, enteredBy }))
      : [],
    planProblems: plans.problems,
    rowProblems: [...decisions.problems, ...executions.problems],
    strays: [
      ...[...decisionsOn.keys()].map((planId) => ({ planId, about: 'decisions' }) as const),
      ...[...executionOf.keys()].map((planId) => ({ planId, about: 'execution' }) as const),
    ].filter(({ planId }) => !hashes.has(planId)),
  };
}

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
  addPlans({ hashes, resealed, plans, planProblems, rowProblems, strays }: PlansInRows): void {
    this.#planProblems.push(...planProblems);
    this.#rowProblems.push(...rowProblems);
    for (const inRows of plans) {
      const inEntries = this.#inEntries.get(inRows.id) ?? NOT_IN_ENTRIES;
      this.#rowProblems.push(...inEntries.problems(inRows));
    }
    for (const stray of strays) {
      // If an entry tells of the plan, the plan is missing.
      if (!this.#inEntries.has(stray.planId)) this.#rowProblems.push({ kind: 'row-disagrees', ...stray });
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
