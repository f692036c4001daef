import { canonicalHash, textDigest } from '../hash/canonical-hash.ts';
import type { Act, ChainedEntry } from '../model/record/audit.ts';
import type { RecordProblem } from '../model/record/record.ts';

/**
 * The row of a diagnosis or a verification, not parsed. They are too large for an audit entry, so the entry holds the digest of the
 * row, and the chain covers the row, too.
 */
export type KeptBody = {
  /** The number of the audit entry that recorded it. */
  readonly sequence: number;
  readonly incidentId: number;
  readonly planId: string | null;
  /** Canonical JSON, or not as it was written. */
  readonly body: string;
};

/** What the audit entry holds about the body in its row. */
export function digestOf(body: unknown): { readonly digest: string } {
  return { digest: canonicalHash(body) };
}

const ACT_OF = { diagnosis: 'diagnosed', verification: 'verified' } as const satisfies Record<string, Act>;
type About = keyof typeof ACT_OF;

/** Finds entries whose body is missing or different, and bodies without an entry, among those with the same numbers. */
export function bodyProblems(
  about: About,
  rows: readonly KeptBody[],
  entries: readonly ChainedEntry[],
): readonly Extract<RecordProblem, { kind: 'body-disagrees' }>[] {
  const bySequence = new Map(rows.map((row) => [row.sequence, row]));
  const promised = entries.filter(({ act, outcome }) => act === ACT_OF[about] && outcome['digest'] !== undefined);
  const unkept = promised.filter((entry) => !isBodyOf(entry, bySequence.get(entry.sequence)));
  const known = new Set(promised.map(({ sequence }) => sequence));
  const unknown = rows.filter(({ sequence }) => !known.has(sequence));
  return [...unkept, ...unknown].map(({ sequence }) => ({ kind: 'body-disagrees', about, sequence }));
}

function isBodyOf(entry: ChainedEntry, row: KeptBody | undefined): boolean {
  return (
    row !== undefined &&
    row.incidentId === entry.incidentId &&
    row.planId === entry.planId &&
    textDigest(row.body) === entry.outcome['digest']
  );
}
