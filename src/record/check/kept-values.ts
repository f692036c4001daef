import { textDigest } from '../../hash/canonical-hash.ts';
import type { ChainedEntry } from '../../model/record/audit.ts';
import { ErasableField } from '../../model/record/erasable.ts';
import type { RecordProblem } from '../../model/record/record.ts';

/** A value that can be erased, as its row has it. `value`: canonical JSON, or not as it was written. */
export type KeptValueRow = {
  readonly sequence: number;
  readonly field: string;
  readonly salt: string;
  readonly value: string;
};

type ValueProblem = Extract<RecordProblem, { kind: 'value-changed' | 'value-missing' }>;

/** Finds values of an entry that do not match their digest in the chain, are missing, or have no digest there. */
export function valueProblems(entry: ChainedEntry, rows: readonly KeptValueRow[]): readonly ValueProblem[] {
  const { sequence } = entry;
  const problems: ValueProblem[] = [];
  for (const { field } of rows) {
    if (digestIn(entry, field) === null) problems.push({ kind: 'value-changed', sequence, field });
  }
  for (const field of ErasableField.options) {
    const digest = digestIn(entry, field);
    if (digest === null) continue;
    const row = rows.find((one) => one.field === field);
    if (row === undefined) problems.push({ kind: 'value-missing', sequence, field });
    else if (hashOf(row) !== digest) problems.push({ kind: 'value-changed', sequence, field });
  }
  return problems;
}

function hashOf({ salt, value }: KeptValueRow): string {
  return textDigest(`${salt}${value}`);
}

/** Null: there is none, or the field can't have one. */
function digestIn({ actor, outcome }: ChainedEntry, field: string): unknown {
  if (field === 'actor') return 'digest' in actor ? actor.digest : null;
  if (!ErasableField.options.some((option) => option === field)) return null;
  const value = outcome[field];
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value['digest'] : '';
}
