import { textDigest } from '../../hash/canonical-hash.ts';
import type { ChainedEntry } from '../../model/record/audit.ts';
import { ERASABLE_OUTCOMES, ErasableField } from '../../model/record/erasable.ts';
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
  if (rows.length === 0 && !hasDigest(entry)) return NONE;
  const { sequence } = entry;
  const problems: ValueProblem[] = [];
  // Each of them: in a document a second value for a field could stand behind the one that the digest is of.
  for (const row of rows) {
    const digest = digestIn(entry, row.field);
    if (digest === null || hashOf(row) !== digest) problems.push({ kind: 'value-changed', sequence, field: row.field });
  }
  for (const field of ErasableField.options) {
    const isThere = rows.some((row) => row.field === field);
    if (digestIn(entry, field) !== null && !isThere) problems.push({ kind: 'value-missing', sequence, field });
  }
  return problems;
}

const NONE: readonly ValueProblem[] = [];

function hasDigest({ actor, outcome }: ChainedEntry): boolean {
  return 'digest' in actor || ERASABLE_OUTCOMES.some((field) => outcome[field] !== undefined);
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
