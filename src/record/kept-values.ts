import { textHash } from '../hash/canonical-hash.ts';
import type { ChainedEntry } from '../model/record/audit.ts';
import { ErasableField } from '../model/record/erasable.ts';
import type { RecordProblem } from '../model/record/record.ts';

/** A value that can be erased, as its row has it. `value`: canonical JSON, or not as it was written. */
export type KeptValueRow = {
  readonly sequence: number;
  readonly field: string;
  readonly salt: string;
  readonly value: string;
};

type ValueProblem = Extract<RecordProblem, { kind: 'value-changed' | 'value-missing' }>;

/** Finds values that do not match their digest in the chain, or are missing, and values without an entry, among those of these entries. */
export function valueProblems(
  entries: readonly ChainedEntry[],
  rows: readonly KeptValueRow[],
): readonly ValueProblem[] {
  const kept = new Map(rows.map((row) => [keyOf(row), row]));
  const problems: ValueProblem[] = [];
  for (const entry of entries) {
    for (const field of ErasableField.options) {
      const digest = digestIn(entry, field);
      if (digest === null) continue;
      const { sequence } = entry;
      const key = keyOf({ sequence, field });
      const row = kept.get(key);
      kept.delete(key);
      if (row === undefined) problems.push({ kind: 'value-missing', sequence, field });
      else if (hashOf(row) !== digest) problems.push({ kind: 'value-changed', sequence, field });
    }
  }
  const unknown = [...kept.values()].map(
    ({ sequence, field }) => ({ kind: 'value-changed', sequence, field }) as const,
  );
  return [...problems, ...unknown];
}

function hashOf({ salt, value }: KeptValueRow): string {
  return textHash(`${salt}${value}`);
}

function digestIn({ actor, outcome }: ChainedEntry, field: ErasableField): unknown {
  if (field === 'actor') return 'digest' in actor ? actor.digest : null;
  const value = outcome[field];
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value['digest'] : '';
}

function keyOf({ sequence, field }: Pick<KeptValueRow, 'sequence' | 'field'>): string {
  return `${sequence} ${field}`;
}
