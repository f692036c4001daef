import type { ChainedEntry } from '../../model/record/audit.ts';
import { Removed } from '../../model/record/erasable.ts';
import type { RecordProblem, Removal } from '../../model/record/record.ts';

type Missing = Extract<RecordProblem, { kind: 'value-missing' | 'body-disagrees' }>;

/** What the entries say was removed, and what of the record is missing: what was removed on record is no problem. */
export class RemovedInEntries {
  readonly #removals: Removal[] = [];
  readonly #removed = new Set<string>();
  readonly #missing: Missing[] = [];

  add({ sequence, at, act, outcome }: ChainedEntry): void {
    if (act !== 'erased' && act !== 'details-dropped') return;
    const { values, diagnoses } = Removed.safeParse(outcome).data ?? { values: {}, diagnoses: [] };
    const ofEntries = Object.entries(values).flatMap(([field, from]) => from.map((each) => `${each} ${field}`));
    for (const key of [...ofEntries, ...diagnoses.map((each) => `${each} diagnosis`)]) this.#removed.add(key);
    this.#removals.push({ sequence, at, act, values: ofEntries.length, diagnoses: diagnoses.length });
  }

  miss(missing: Missing): void {
    this.#missing.push(missing);
  }

  get removals(): readonly Removal[] {
    return this.#removals;
  }

  /** After the last entry. */
  problems(): readonly RecordProblem[] {
    return this.#missing.filter(
      (missing) =>
        !this.#removed.has(`${missing.sequence} ${missing.kind === 'value-missing' ? missing.field : missing.about}`),
    );
  }
}
