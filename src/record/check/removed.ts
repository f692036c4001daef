import { Act, type ChainedEntry } from '../../model/record/audit.ts';
import { Removed } from '../../model/record/erasable.ts';
import type { RecordProblem, Removal, Removals } from '../../model/record/record.ts';

type Missing = Extract<RecordProblem, { kind: 'value-missing' | 'body-disagrees' }>;

/** Of the entries that say what was removed, the newest are told. A long record has very many. */
const MOST_REMOVALS = 20;

/** What the entries say was removed, and what of the record is missing: what was removed on record is no problem. */
export class RemovedInEntries {
  readonly #newest: Removal[] = [];
  #total = 0;
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
    this.#newest.push({ sequence, at, act: Act.enum[act], values: ofEntries.length, diagnoses: diagnoses.length });
    if (this.#newest.length > MOST_REMOVALS) this.#newest.shift();
    this.#total += 1;
  }

  miss(missing: Missing): void {
    const key = `${missing.sequence} ${missing.kind === 'value-missing' ? missing.field : missing.about}`;
    if (!this.#removed.delete(key)) this.#missing.set(key, missing);
  }

  get removals(): Removals {
    return { total: this.#total, newest: this.#newest };
  }

  /** After the last entry. */
  problems(): readonly RecordProblem[] {
    return [...this.#missing.values()];
  }
}
