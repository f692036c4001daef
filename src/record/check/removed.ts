import { Act, type ChainedEntry } from '../../model/record/audit.ts';
import { Removed } from '../../model/record/erasable.ts';
import type { RecordProblem, Removal } from '../../model/record/record.ts';

type Missing = Extract<RecordProblem, { kind: 'value-missing' | 'body-disagrees' }>;

/** What the entries say was removed, and what of the record is missing: what was removed on record is no problem. */
export class RemovedInEntries {
  readonly #removals: Removal[] = [];
  /** What was removed on record, and was not found missing until now. */
  readonly #removed = new Set<string>();
  /** What is missing, and no entry until now says that it was removed. */
  readonly #missing = new Map<string, Missing>();

  add({ sequence, at, act, outcome }: ChainedEntry): void {
    if (act !== 'erased' && act !== 'details-dropped') return;
    const { values, diagnoses } = Removed.safeParse(outcome).data ?? { values: {}, diagnoses: [] };
    const ofEntries = Object.entries(values).flatMap(([field, from]) => from.map((each) => `${each} ${field}`));
    for (const key of [...ofEntries, ...diagnoses.map((each) => `${each} diagnosis`)]) {
      if (!this.#missing.delete(key)) this.#removed.add(key);
    }
    this.#removals.push({ sequence, at, act: Act.enum[act], values: ofEntries.length, diagnoses: diagnoses.length });
  }

  miss(missing: Missing): void {
    const key = `${missing.sequence} ${missing.kind === 'value-missing' ? missing.field : missing.about}`;
    if (!this.#removed.delete(key)) this.#missing.set(key, missing);
  }

  get removals(): readonly Removal[] {
    return this.#removals;
  }

  /** After the last entry. */
  problems(): readonly RecordProblem[] {
    return [...this.#missing.values()];
  }
}
