import { noteOfLine } from '../../hash/checkpoint.ts';
import type { ChainedEntry } from '../../model/record/audit.ts';
import type { HeldPlan, HeldPlans } from '../../model/record/held-plans.ts';
import type { PlanId } from '../../model/record/ids.ts';
import type { RecordProblem } from '../../model/record/record.ts';
import type { KeptCheckpoint } from './check-checkpoints.ts';
import type { PlanOnHost } from './plans-walk.ts';

/** Outcomes of which the host must have a trace: it began to change something. */
const TRACED: readonly unknown[] = ['applied', 'undone', 'undo-failed'];

/** What the entries about one plan say of its execution. */
type Told = {
  readonly planId: PlanId;
  readonly isIntended: boolean;
  readonly isExpired: boolean;
  readonly end: { readonly sequence: number; readonly kind: string } | null;
};

/**
 * Compares a record with what a host holds of the plans that ran there: a plan that no entry tells of, another outcome than the
 * entry's, and a plan that the host should hold and does not. A plan whose outcome no entry tells yet is still open, and is not judged.
 */
export class HeldPlansWalk {
  readonly #held: HeldPlans;
  readonly #told = new Map<string, Told>();
  readonly #known: ReadonlySet<string>;
  readonly #missing: RecordProblem[] = [];

  constructor(held: HeldPlans) {
    this.#held = held;
    this.#known = new Set(held.plans.map(({ hash }) => hash));
  }

  addEntry({ sequence, act, planId, planHash, outcome }: ChainedEntry): void {
    if (planId === null || planHash === null) return;
    const told = this.#told.get(planHash) ?? { planId, isIntended: false, isExpired: false, end: null };
    this.#told.set(planHash, {
      ...told,
      isIntended: told.isIntended || act === 'execution-intended',
      isExpired: told.isExpired || act === 'plan-expired',
      end: told.end ?? (act === 'execution-finished' ? { sequence, kind: String(outcome['kind']) } : null),
    });
  }

  /** After all entries. */
  addPlan({ id, host, hash, enteredBy = [] }: PlanOnHost): void {
    if (this.#held.held > this.#held.plans.length) return;
    // A container that is made again begins with nothing.
    if (host !== this.#held.host || this.#known.has(hash) || enteredBy.length > 0) return;
    const end = this.#told.get(hash)?.end ?? null;
    if (end === null || !TRACED.includes(end.kind)) return;
    this.#missing.push({ kind: 'host-plan-missing', host, planId: id, sequence: end.sequence });
  }

  /** After all plans. */
  problems(): readonly RecordProblem[] {
    return [...this.#held.plans.flatMap((plan) => this.#problemOf(plan) ?? []), ...this.#missing];
  }

  #problemOf({ hash, outcome }: HeldPlan): RecordProblem | null {
    const { host } = this.#held;
    const told = this.#told.get(hash);
    if (told === undefined) return { kind: 'host-plan-unknown', host, planHash: hash, outcome };
    if (outcome === null) return null;
    const { planId, end, isIntended, isExpired } = told;
    if (end === null) {
      return isIntended && !isExpired ? null : { kind: 'host-outcome-unrecorded', host, planId, outcome };
    }
    return end.kind === outcome
      ? null
      : { kind: 'host-outcome-differs', host, planId, sequence: end.sequence, outcome };
  }
}

/** The checkpoints that a host holds. */
export function heldCheckpoints({ host, plans }: HeldPlans): readonly KeptCheckpoint[] {
  return plans.flatMap(({ checkpoint }) =>
    checkpoint === null
      ? []
      : [{ note: noteOfLine(checkpoint) ?? checkpoint, source: { kind: 'host', host } as const }],
  );
}
